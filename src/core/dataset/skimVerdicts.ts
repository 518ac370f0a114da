import { withRoom } from './growable';
import { type BatchBuilder, type NumberedRow, VALUE_CODES } from './indexBatch';
import { CLOSE_ARRAY, CLOSE_OBJECT, COMMA, OPEN_ARRAY, OPEN_OBJECT } from './jsonBytes';
import { Pairs } from './pairs';
import { SeenBytes } from './skimAgain';
import { afterSpace, afterValue, NOWHERE, SMALL_F, SMALL_N, SMALL_T } from './skimJson';
import { KeyReader } from './skimKeys';
import type { Names } from './skimNames';

const CLASSIFIER = 1;
const LABEL = 2;
const VALUE = 4;
const SOURCE = CLASSIFIER | LABEL;

const TRUE = VALUE_CODES.indexOf(true);
const FALSE = VALUE_CODES.indexOf(false);
const NO_ANSWER = VALUE_CODES.indexOf(null);

/** A record with more verdicts has several look for their beginning in one place. */
const MOST_PLACES = 512;

/** Reads the verdicts of records, first under numbers of its own: whether a record is good is seen at its end. */
export class VerdictSkimmer {
  private readonly keys = new KeyReader(
    new Map([
      ['classifier', CLASSIFIER],
      ['label', LABEL],
      ['value', VALUE],
    ]),
  );
  /** Classifier and label; means the builder's number. */
  private readonly pairs = new Pairs();
  /** By pair, the number of the record that it last occurred in. */
  private lastRecord = new Float64Array(64);
  private record = 0;
  /** At each place in the list, how a verdict begins: up to the comma behind its classifier and label. Means the pair. */
  private readonly beginnings: SeenBytes[] = [];

  constructor(
    private readonly names: Names,
    private readonly row: NumberedRow,
  ) {}

  beginRecord(): void {
    this.record++;
    this.row.verdicts = 0;
  }

  /** Reads the list that begins at `start` into the row; the first byte behind it, or NOWHERE. */
  read(bytes: Uint8Array, view: DataView, start: number, to: number): number {
    if (bytes[start] !== OPEN_ARRAY) return NOWHERE;
    let at = afterSpace(bytes, start + 1, to);
    if (bytes[at] === CLOSE_ARRAY) return at + 1;
    for (;;) {
      at = this.verdict(bytes, view, at, to);
      if (at < 0) return NOWHERE;
      at = afterSpace(bytes, at, to);
      if (bytes[at] === CLOSE_ARRAY) return at + 1;
      if (bytes[at] !== COMMA) return NOWHERE;
      at = afterSpace(bytes, at + 1, to);
    }
  }

  /** Gives the row's sources the builder's numbers; false, and it has numbered none, where it has not enough left. */
  number(builder: BatchBuilder): boolean {
    const { row, pairs } = this;
    let unnumbered = 0;
    for (let i = 0; i < row.verdicts; i++) if (pairs.meaning(row.sources[i] ?? 0) < 0) unnumbered++;
    if (unnumbered > builder.sourcesLeft) return false;
    for (let i = 0; i < row.verdicts; i++) {
      const pair = row.sources[i] ?? 0;
      if (unnumbered > 0 && pairs.meaning(pair) < 0) {
        const classifier = this.names.text(pairs.left(pair));
        const label = this.names.text(pairs.right(pair));
        pairs.setMeaning(pair, builder.source({ classifier, label }) ?? NOWHERE);
      }
      row.sources[i] = pairs.meaning(pair);
    }
    return true;
  }

  private verdict(bytes: Uint8Array, view: DataView, start: number, to: number): number {
    if (bytes[start] !== OPEN_OBJECT) return NOWHERE;
    const { keys, names } = this;
    const expected = this.beginning(this.row.verdicts);
    const known = expected.lengthAt(view, start, to);
    let pair = known === 0 ? NOWHERE : expected.meaning;
    let seen = known === 0 ? 0 : SOURCE;
    let classifier = 0;
    let label = 0;
    let value = NO_ANSWER;
    let at = known === 0 ? start : start + known - 1;
    let place = known === 0 ? 0 : 2;
    do {
      at = keys.read(bytes, view, at, to, place++);
      if (at < 0 || (seen & keys.member) !== 0) return NOWHERE;
      seen |= keys.member;
      if (keys.member === 0) at = afterValue(bytes, at, to);
      else if (keys.member === VALUE) {
        value = answerAt(bytes, at);
        at = value < 0 ? NOWHERE : afterValue(bytes, at, to);
      } else {
        at = names.read(bytes, at, to);
        if (keys.member === CLASSIFIER) classifier = names.met;
        else label = names.met;
      }
      if (at < 0) return NOWHERE;
      at = afterSpace(bytes, at, to);
      if (pair < 0 && seen === SOURCE) {
        pair = this.pairs.number(classifier, label);
        if (bytes[at] === COMMA) expected.set(view, start, at + 1, pair);
      }
    } while (bytes[at] === COMMA);
    if (bytes[at] !== CLOSE_OBJECT || (seen & SOURCE) !== SOURCE) return NOWHERE;
    if (pair < 0) pair = this.pairs.number(classifier, label);
    return this.add(pair, value) ? at + 1 : NOWHERE;
  }

  private beginning(place: number): SeenBytes {
    const slot = place % MOST_PLACES;
    const seen = this.beginnings[slot] ?? new SeenBytes();
    this.beginnings[slot] = seen;
    return seen;
  }

  /** false where a classifier answers the same twice, which is for the full reading to judge. */
  private add(pair: number, value: number): boolean {
    const { row } = this;
    if (pair >= this.lastRecord.length) this.lastRecord = withRoom(this.lastRecord, pair + 1);
    if (this.lastRecord[pair] === this.record) return false;
    this.lastRecord[pair] = this.record;
    const at = row.verdicts++;
    if (at === row.sources.length) {
      row.sources = withRoom(row.sources, at + 1);
      row.values = withRoom(row.values, at + 1);
    }
    row.sources[at] = pair;
    row.values[at] = value;
    return true;
  }
}

/** The code of the true, false or null that begins at `at`, or NOWHERE. */
function answerAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first === SMALL_T) return TRUE;
  if (first === SMALL_F) return FALSE;
  return first === SMALL_N ? NO_ANSWER : NOWHERE;
}
