import { UNKNOWN_SETTING, type Verdict } from '../dataset/model';
import type { Told } from '../dataset/warnings';
import { shortened } from '../invisible';
import { isNoAnswer, isScalar, numberIn, plainAnswer, plainWord } from './answer';
import { isObject, shown } from './format';
import type { Patterns } from './pattern';
import { formatPointer, parsePointer } from './pointer';
import type { VerdictRule } from './profile';
import { type Finder, type Found, finderOf, listOf, type Scope } from './scope';

/** A verdict before the setting has decided its polarity. Plain data: a join computes it in another thread. */
export interface RawVerdict {
  readonly verdict: Verdict;
  readonly pointer: string;
  readonly invertedIn: readonly string[];
  readonly heldAgainstTags: boolean;
}

/** Reads what one rule names: mostly one verdict, several where it names keys. */
export function verdictReader(rule: VerdictRule, patterns: Patterns): (scope: Scope) => RawVerdict[] {
  const find = finderOf(rule.at);
  const read = valueReader(rule);
  if (rule.keys === undefined) {
    return (scope) => {
      const found = find(scope);
      return found === null ? [] : read(scope, found, {});
    };
  }
  const match = patterns.matcher(rule.keys);
  return (scope) => {
    const found = find(scope);
    if (found === null) return [];
    const container = scope.looks.cell(found.value);
    if (!isObject(container)) {
      scope.warnings.push(`${found.pointer}: expected an object of verdicts, found ${shown(found.value)}`);
      return [];
    }
    return Object.entries(container).flatMap(([key, value]) => {
      const groups = match(key);
      if (!groups || value === null) return [];
      const pointer = found.pointer + formatPointer([key]);
      return read(scope, { value, pointer }, { label: key, classifier: key, ...named(groups) });
    });
  };
}

/** The groups that take part. */
function named(match: RegExpExecArray): Partial<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(match.groups ?? {}).filter(([, text]) => text !== undefined && text !== ''),
  );
}

function valueReader(rule: VerdictRule) {
  const own = lastName(rule);
  const insideBy = (pointer: string) => {
    const steps = parsePointer(pointer);
    return (whole: Found, { looks }: Scope): Found | null => {
      const value = looks.valueAt(whole.value, steps);
      return value === undefined || value === null || value === ''
        ? null
        : { value, pointer: whole.pointer + pointer };
    };
  };
  const nothing = () => null;
  const valueIn = rule.value === undefined ? nothing : insideBy(rule.value);
  const scoreIn = rule.score === undefined ? nothing : insideBy(rule.score);
  const votesIn = rule.votes === undefined ? nothing : insideBy(rule.votes);
  const answer = answerReader(rule);
  const skipped: Finder = rule.unless === undefined ? () => null : finderOf(rule.unless);

  return (scope: Scope, whole: Found, names: Partial<Record<string, string>>): RawVerdict[] => {
    const stored = rule.value === undefined ? (whole.value === '' ? null : whole) : valueIn(whole, scope);
    const storedScore = scoreIn(whole, scope);
    const given = storedScore && numberFrom(storedScore, 'score', scope);
    if (stored === null && given === null) return [];
    const isSkipped = saysYes(skipped(scope));
    const value = stored === null || isSkipped ? null : answer(stored, scope, given);
    // a number that is compared to a threshold, or that no word stands for, is what the classifier measured
    const measured =
      rule.score === undefined &&
      stored !== null &&
      !isSkipped &&
      (rule.threshold !== undefined || value === null);
    const score = given ?? (measured ? numberIn(stored.value) : null);
    if (stored !== null && storedScore !== null && given !== null)
      holdAgainstScore(rule, value, stored, { ...storedScore, value: given }, scope);
    const verdict: Verdict = {
      classifier: rule.classifier ?? names.classifier ?? own,
      label: rule.label ?? names.label ?? own,
      value,
      score,
      votes: votesOf(votesIn(whole, scope), scope),
      version: null,
      derived: false,
    };
    const { invertedIn = [], heldAgainstTags = false } = rule;
    return [{ verdict, pointer: (stored ?? whole).pointer, invertedIn, heldAgainstTags }];
  };
}

/** What the pointer's last name says, where nothing else names a verdict. */
function lastName(rule: VerdictRule): string {
  const [at = ''] = listOf(rule.at);
  return parsePointer(at).findLast((step) => step !== '') ?? 'verdict';
}

function answerReader(
  rule: VerdictRule,
): (found: Found, scope: Scope, score: number | null) => boolean | null {
  const words = (list: VerdictRule['yes']) => (list === undefined ? null : new Set(list.map(plainWord)));
  const [yes, no, none] = [words(rule.yes), words(rule.no), words(rule.none)];
  let expected: string | null = null;
  return ({ value, pointer }, scope, score) => {
    if (!isScalar(value)) {
      scope.warnings.push(`${pointer} is ${shown(value)}, which is no answer`);
      return null;
    }
    const word = plainWord(value);
    if (yes?.has(word) === true) return true;
    if (no?.has(word) === true) return false;
    if (none?.has(word) === true) return null;
    const number = typeof value === 'boolean' ? null : numberIn(value);
    if (rule.threshold !== undefined && number !== null) return number >= rule.threshold;
    const plain = yes === null && no === null ? plainAnswer(word) : undefined;
    if (plain !== undefined) return plain;
    // the rule says that this number is a score, which need not be an answer
    const isScore = number !== null && number === score;
    if (!isScore && !isNoAnswer(word)) {
      expected ??= yes || no ? noneOf([...(yes ?? []), ...(no ?? [])]) : 'neither yes nor no';
      const until = number === null ? '' : ' until the profile names a threshold';
      scope.warnings.push(
        `${pointer} is ${shown(value)}, which is ${expected}; it counts as no answer${until}`,
      );
    }
    return null;
  };
}

/** A thousand words of a thousand characters would be a megabyte, at each value. */
const WORDS_ROOM = 1_000;

const noneOf = (words: readonly string[]) => `none of ${shortened(words.join(', '), WORDS_ROOM)}`;

function saysYes(found: Found | null): boolean {
  return found !== null && isScalar(found.value) && plainAnswer(plainWord(found.value)) === true;
}

function numberFrom({ value, pointer }: Found, name: string, scope: Scope): number | null {
  const number = numberIn(value);
  // NaN is how Python writes that there is no number
  if (number === null && !(isScalar(value) && isNoAnswer(plainWord(value)))) {
    scope.warnings.push(`${pointer}: expected a number for the ${name}, found ${shown(value)}`);
  }
  return number;
}

function votesOf(found: Found | null, scope: Scope): number | null {
  const votes = found && numberFrom(found, 'votes', scope);
  if (found === null || votes === null || (Number.isInteger(votes) && votes >= 0)) return votes;
  scope.warnings.push(`${found.pointer}: expected a count of votes, found ${shown(found.value)}`);
  return null;
}

function holdAgainstScore(
  rule: VerdictRule,
  value: boolean | null,
  stored: Found,
  score: Found & { value: number },
  scope: Scope,
): void {
  if (rule.scoreThreshold === undefined || value === null) return;
  const reached = score.value >= rule.scoreThreshold;
  if (reached === value) return;
  const than = reached ? 'not below' : 'below';
  scope.contradictions.push(
    `${stored.pointer} says ${value ? 'yes' : 'no'}, but ${score.pointer} is ${score.value}, ${than} ${rule.scoreThreshold}`,
  );
}

/**
 * The verdicts of one transcript: polarity by its setting, and one for each classifier and label. Where the setting
 * would decide and is not known there is no answer; two answers of one classifier that differ are no answer either.
 */
export function settledVerdicts(raw: readonly RawVerdict[], setting: string, warnings: Told): Verdict[] {
  const byKey = new Map<string, Verdict>();
  for (const { verdict, pointer, invertedIn } of raw) {
    const settled = inSetting(verdict, pointer, invertedIn, setting, warnings);
    const key = JSON.stringify([settled.classifier, settled.label]);
    const earlier = byKey.get(key);
    if (earlier && earlier.value !== settled.value) {
      warnings.push(
        `${settled.classifier} answers ${settled.label} twice and differently; neither answer is counted`,
      );
      byKey.set(key, { ...earlier, value: null });
    } else if (!earlier) byKey.set(key, settled);
  }
  return [...byKey.values()];
}

function inSetting(
  verdict: Verdict,
  pointer: string,
  invertedIn: readonly string[],
  setting: string,
  warnings: Told,
): Verdict {
  if (invertedIn.length === 0 || verdict.value === null) return verdict;
  if (setting === UNKNOWN_SETTING) {
    warnings.push(
      `${pointer}: what yes means for ${verdict.label} depends on the setting, which is not known; it counts as no answer`,
    );
    return { ...verdict, value: null };
  }
  if (!invertedIn.some((other) => plainWord(other) === plainWord(setting))) return verdict;
  return { ...verdict, value: !verdict.value, score: invertedScore(verdict.score) };
}

/** A share of yes becomes the share of no; another score says nothing about the opposite. */
function invertedScore(score: number | null): number | null {
  if (score === null || score < 0 || score > 1) return null;
  return Number((1 - score).toFixed(12));
}
