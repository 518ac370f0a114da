import { shortened } from '../invisible';
import { withRoom } from './growable';
import { bytesOf, hashOf, IdTable } from './idTable';
import { type Condition, type Facets, LISTED_PROBLEMS, type Problem, type Transcript } from './model';
import { Pairs } from './pairs';
import type { RecordRange } from './scan';
import { leftOut } from './warnings';

export interface VerdictSource {
  readonly classifier: string;
  readonly label: string;
}

const MOST_SOURCES = 1 << 16;
const FIRST_ROOM = 256;
/** What is longer is far too long to be read, and must not seem short. */
const MOST_LENGTH = 2 ** 32 - 1;

export const FLAG_BAD = 1;
export const FLAG_WARNING = 2;
export const FLAG_SPANS = 4;
/** What the record stores contradicts its text or itself. */
export const FLAG_CONTRADICTION = 8;
export const CONDITION_CODES: readonly (Condition | null)[] = ['training', 'unmonitored', null];
export const VALUE_CODES: readonly (boolean | null)[] = [false, true, null];

/** A run of indexed records on its way from the index pass to `Columns`; typed arrays, so that posting it is cheap. */
export interface IndexBatch {
  /** Number of the file that all its records stand in. */
  readonly file: number;
  readonly offset: Float64Array;
  readonly length: Uint32Array;
  readonly line: Uint32Array;
  readonly group: Uint32Array;
  readonly condition: Uint8Array;
  readonly flags: Uint8Array;
  readonly verdictEnd: Uint32Array;
  readonly verdictSource: Uint16Array;
  readonly verdictValue: Uint8Array;
  readonly ids: Uint8Array;
  readonly idEnd: Uint32Array;
  /** Names of settings, variants and prefix arms first seen in this batch, in the order of their numbers. */
  readonly newNames: Readonly<Record<keyof Facets, readonly string[]>>;
  /** Groups first seen in this batch, in the order of their numbers: of each its setting, variant and prefix arm. */
  readonly newGroups: Uint32Array;
  /** Sources first seen in this batch, in the order of their numbers. */
  readonly newSources: readonly VerdictSource[];
  /** Over all batches the first `LISTED_PROBLEMS`. */
  readonly problems: readonly Problem[];
  /** How many more there are in this batch. */
  readonly moreErrors: number;
  readonly moreWarnings: number;
}

/** A record as numbers, as the skimmer fills it in; one object for all records. */
export interface NumberedRow {
  offset: number;
  length: number;
  line: number;
  group: number;
  /** Index into CONDITION_CODES. */
  condition: number;
  hasSpans: boolean;
  /** The id is idBytes[idStart, idEnd): UTF-8, not empty; `idHash` by `hashOf`. */
  idBytes: Uint8Array;
  idStart: number;
  idEnd: number;
  idHash: number;
  verdicts: number;
  /** The first `verdicts` of each count: numbers of sources, and indices into VALUE_CODES. */
  sources: Uint32Array;
  values: Uint8Array;
}

/** Collects records into batches; numbers facets and sources, and keeps ids unique. */
export class BatchBuilder {
  private readonly names = {
    setting: new Map<string, number>(),
    variant: new Map<string, number>(),
    prefix: new Map<string, number>(),
  };
  /** Variant and prefix arm; and setting with such a pair, which is a group. */
  private readonly arms = new Pairs();
  private readonly groups = new Pairs();
  private readonly sources = new Map<string, number>();
  /** The ids of all rows, in their order. */
  private readonly ids = new IdTable();
  /** How often the id of a row was met, where that is more than once. */
  private readonly repeats = new Map<number, number>();
  private batch = new Draft(0);
  private keptBytes = 0;
  private listedProblems = 0;
  private file = '';
  private fileNumber = -1;

  /** From here on records are of the next file, which problems name so. Take what was pending first. */
  beginFile(name: string): void {
    this.file = name;
    this.fileNumber++;
  }

  /** Name of the file that records are of now. */
  get fileName(): string {
    return this.file;
  }

  /** Records added so far, over all files: the index of the next. */
  get total(): number {
    return this.ids.length;
  }

  get pending(): number {
    return this.batch.rows;
  }

  /** UTF-16 units of what is wrong with the pending ones. */
  get pendingReasons(): number {
    return this.batch.reasonUnits;
  }

  /**
   * About so many bytes the ids, names and verdicts of all records take, which an index keeps beside some bytes for each:
   * in a packed file millions of long ids may be a kilobyte.
   */
  get kept(): number {
    return this.keptBytes;
  }

  addTranscript(
    range: RecordRange,
    transcript: Transcript,
    warnings: readonly string[],
    contradicts = false,
    more = 0,
  ): void {
    const stated = wellFormed(transcript.id);
    const id = this.uniqueId(stated);
    const reasons = [...warnings];
    if (id !== stated) reasons.push(repeated(stated, id));
    const verdicts = transcript.verdicts.map(({ value, ...source }) => ({
      value,
      source: this.source(source),
    }));
    const unnumbered = verdicts.filter(({ source }) => source === null).length;
    if (unnumbered > 0) {
      reasons.push(
        `${unnumbered} verdicts are not counted: the file has over ${MOST_SOURCES} pairs of classifier and label`,
      );
    }
    for (const reason of reasons) this.problem('warning', range, reason);
    if (more > 0) this.problem('warning', range, leftOut(more), more);
    const flags =
      (reasons.length > 0 ? FLAG_WARNING : 0) |
      (transcript.spans.length > 0 ? FLAG_SPANS : 0) |
      (contradicts ? FLAG_CONTRADICTION : 0);
    const condition = CONDITION_CODES.indexOf(transcript.condition);
    this.batch.addRow(range, this.group(transcript), condition, flags);
    this.addId(id);
    this.keptBytes += verdicts.length;
    for (const { source, value } of verdicts) {
      if (source !== null) this.batch.addVerdict(source, VALUE_CODES.indexOf(value));
    }
  }

  addBad(range: RecordRange, id: string, reason: string): void {
    this.problem('error', range, reason);
    this.batch.addRow(range, 0, CONDITION_CODES.indexOf(null), FLAG_BAD);
    this.addId(this.uniqueId(id));
  }

  /** Adds a record whose facets and sources have been numbered by `group` and `source`. */
  addNumbered(row: NumberedRow): void {
    const { idBytes, idStart, idEnd, idHash } = row;
    const flags = row.hasSpans ? FLAG_SPANS : 0;
    if (this.ids.find(idBytes, idStart, idEnd, idHash) < 0) {
      this.batch.addRow(row, row.group, row.condition, flags);
      this.ids.add(idBytes, idStart, idEnd, idHash);
      this.keptBytes += idEnd - idStart;
    } else {
      const stated = new TextDecoder('utf-8', { ignoreBOM: true }).decode(idBytes.subarray(idStart, idEnd));
      const id = this.uniqueId(stated);
      this.problem('warning', row, repeated(stated, id));
      this.batch.addRow(row, row.group, row.condition, flags | FLAG_WARNING);
      this.addId(id);
    }
    this.keptBytes += row.verdicts;
    for (let i = 0; i < row.verdicts; i++) this.batch.addVerdict(row.sources[i] ?? 0, row.values[i] ?? 0);
  }

  /** The number of a combination of facets, which it is given when it is met first. */
  group({ setting, variant, prefix }: Facets): number {
    const names = [
      this.name('setting', setting),
      this.name('variant', variant),
      this.name('prefix', prefix),
    ] as const;
    const known = this.groups.length;
    const group = this.groups.number(names[0], this.arms.number(names[1], names[2]));
    if (group === known) this.batch.newGroups.push(...names);
    return group;
  }

  /** The number of a pair, which it is given when it is met first; null when all numbers are given. */
  source({ classifier, label }: VerdictSource): number | null {
    const key = JSON.stringify([classifier, label]);
    if (this.sources.size >= MOST_SOURCES && !this.sources.has(key)) return null;
    return number(this.sources, key, () => {
      this.keptBytes += key.length;
      this.batch.newSources.push({ classifier, label });
    });
  }

  /** So many sources can still be numbered. */
  get sourcesLeft(): number {
    return MOST_SOURCES - this.sources.size;
  }

  /** The batch so far; a new one is begun. */
  take(): IndexBatch {
    const draft = this.batch;
    this.batch = new Draft(this.ids.length);
    const { ids, ends } = this.ids.since(draft.firstRow);
    return {
      file: this.fileNumber,
      ...draft.columns(),
      ids,
      idEnd: ends,
      newNames: draft.newNames,
      newGroups: Uint32Array.from(draft.newGroups),
      newSources: draft.newSources,
      problems: draft.problems,
      moreErrors: draft.moreErrors,
      moreWarnings: draft.moreWarnings,
    };
  }

  private name(facet: keyof Facets, name: string): number {
    return number(this.names[facet], name, () => {
      this.keptBytes += name.length;
      this.batch.newNames[facet].push(name);
    });
  }

  private addId(id: string): void {
    const bytes = bytesOf(id);
    this.keptBytes += bytes.length;
    this.ids.add(bytes, 0, bytes.length, hashOf(bytes));
  }

  private uniqueId(stated: string): string {
    let id = stated;
    // Not by recursion: "a", "a#2", "a#2#2" … may go on for ten thousand.
    for (let row = this.ids.indexOf(id); row >= 0; row = this.ids.indexOf(id)) {
      const times = (this.repeats.get(row) ?? 1) + 1;
      this.repeats.set(row, times);
      id += `#${times}`;
    }
    return id;
  }

  private problem(severity: Problem['severity'], range: RecordRange, reason: string, times = 1): void {
    if (this.listedProblems >= LISTED_PROBLEMS) {
      if (severity === 'error') this.batch.moreErrors++;
      else this.batch.moreWarnings += times;
      return;
    }
    this.listedProblems++;
    this.batch.reasonUnits += reason.length;
    this.batch.problems.push({
      severity,
      file: this.file,
      line: range.line,
      offset: range.offset,
      index: this.ids.length,
      reason,
      ...(times > 1 ? { times } : {}),
    });
  }
}

const repeated = (stated: string, id: string) =>
  `the id "${shortened(stated)}" occurs again; read as "${shortened(id)}": decisions on them hold as long as they keep their order`;

/** Ids are kept as UTF-8, which has no lone surrogates: two that differ only there would be one. */
function wellFormed(id: string): string {
  return /[\ud800-\udfff]/.test(id)
    ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(id))
    : id;
}

function number(numbers: Map<string, number>, key: string, onNew: () => void): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  const next = numbers.size;
  numbers.set(key, next);
  onNew();
  return next;
}

/** A batch while it is being filled. */
class Draft {
  rows = 0;
  private verdicts = 0;
  private offset = new Float64Array(FIRST_ROOM);
  private length = new Uint32Array(FIRST_ROOM);
  private line = new Uint32Array(FIRST_ROOM);
  private group = new Uint32Array(FIRST_ROOM);
  private condition = new Uint8Array(FIRST_ROOM);
  private flags = new Uint8Array(FIRST_ROOM);
  private verdictEnd = new Uint32Array(FIRST_ROOM);
  private verdictSource = new Uint16Array(FIRST_ROOM);
  private verdictValue = new Uint8Array(FIRST_ROOM);
  readonly newNames: Record<keyof Facets, string[]> = { setting: [], variant: [], prefix: [] };
  readonly newGroups: number[] = [];
  readonly newSources: VerdictSource[] = [];
  readonly problems: Problem[] = [];
  /** UTF-16 units of what the problems say. */
  reasonUnits = 0;
  moreErrors = 0;
  moreWarnings = 0;

  /** @param firstRow number of its first record among all. */
  constructor(readonly firstRow: number) {}

  /** Begins a row: what is added up to the next one are its verdicts. */
  addRow(range: RecordRange, group: number, condition: number, flags: number): void {
    const row = this.rows++;
    if (row === this.offset.length) this.makeRoom(row + 1);
    this.offset[row] = range.offset;
    this.length[row] = Math.min(range.length, MOST_LENGTH);
    this.line[row] = range.line;
    this.group[row] = group;
    this.condition[row] = condition;
    this.flags[row] = flags;
    this.verdictEnd[row] = this.verdicts;
  }

  addVerdict(source: number, value: number): void {
    const at = this.verdicts++;
    if (at === this.verdictSource.length) {
      this.verdictSource = withRoom(this.verdictSource, at + 1);
      this.verdictValue = withRoom(this.verdictValue, at + 1);
    }
    this.verdictSource[at] = source;
    this.verdictValue[at] = value;
    this.verdictEnd[this.rows - 1] = this.verdicts;
  }

  columns() {
    const { rows, verdicts } = this;
    return {
      offset: this.offset.slice(0, rows),
      length: this.length.slice(0, rows),
      line: this.line.slice(0, rows),
      group: this.group.slice(0, rows),
      condition: this.condition.slice(0, rows),
      flags: this.flags.slice(0, rows),
      verdictEnd: this.verdictEnd.slice(0, rows),
      verdictSource: this.verdictSource.slice(0, verdicts),
      verdictValue: this.verdictValue.slice(0, verdicts),
    };
  }

  private makeRoom(rows: number): void {
    this.offset = withRoom(this.offset, rows);
    this.length = withRoom(this.length, rows);
    this.line = withRoom(this.line, rows);
    this.group = withRoom(this.group, rows);
    this.condition = withRoom(this.condition, rows);
    this.flags = withRoom(this.flags, rows);
    this.verdictEnd = withRoom(this.verdictEnd, rows);
  }
}
