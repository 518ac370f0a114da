/** How what was joined crosses to another thread: in parts, since all of one message is taken in at one go. */
import type { StoredSpan } from '../dataset/model';
import { inSlices } from '../slices';
import { type JoinedPart, type JoinedVerdicts, partUnits } from './join';
import type { RawVerdict } from './verdictRule';

/** A key of a join with what was joined there, or some of that: of many verdicts and spans the rest follows. */
export type JoinedPiece = readonly [key: string, part: JoinedPart];

/** In `partUnits`: some milliseconds of whoever takes it in. */
const MESSAGE_UNITS = 2 ** 18;
const ENTRIES_A_PIECE = 100;

/** All of a join, a message's worth of pieces at a time. */
export function* inMessages(joined: JoinedVerdicts): Generator<readonly JoinedPiece[]> {
  let pieces: JoinedPiece[] = [];
  let units = 0;
  for (const [key, whole] of joined) {
    for (const part of piecesOf(whole)) {
      pieces.push([key, part]);
      units += partUnits(part);
      if (units < MESSAGE_UNITS) continue;
      yield pieces;
      pieces = [];
      units = 0;
    }
  }
  if (pieces.length > 0) yield pieces;
}

function* piecesOf({ verdicts, spans, warnings }: JoinedPart): Generator<JoinedPart> {
  if (verdicts.length + spans.length + warnings.length <= ENTRIES_A_PIECE) {
    yield { verdicts, spans, warnings };
    return;
  }
  for (const some of inSlices([verdicts], ENTRIES_A_PIECE)) yield { verdicts: some, spans: [], warnings: [] };
  for (const some of inSlices([spans], ENTRIES_A_PIECE)) yield { verdicts: [], spans: some, warnings: [] };
  for (const some of inSlices([warnings], ENTRIES_A_PIECE)) yield { verdicts: [], spans: [], warnings: some };
}

interface Gathered {
  readonly verdicts: RawVerdict[];
  readonly spans: StoredSpan[];
  readonly warnings: string[];
}

/**
 * Puts joins together again. A name that stands with each verdict and span is held once, as it was where it comes from: a
 * message has it as often as it is used.
 */
export class JoinedParts {
  private joins: Map<string, Gathered>[] = [];
  private readonly names = new Map<string, string>();

  add(join: number, pieces: readonly JoinedPiece[]): void {
    const joined = this.join(join);
    for (const [key, { verdicts, spans, warnings }] of pieces) {
      const part = joined.get(key) ?? { verdicts: [], spans: [], warnings: [] };
      joined.set(key, part);
      for (const { verdict, pointer, ...rest } of verdicts)
        part.verdicts.push({ ...rest, verdict: this.withNames(verdict), pointer: this.name(pointer) });
      for (const span of spans) part.spans.push(this.withNames(span));
      for (const warning of warnings) part.warnings.push(warning);
    }
  }

  /** What was added since the last call, of so many joins. */
  take(count: number): readonly JoinedVerdicts[] {
    const joins = Array.from({ length: count }, (_, index) => this.join(index));
    this.joins = [];
    this.names.clear();
    return joins;
  }

  private join(index: number): Map<string, Gathered> {
    const joined = this.joins[index] ?? new Map<string, Gathered>();
    this.joins[index] = joined;
    return joined;
  }

  private withNames<T extends { readonly classifier: string; readonly label: string }>(said: T): T {
    return { ...said, classifier: this.name(said.classifier), label: this.name(said.label) };
  }

  private name(text: string): string {
    const known = this.names.get(text);
    if (known !== undefined) return known;
    this.names.set(text, text);
    return text;
  }
}
