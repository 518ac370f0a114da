/** Verdicts that live in a second file, joined to the transcripts by an id or by the text itself. */
import { digest } from '../dataset/hash';
import type { StoredSpan } from '../dataset/model';
import { isScalar } from './answer';
import { Entries } from './entries';
import { evidenceReader } from './evidenceRule';
import { isObject, RecordError, type RecordPlace } from './format';
import { Looks } from './looks';
import { Patterns } from './pattern';
import { type JoinRule, profileSchema } from './profile';
import { finderOf, type Scope } from './scope';
import { type RawVerdict, verdictReader } from './verdictRule';

/** What the second file says about one transcript. */
export interface JoinedPart {
  readonly verdicts: readonly RawVerdict[];
  readonly spans: readonly StoredSpan[];
  readonly warnings: readonly string[];
}

/** By the key that both records hold. Plain data, so that it can cross to a worker. */
export type JoinedVerdicts = ReadonlyMap<string, JoinedPart>;

export type JoinResult =
  | { readonly ok: true; readonly joined: JoinedVerdicts }
  | { readonly ok: false; readonly reason: string };

export interface JoinRecord {
  readonly record: unknown;
  readonly place: RecordPlace;
}

/** Joins the records of two files. @see VerdictJoin for what is refused */
export function joinVerdicts(
  rule: JoinRule,
  here: Iterable<JoinRecord>,
  there: Iterable<JoinRecord>,
  patterns?: Patterns,
): JoinResult {
  const join = new VerdictJoin(rule, { patterns });
  for (const { record, place } of here) join.addHere(record, place);
  for (const { record, place } of there) join.addThere(record, place);
  return join.finish();
}

export interface JoinOptions {
  /** Those of the profile, where it has some. */
  readonly patterns?: Patterns | undefined;
  /** Shared with the profile's other joins. */
  readonly room?: JoinRoom | undefined;
}

/**
 * A join in the making, so that neither file has to be held in memory: give it the records of both, in any order.
 *
 * Refused, with the reason: a record of either file without a key, two of one file with the same, and one without its
 * counterpart in the other file. A join by the number of a row could not be told from a wrong one and is none.
 */
export class VerdictJoin {
  private readonly keyHere: KeyReader;
  private readonly keyThere: KeyReader;
  private readonly verdicts: readonly ((scope: Scope) => RawVerdict[])[];
  private readonly evidence: readonly ((scope: Scope) => StoredSpan[])[];
  private readonly here = new Map<string, string>();
  private readonly there = new Map<string, string>();
  private readonly joined = new Map<string, JoinedPart>();
  private readonly entries = new Entries();
  private readonly patterns: Patterns;
  private readonly room: JoinRoom;
  private refused: string | null;

  constructor(
    readonly rule: JoinRule,
    { patterns = new Patterns(), room = new JoinRoom() }: JoinOptions = {},
  ) {
    this.patterns = patterns;
    this.room = room;
    this.keyHere = keyReader(rule, rule.here);
    this.keyThere = keyReader(rule, rule.there);
    this.verdicts = (rule.verdicts ?? []).map((one) => verdictReader(one, patterns));
    this.evidence = (rule.evidence ?? []).map(evidenceReader);
    this.refused = ruleProblem(rule);
  }

  /** @param looks of all joins, begun for this record: what one has made of it the next one need not make again */
  addHere(record: unknown, place: RecordPlace, looks = new Looks()): void {
    this.key(place, this.rule.here, this.here, () => this.keyHere(record, looks));
  }

  addThere(record: unknown, place: RecordPlace): void {
    const looks = new Looks();
    const key = this.key(place, this.rule.there, this.there, () => this.keyThere(record, looks));
    if (key === null) return;
    const part = this.unlessRefused(place, () => this.read(record, place, looks));
    if (part === null) return;
    this.joined.set(key, part);
    this.take(partUnits(part));
  }

  /** Nothing that is added from now on changes anything. */
  get isRefused(): boolean {
    return this.refused !== null;
  }

  finish(): JoinResult {
    const reason =
      this.refused ??
      this.unmatched(this.here, this.there, this.rule.file) ??
      this.unmatched(this.there, this.here, 'the dataset');
    return reason === null ? { ok: true, joined: this.joined } : { ok: false, reason };
  }

  /** @throws RecordError */
  private read(record: unknown, place: RecordPlace, looks: Looks): JoinedPart {
    const warnings: string[] = [];
    const contradictions: string[] = [];
    const scope: Scope = { record, place, arm: null, looks, warnings, contradictions };
    this.patterns.beginRecord();
    this.entries.beginRecord();
    const verdicts = this.entries.of(this.verdicts, scope);
    const spans = this.entries.of(this.evidence, scope);
    const told = [...warnings, ...looks.warnings, ...contradictions];
    return { verdicts, spans, warnings: told.map((warning) => `${where(place)}: ${warning}`) };
  }

  private take(units: number): void {
    if (this.room.take(units)) return;
    this.refused =
      'there is more in the joined files than can be held in memory; keep only the fields that are joined';
    // given up at once: it is what there is no room for
    this.here.clear();
    this.there.clear();
    this.joined.clear();
  }

  private key(
    place: RecordPlace,
    pointer: string,
    seen: Map<string, string>,
    read: () => string | null,
  ): string | null {
    if (this.refused !== null) return null;
    const key = this.unlessRefused(place, read);
    if (this.refused !== null) return null;
    if (key === null) {
      this.refused = `${where(place)} has no ${this.rule.by} at ${pointer || 'the record'}: it could only be joined by its row, which cannot be verified`;
      return null;
    }
    const earlier = seen.get(key);
    if (earlier !== undefined) {
      this.refused = `${earlier} and ${where(place)} have the same ${this.rule.by} at ${pointer || 'the record'}: which one is meant cannot be told`;
      return null;
    }
    seen.set(key, where(place));
    this.take(RECORD_UNITS + key.length);
    if (this.refused !== null) return null;
    return key;
  }

  private unlessRefused<T>(place: RecordPlace, read: () => T): T | null {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      this.refused = `${where(place)}: ${error.message}`;
      return null;
    }
  }

  private unmatched(
    some: ReadonlyMap<string, string>,
    others: ReadonlyMap<string, string>,
    file: string,
  ): string | null {
    const missing = [...some].filter(([key]) => !others.has(key));
    const [first] = missing;
    if (first === undefined) return null;
    const all = missing.length === some.size ? 'none' : `${some.size - missing.length} of ${some.size}`;
    return `${first[1]} has no counterpart in ${file} (${all} matched by ${this.rule.by})`;
  }
}

/** What the joins of a profile may hold together, in UTF-16 units and what else takes about as much. */
const MAX_JOINED_UNITS = 256 << 20;
/** About what an entry costs besides its text. */
const RECORD_UNITS = 64;

/** The memory that the joins of one profile share. */
export class JoinRoom {
  constructor(private left = MAX_JOINED_UNITS) {}

  /** Whether there was still so much. */
  take(units: number): boolean {
    this.left -= units;
    return this.left >= 0;
  }
}

/** What a part takes, in UTF-16 units; each name as often as it is used, as it is where the part crosses to a thread. */
export function partUnits({ verdicts, spans, warnings }: JoinedPart): number {
  let units = RECORD_UNITS;
  for (const { verdict, pointer } of verdicts)
    units += 3 * RECORD_UNITS + verdict.classifier.length + verdict.label.length + pointer.length;
  for (const { classifier, label, quote } of spans)
    units += RECORD_UNITS + classifier.length + label.length + (quote?.length ?? 0);
  for (const warning of warnings) units += RECORD_UNITS + warning.length;
  return units;
}

/** What was joined to the record of a scope, with the second file's warnings. */
export function joinedReader(rules: readonly JoinRule[], joined: readonly JoinedVerdicts[]) {
  const readers = rules.map((rule) => keyReader(rule, rule.here));
  return (scope: Scope): Pick<JoinedPart, 'verdicts' | 'spans'> => {
    const parts = readers.flatMap((read, index) => {
      const key = joined[index] === undefined ? null : read(scope.record, scope.looks);
      const part = key === null ? undefined : joined[index]?.get(key);
      return part ?? [];
    });
    // not push(...): a list of arguments has an end
    for (const { warnings } of parts) for (const warning of warnings) scope.warnings.push(warning);
    return {
      verdicts: parts.flatMap(({ verdicts }) => verdicts),
      spans: parts.flatMap(({ spans }) => spans),
    };
  };
}

/** The rule's own faults, for one that came here past the schema. */
function ruleProblem(rule: JoinRule): string | null {
  const checked = profileSchema.shape.joins.safeParse([rule]);
  return checked.success ? null : (checked.error.issues[0]?.message ?? 'the rule of the join cannot be used');
}

/** @throws RecordError as `looks` does */
type KeyReader = (record: unknown, looks: Looks) => string | null;

/** Texts are compared by their digest, with each run of white space as one space; ids as they are. */
function keyReader({ by }: JoinRule, pointer: string): KeyReader {
  const find = finderOf(pointer);
  return (record, looks) => {
    if (!isObject(record)) return null;
    const place = { file: '', line: 0, ordinal: 0 };
    const value = find({ record, place, arm: null, looks, warnings: [], contradictions: [] })?.value;
    if (!isScalar(value) || (by === 'text' && typeof value !== 'string')) return null;
    const text = String(value).trim();
    if (text === '') return null;
    return by === 'id' ? text : looks.once('joined', text, (each) => digest(each.replace(/\s+/g, ' '), 32));
  };
}

function where({ file, line, ordinal }: RecordPlace): string {
  return `${file}, record ${ordinal} (line ${line})`;
}
