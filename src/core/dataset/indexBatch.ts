import type { Condition, Facets, Problem, Transcript } from './model';
import type { RecordRange } from './scan';

export interface VerdictSource {
  readonly classifier: string;
  readonly label: string;
}

const MOST_SOURCES = 1 << 16;

export const FLAG_BAD = 1;
export const FLAG_WARNING = 2;
export const FLAG_SPANS = 4;
export const CONDITION_CODES: readonly (Condition | null)[] = ['training', 'unmonitored', null];
export const VALUE_CODES: readonly (boolean | null)[] = [false, true, null];

/** A run of indexed records on its way from the index pass to `Columns`; typed arrays, so that posting it is cheap. */
export interface IndexBatch {
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
  /** Facets and sources first seen in this batch, in the order of their numbers. */
  readonly newGroups: readonly Facets[];
  readonly newSources: readonly VerdictSource[];
  readonly problems: readonly Problem[];
}

/** Collects records into batches; numbers facets and sources, and keeps ids unique. */
export class BatchBuilder {
  private readonly groups = new Map<string, number>();
  private readonly sources = new Map<string, number>();
  private readonly seenIds = new Map<string, number>();
  private total = 0;
  private batch = emptyDraft();

  /** @param file base name, for problems. */
  constructor(private readonly file: string) {}

  get pending(): number {
    return this.batch.offset.length;
  }

  addTranscript(range: RecordRange, transcript: Transcript, warnings: readonly string[]): void {
    const stated = wellFormed(transcript.id);
    const id = this.uniqueId(stated);
    const reasons = [...warnings];
    if (id !== stated) reasons.push(`the id "${stated}" occurs again; read as "${id}"`);
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
    const { setting, variant, prefix } = transcript;
    const group = number(this.groups, JSON.stringify([setting, variant, prefix]), () =>
      this.batch.newGroups.push({ setting, variant, prefix }),
    );
    this.addRow(range, id, group, CONDITION_CODES.indexOf(transcript.condition), [
      reasons.length > 0 ? FLAG_WARNING : 0,
      transcript.spans.length > 0 ? FLAG_SPANS : 0,
    ]);
    for (const { source, value } of verdicts) {
      if (source === null) continue;
      this.batch.verdictSource.push(source);
      this.batch.verdictValue.push(VALUE_CODES.indexOf(value));
    }
    this.endRow();
  }

  addBad(range: RecordRange, id: string, reason: string): void {
    this.problem('error', range, reason);
    this.addRow(range, this.uniqueId(id), 0, CONDITION_CODES.indexOf(null), [FLAG_BAD]);
    this.endRow();
  }

  /** The batch so far; a new one is begun. */
  take(): IndexBatch {
    const draft = this.batch;
    this.batch = emptyDraft();
    return {
      offset: Float64Array.from(draft.offset),
      length: Uint32Array.from(draft.length),
      line: Uint32Array.from(draft.line),
      group: Uint32Array.from(draft.group),
      condition: Uint8Array.from(draft.condition),
      flags: Uint8Array.from(draft.flags),
      verdictEnd: Uint32Array.from(draft.verdictEnd),
      verdictSource: Uint16Array.from(draft.verdictSource),
      verdictValue: Uint8Array.from(draft.verdictValue),
      ids: concat(draft.ids),
      idEnd: Uint32Array.from(draft.idEnd),
      newGroups: draft.newGroups,
      newSources: draft.newSources,
      problems: draft.problems,
    };
  }

  private addRow(
    range: RecordRange,
    id: string,
    group: number,
    condition: number,
    flags: readonly number[],
  ): void {
    const { batch } = this;
    batch.offset.push(range.offset);
    batch.length.push(range.length);
    batch.line.push(range.line);
    batch.group.push(group);
    batch.condition.push(condition);
    batch.flags.push(flags.reduce((all, flag) => all | flag, 0));
    const bytes = new TextEncoder().encode(id);
    batch.ids.push(bytes);
    batch.idEnd.push((batch.idEnd.at(-1) ?? 0) + bytes.length);
    this.total++;
  }

  private endRow(): void {
    this.batch.verdictEnd.push(this.batch.verdictSource.length);
  }

  /** null when there are more than a `verdictSource` can number. */
  private source({ classifier, label }: VerdictSource): number | null {
    const key = JSON.stringify([classifier, label]);
    if (this.sources.size >= MOST_SOURCES && !this.sources.has(key)) return null;
    return number(this.sources, key, () => this.batch.newSources.push({ classifier, label }));
  }

  private uniqueId(id: string): string {
    const times = (this.seenIds.get(id) ?? 0) + 1;
    this.seenIds.set(id, times);
    return times === 1 ? id : this.uniqueId(`${id}#${times}`);
  }

  private problem(severity: Problem['severity'], range: RecordRange, reason: string): void {
    this.batch.problems.push({
      severity,
      file: this.file,
      line: range.line,
      offset: range.offset,
      index: this.total,
      reason,
    });
  }
}

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

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}

function emptyDraft() {
  const numbers = (): number[] => [];
  return {
    offset: numbers(),
    length: numbers(),
    line: numbers(),
    group: numbers(),
    condition: numbers(),
    flags: numbers(),
    verdictEnd: numbers(),
    verdictSource: numbers(),
    verdictValue: numbers(),
    ids: [] as Uint8Array[],
    idEnd: numbers(),
    newGroups: [] as Facets[],
    newSources: [] as VerdictSource[],
    problems: [] as Problem[],
  };
}
