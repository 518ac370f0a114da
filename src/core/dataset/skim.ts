import { withRoom } from './growable';
import { hashByte, hashStart } from './idTable';
import { type BatchBuilder, CONDITION_CODES, type NumberedRow, VALUE_CODES } from './indexBatch';
import { DEFAULT_VARIANT, NO_PREFIX, UNKNOWN_SETTING } from './model';
import { SeenBytes } from './skimAgain';
import {
  afterNested,
  afterSpace,
  afterValue,
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COMMA,
  NOWHERE,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  SPACE,
} from './skimJson';
import { afterColon, endOfKey, Keys, PlaceId } from './skimKeys';
import { decodeUtf8, Names, Pairs } from './skimNames';

/** Members of a record that are looked at, as bits of `seen`. */
const ID = 1;
const SETTING = 2;
const CONDITION = 4;
const VARIANT = 8;
const PREFIX = 16;
const MESSAGES = 32;
const VERDICTS = 64;
const SPANS = 128;
/** Of a verdict. */
const CLASSIFIER = 1;
const LABEL = 2;
const VALUE = 4;

/** A record with more verdicts has several look for their beginning in one place. */
const MOST_BEGINNINGS = 512;

const SMALL_F = 102;
const SMALL_N = 110;
const SMALL_T = 116;
const NO_CONDITION = CONDITION_CODES.indexOf(null);
const TRUE = VALUE_CODES.indexOf(true);
const FALSE = VALUE_CODES.indexOf(false);
const NO_ANSWER = VALUE_CODES.indexOf(null);

const RECORD_KEYS: ReadonlyMap<string, number> = new Map([
  ['id', ID],
  ['setting', SETTING],
  ['condition', CONDITION],
  ['variant', VARIANT],
  ['prefix', PREFIX],
  ['messages', MESSAGES],
  ['verdicts', VERDICTS],
  ['spans', SPANS],
]);
const VERDICT_KEYS: ReadonlyMap<string, number> = new Map([
  ['classifier', CLASSIFIER],
  ['label', LABEL],
  ['value', VALUE],
]);

/**
 * Reads facets and verdicts of canonical records from their bytes, without parsing the rest. What it takes in is what
 * the full reading (`canonical.read`, `BatchBuilder.addTranscript`) makes of the record. Where it cannot be sure of
 * that, it takes in nothing and says so. Records that the full reading rejects, for something inside of what is stepped
 * over, it may take in; warnings about texts and spans it does not give.
 */
export class Skimmer {
  private readonly names = new Names();
  private readonly variants = new Pairs();
  private readonly groups = new Pairs();
  private readonly sources = new Pairs();
  /** By pair of `sources`, the number of the record that it last occurred in. */
  private lastRecord = new Float64Array(64);
  private records = 0;
  private readonly recordKeys = new Keys(RECORD_KEYS);
  private readonly verdictKeys = new Keys(VERDICT_KEYS);
  private readonly unknownSetting = this.names.numberOf(UNKNOWN_SETTING);
  private readonly defaultVariant = this.names.numberOf(DEFAULT_VARIANT);
  private readonly noPrefix = this.names.numberOf(NO_PREFIX);
  private readonly conditions = CONDITION_CODES.map((name) =>
    name === null ? -1 : this.names.numberOf(name),
  );
  private readonly beginnings: SeenBytes[] = [];
  private view: DataView = new DataView(new ArrayBuffer(0));
  private viewed: Uint8Array | null = null;
  private readonly place = new PlaceId();
  private readonly row: NumberedRow = {
    offset: 0,
    length: 0,
    line: 0,
    group: 0,
    condition: 0,
    hasSpans: false,
    idBytes: new Uint8Array(0),
    idStart: 0,
    idEnd: 0,
    idHash: 0,
    verdicts: 0,
    sources: new Uint32Array(64),
    values: new Uint8Array(64),
  };
  private setting = 0;
  private variant = 0;
  private prefix = 0;
  /** Of the string that `captured` met last. */
  private hash = 0;
  private isAscii = true;
  /** What `name` met last; -1 for null. */
  private met = -1;

  constructor(private readonly builder: BatchBuilder) {}

  /**
   * Adds the record bytes[from, to) to the builder. `offset` and `line` say where it stands in the file.
   * @returns false when nothing was added, and the record is to be read in full.
   */
  skim(bytes: Uint8Array, from: number, to: number, offset: number, line: number): boolean {
    const { row } = this;
    if (bytes !== this.viewed) {
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      this.viewed = bytes;
    }
    this.records++;
    this.setting = this.unknownSetting;
    this.variant = this.defaultVariant;
    this.prefix = this.noPrefix;
    row.condition = NO_CONDITION;
    row.hasSpans = false;
    row.verdicts = 0;
    row.idStart = 0;
    row.idEnd = 0;
    let seen = 0;
    let at = afterSpace(bytes, from, to);
    if (bytes[at] !== OPEN_OBJECT) return false;
    do {
      at = afterSpace(bytes, at + 1, to);
      const key = at + 1;
      const keyEnd = endOfKey(bytes, at, to);
      if (keyEnd < 0) return false;
      at = afterColon(bytes, keyEnd + 1, to);
      if (at < 0) return false;
      const member = this.recordKeys.find(bytes, key, keyEnd);
      if ((seen & member) !== 0) return false;
      seen |= member;
      at = member === 0 ? afterValue(bytes, at, to) : this.member(member, bytes, at, to);
      if (at < 0) return false;
      at = afterSpace(bytes, at, to);
    } while (bytes[at] === COMMA);
    if (bytes[at] !== CLOSE_OBJECT || afterSpace(bytes, at + 1, to) !== to) return false;
    if ((seen & MESSAGES) === 0) return false;
    row.offset = offset;
    row.length = to - from;
    row.line = line;
    return this.finish(bytes);
  }

  /** Reads a member's value from `at` on; the first byte behind it, or NOWHERE. */
  private member(member: number, bytes: Uint8Array, at: number, to: number): number {
    switch (member) {
      case ID:
        return this.id(bytes, at, to);
      case MESSAGES: {
        const first = bytes[at] === OPEN_ARRAY ? afterSpace(bytes, at + 1, to) : at;
        return bytes[first] === OPEN_OBJECT ? afterNested(bytes, at, to) : NOWHERE;
      }
      case VERDICTS:
        return this.verdicts(bytes, at, to);
      case SPANS: {
        if (bytes[at] !== OPEN_ARRAY) return afterNull(bytes, at, to);
        this.row.hasSpans = bytes[afterSpace(bytes, at + 1, to)] !== CLOSE_ARRAY;
        return afterNested(bytes, at, to);
      }
      default:
        return this.facet(member, bytes, at, to);
    }
  }

  private facet(member: number, bytes: Uint8Array, at: number, to: number): number {
    const end = bytes[at] === QUOTE ? this.name(bytes, at, to) : afterNull(bytes, at, to);
    if (end < 0 || bytes[at] !== QUOTE) return end;
    if (member === SETTING) this.setting = this.met;
    else if (member === VARIANT) this.variant = this.met;
    else if (member === PREFIX) this.prefix = this.met;
    else {
      const condition = this.conditions.indexOf(this.met);
      if (condition < 0) return NOWHERE;
      this.row.condition = condition;
    }
    return end;
  }

  private id(bytes: Uint8Array, at: number, to: number): number {
    if (bytes[at] !== QUOTE) return afterNull(bytes, at, to);
    const end = this.captured(bytes, at + 1, to);
    if (end < 0 || (!this.isAscii && decodeUtf8(bytes.subarray(at + 1, end)) === null)) return NOWHERE;
    this.row.idStart = at + 1;
    this.row.idEnd = end;
    this.row.idHash = this.hash;
    return end + 1;
  }

  private verdicts(bytes: Uint8Array, start: number, to: number): number {
    if (bytes[start] !== OPEN_ARRAY) return afterNull(bytes, start, to);
    let at = afterSpace(bytes, start + 1, to);
    if (bytes[at] === CLOSE_ARRAY) return at + 1;
    for (;;) {
      at = this.verdict(bytes, at, to);
      if (at < 0) return NOWHERE;
      at = afterSpace(bytes, at, to);
      if (bytes[at] === CLOSE_ARRAY) return at + 1;
      if (bytes[at] !== COMMA) return NOWHERE;
      at = afterSpace(bytes, at + 1, to);
    }
  }

  private verdict(bytes: Uint8Array, start: number, to: number): number {
    if (bytes[start] !== OPEN_OBJECT) return NOWHERE;
    const expected = this.beginning(this.row.verdicts);
    const known = expected.lengthAt(this.view, start, to);
    let source = known === 0 ? -1 : expected.meaning;
    let seen = known === 0 ? 0 : CLASSIFIER | LABEL;
    let classifier = 0;
    let label = 0;
    let value = NO_ANSWER;
    let at = known === 0 ? start : start + known - 1;
    do {
      at = afterSpace(bytes, at + 1, to);
      const key = at + 1;
      const keyEnd = endOfKey(bytes, at, to);
      if (keyEnd < 0) return NOWHERE;
      at = afterColon(bytes, keyEnd + 1, to);
      if (at < 0) return NOWHERE;
      const member = this.verdictKeys.find(bytes, key, keyEnd);
      if ((seen & member) !== 0) return NOWHERE;
      seen |= member;
      if (member === 0) at = afterValue(bytes, at, to);
      else if (member === VALUE) {
        value = answerAt(bytes, at);
        at = value < 0 ? NOWHERE : afterValue(bytes, at, to);
      } else {
        at = this.name(bytes, at, to);
        if (member === CLASSIFIER) classifier = this.met;
        else label = this.met;
      }
      if (at < 0) return NOWHERE;
      at = afterSpace(bytes, at, to);
      if (source < 0 && seen === (CLASSIFIER | LABEL)) {
        source = this.sources.number(classifier, label);
        if (bytes[at] === COMMA) expected.set(this.view, start, at + 1, source);
      }
    } while (bytes[at] === COMMA);
    if (bytes[at] !== CLOSE_OBJECT || (seen & (CLASSIFIER | LABEL)) !== (CLASSIFIER | LABEL)) return NOWHERE;
    if (source < 0) source = this.sources.number(classifier, label);
    return this.addVerdict(source, value) ? at + 1 : NOWHERE;
  }

  /** Of the verdict that has this place among a record's: the bytes up to the comma behind its classifier and label. */
  private beginning(place: number): SeenBytes {
    const slot = place % MOST_BEGINNINGS;
    const seen = this.beginnings[slot] ?? new SeenBytes();
    this.beginnings[slot] = seen;
    return seen;
  }

  /** false where a classifier answers the same twice, which is for the full reading to judge. */
  private addVerdict(source: number, value: number): boolean {
    const { row } = this;
    if (source >= this.lastRecord.length) this.lastRecord = withRoom(this.lastRecord, source + 1);
    if (this.lastRecord[source] === this.records) return false;
    this.lastRecord[source] = this.records;
    const at = row.verdicts++;
    if (at === row.sources.length) {
      row.sources = withRoom(row.sources, at + 1);
      row.values = withRoom(row.values, at + 1);
    }
    row.sources[at] = source;
    row.values[at] = value;
    return true;
  }

  /** All that is in `row` is good: numbers what the builder has not met, and adds it. */
  private finish(bytes: Uint8Array): boolean {
    const { row, builder, names } = this;
    let unnumbered = 0;
    for (let i = 0; i < row.verdicts; i++) if (this.sources.meaning(row.sources[i] ?? 0) < 0) unnumbered++;
    if (unnumbered > builder.sourcesLeft) return false;
    for (let i = 0; i < row.verdicts; i++) {
      const pair = row.sources[i] ?? 0;
      let source = this.sources.meaning(pair);
      if (source < 0) {
        const classifier = names.text(this.sources.left(pair));
        source = builder.source({ classifier, label: names.text(this.sources.right(pair)) }) ?? -1;
        this.sources.setMeaning(pair, source);
      }
      row.sources[i] = source;
    }
    const group = this.groups.number(this.setting, this.variants.number(this.variant, this.prefix));
    row.group = this.groups.meaning(group);
    if (row.group < 0) {
      const [setting, variant] = [names.text(this.setting), names.text(this.variant)];
      row.group = builder.group({ setting, variant, prefix: names.text(this.prefix) });
      this.groups.setMeaning(group, row.group);
    }
    row.idBytes = bytes;
    if (row.idStart === row.idEnd) this.place.write(builder.fileName, row);
    builder.addNumbered(row);
    return true;
  }

  /** Numbers the string that begins at `at` with its quote, as `met`; the byte behind it, or NOWHERE where it is empty. */
  private name(bytes: Uint8Array, at: number, to: number): number {
    if (bytes[at] !== QUOTE) return NOWHERE;
    const end = this.captured(bytes, at + 1, to);
    if (end <= at + 1) return NOWHERE;
    this.met = this.names.number(bytes, at + 1, end, this.hash);
    return this.met < 0 ? NOWHERE : end + 1;
  }

  /** The quote that ends a string of which `at` is the first byte, with its hash; NOWHERE where it has escapes. */
  private captured(bytes: Uint8Array, at: number, to: number): number {
    let hash = hashStart();
    let all = 0;
    for (let i = at; i < to; i++) {
      const byte = bytes[i] ?? 0;
      if (byte === QUOTE) {
        this.hash = hash;
        this.isAscii = all < 128;
        return i;
      }
      if (byte === BACKSLASH || byte < SPACE) return NOWHERE;
      hash = hashByte(hash, byte);
      all |= byte;
    }
    return NOWHERE;
  }
}

/** The code of the true, false or null that begins at `at`, or NOWHERE. */
function answerAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first === SMALL_T) return TRUE;
  if (first === SMALL_F) return FALSE;
  return first === SMALL_N ? NO_ANSWER : NOWHERE;
}

/** The first byte behind the null that begins at `at`, or NOWHERE. */
function afterNull(bytes: Uint8Array, at: number, to: number): number {
  return bytes[at] === SMALL_N ? afterValue(bytes, at, to) : NOWHERE;
}
