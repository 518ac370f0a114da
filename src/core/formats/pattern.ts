/**
 * Regular expressions of a profile. They come with a dataset, perhaps from a stranger, and run on hostile text: RE2
 * matches them without backtracking, in time that grows with the text's length only, and what all of them may cost
 * is bounded.
 */
import type { RE2JS } from 're2js';
import { pathInWords, RecordError } from './format';
import type { Profile, VerdictRule } from './profile';

/** In UTF-16 units, of all patterns of a profile together, since making some classes takes milliseconds. */
export const MAX_PATTERNS_UNITS = 2_000;
/** Instructions that a pattern may be made into; `(ab){100}` are 200. */
const MAX_INSTRUCTIONS = 1_000;
/** Of `mostInstructions`, of all patterns of a profile together: RE2 makes all of them before it can say how many. */
const MAX_MADE = 10_000;
/**
 * A step is one instruction at one UTF-16 unit of text. So many a record may cost, in the worst case a few seconds:
 * enough for ten short patterns in 100 KB each. Counted, not timed, for a record to be read alike on every machine.
 */
export const MAX_STEPS = 10_000_000;
/** What so many groups have matched is copied in the time of one more step, at each step. */
const GROUPS_OF_A_STEP = 32;

/** re2js, which is loaded only when a profile holds patterns. */
export type PatternEngine = typeof import('re2js');

/** A profile's pattern, ready to use: upper and lower case are the same to it. Null where it does not match. */
export type Matcher = (text: string) => RegExpExecArray | null;

/** A pattern that cannot be used: where in the profile it stands, as a path such as `variant.pattern`, and why. */
export class PatternError extends Error {
  constructor(
    readonly path: string,
    readonly reason: string,
  ) {
    super(`${path}: ${reason}`);
  }
}

/** A profile's patterns, compiled, and what may still be spent on them. */
export class Patterns {
  private left = MAX_STEPS;

  /** @param forAll the steps are for all records together: for a preview, which holds up whoever asked for it. */
  constructor(
    private readonly compiled: ReadonlyMap<string, RE2JS> = new Map(),
    private readonly forAll = false,
  ) {}

  /** What the records before it cost is no fault of the next. */
  beginRecord(): void {
    if (!this.forAll) this.left = MAX_STEPS;
  }

  /** Nothing more is matched in this record. */
  get areSpent(): boolean {
    return this.left < 0;
  }

  /** The matcher throws RecordError where the record costs too much. @throws for a pattern that was not compiled. */
  matcher(pattern: string): Matcher {
    const expression = this.compiled.get(pattern);
    if (expression === undefined) throw new Error(`not among the profile's patterns: ${pattern}`);
    const perUnit = expression.programSize() * (1 + expression.groupCount() / GROUPS_OF_A_STEP);
    return (text) => {
      this.left -= perUnit * (text.length + 1);
      if (this.areSpent) {
        throw new RecordError(
          `the profile's patterns would take too long on it: ${pattern} on ${text.length} characters`,
        );
      }
      return expression.exec(text) as RegExpExecArray | null;
    };
  }
}

/** Loads the engine where a profile holds patterns. @throws PatternError for the first that cannot be used. */
export async function compilePatterns(profile: Profile, forAll = false): Promise<Patterns> {
  const { compiled, problems } = await tryPatterns(profile);
  const [problem] = problems;
  if (problem) throw problem;
  return new Patterns(compiled, forAll);
}

/** What is wrong with the patterns of a profile; nothing where all can be used. */
export async function patternProblems(profile: Profile): Promise<readonly PatternError[]> {
  return (await tryPatterns(profile)).problems;
}

interface Tried {
  readonly compiled: ReadonlyMap<string, RE2JS>;
  readonly problems: readonly PatternError[];
}

async function tryPatterns(profile: Profile): Promise<Tried> {
  const placed = patternsOf(profile);
  return placed.length === 0
    ? { compiled: new Map(), problems: [] }
    : compileWith(await import('re2js'), placed);
}

/** With an engine that is loaded already. */
export function compileWith(engine: PatternEngine, placed: readonly PlacedPattern[]): Tried {
  const compiled = new Map<string, RE2JS>();
  const problems: PatternError[] = [];
  let units = 0;
  let made = 0;
  for (const { path, pattern, groups } of placed) {
    units += compiled.has(pattern) ? 0 : pattern.length;
    const problem = (reason: string) => problems.push(new PatternError(pathInWords(path), reason));
    if (units > MAX_PATTERNS_UNITS) {
      problem(`the patterns of a profile may have ${MAX_PATTERNS_UNITS} characters together, not more`);
      break;
    }
    const most = compiled.has(pattern) ? 0 : mostInstructions(pattern);
    if (made + most > MAX_MADE) {
      problem(REPEATS);
      continue;
    }
    made += most;
    try {
      const expression = compiled.get(pattern) ?? compileOne(engine, pattern);
      compiled.set(pattern, expression);
      const wrong = groups?.(Object.keys(expression.namedGroups()));
      if (wrong) problem(wrong);
    } catch (error) {
      if (!(error instanceof PatternRefused)) throw error;
      problem(error.message);
    }
  }
  return { compiled, problems };
}

/** A pattern, where it stands in the profile, and what may be wrong with the names of its groups. */
export interface PlacedPattern {
  readonly path: readonly PropertyKey[];
  readonly pattern: string;
  readonly groups?: (names: readonly string[]) => string | null;
}

export function patternsOf({ arms, verdicts, joins, ...facets }: Profile): readonly PlacedPattern[] {
  const ofFacets = (['setting', 'condition', 'variant', 'prefix', 'model'] as const).flatMap((name) => {
    const pattern = facets[name]?.pattern;
    return pattern === undefined ? [] : [{ path: [name, 'pattern'], pattern }];
  });
  return [
    ...ofFacets,
    ...(arms === undefined ? [] : [{ path: ['arms', 'key'], pattern: arms.key, groups: armGroups }]),
    ...ofVerdicts(verdicts, ['verdicts']),
    ...(joins ?? []).flatMap((join, index) => ofVerdicts(join.verdicts, ['joins', index, 'verdicts'])),
  ];
}

function ofVerdicts(
  rules: readonly VerdictRule[] | undefined,
  before: readonly PropertyKey[],
): PlacedPattern[] {
  return (rules ?? []).flatMap(({ keys }, index) =>
    keys === undefined ? [] : [{ path: [...before, index, 'keys'], pattern: keys, groups: verdictGroups }],
  );
}

function verdictGroups(names: readonly string[]): string | null {
  const unknown = names.find((name) => name !== 'classifier' && name !== 'label');
  return unknown === undefined ? null : `a group may be named classifier or label, not ${unknown}`;
}

const ARM_GROUPS: ReadonlySet<string> = new Set(['setting', 'condition', 'variant', 'prefix']);

function armGroups(names: readonly string[]): string | null {
  const unknown = names.find((name) => !ARM_GROUPS.has(name));
  if (unknown !== undefined)
    return `a group may be named setting, condition, variant or prefix, not ${unknown}`;
  return names.length > 0
    ? null
    : 'expected named groups that say what the key means, such as (?<condition>free|paid)';
}

/** Why one pattern cannot be used, in words. */
class PatternRefused extends Error {}

function compileOne({ RE2JS, RE2JSSyntaxException }: PatternEngine, pattern: string): RE2JS {
  let expression: RE2JS;
  try {
    expression = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    throw new PatternRefused(refusal(error.getDescription(), error.getPattern() ?? ''));
  }
  if (expression.programSize() > MAX_INSTRUCTIONS) throw new PatternRefused(REPEATS);
  return expression;
}

const REPEATS = 'repeats too much, or too often; write * or + instead of large counts';

/**
 * A bound, within a small factor, on the instructions that RE2 makes of a pattern, found without parsing it: each group is
 * taken to be the whole pattern, and to stand within all others. RE2 itself refuses a count behind another one.
 */
function mostInstructions(pattern: string): number {
  let single = pattern.length;
  let groups = 1;
  for (const [, closes, least = '', most = ''] of pattern.matchAll(/(\)?)\{(\d+)(?:,(\d*))?\}/g)) {
    const times = Math.max(Number(least), Number(most), 1);
    if (closes) groups *= times;
    else single += times;
  }
  return single * groups;
}

/** The engine's own words, and why where it is what the expressions of most languages have and RE2's have not. */
function refusal(description: string, part: string): string {
  const place = part.replace(/^\(\?i\)/, '').slice(0, 40);
  if (/^\(\?<?[=!]/.test(place))
    return `${place.slice(0, 4)} looks ahead or behind, which RE2 patterns cannot`;
  if (/^\\[1-9k]/.test(place)) return `${place} repeats what a group matched, which RE2 patterns cannot`;
  if (/^\\[uc]/.test(place))
    return `${place} is no escape of RE2 patterns; write the character, or \\x{00e9}`;
  return `not an RE2 pattern: ${description}${place === '' ? '' : ` in ${place}`}`;
}
