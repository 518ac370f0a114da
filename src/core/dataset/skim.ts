import { type BatchBuilder, CONDITION_CODES, type NumberedRow } from './indexBatch';
import { CLOSE_ARRAY, CLOSE_OBJECT, COMMA, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './jsonBytes';
import { DEFAULT_VARIANT, MOST_ID_UNITS, NO_PREFIX, UNKNOWN_SETTING } from './model';
import { Pairs } from './pairs';
import { afterNested, afterSpace, afterValue, NOWHERE, SMALL_N } from './skimJson';
import { KeyReader } from './skimKeys';
import { decodeUtf8, Names, PlainString } from './skimNames';
import { PlaceId } from './skimPlace';
import { VerdictSkimmer } from './skimVerdicts';

/** Members of a record that are looked at, as bits. */
const ID = 1;
const SETTING = 2;
const CONDITION = 4;
const VARIANT = 8;
const PREFIX = 16;
const MESSAGES = 32;
const VERDICTS = 64;
const SPANS = 128;
/** A longer id has too many units for certain: none of UTF-16 takes more than three bytes. */
const MOST_ID_BYTES = 3 * MOST_ID_UNITS;
/** Of a message. */
const ROLE = 1;
const CONTENT = 2;

const NO_CONDITION = CONDITION_CODES.indexOf(null);

/**
 * Reads facets and verdicts of canonical records from their bytes, without parsing the rest. What it takes in is what
 * the full reading (`canonical.read`, `BatchBuilder.addTranscript`) makes of the record. Where it cannot be sure of
 * that, it takes in nothing and says so. Records that the full reading rejects, for something inside of what is stepped
 * over, it may take in; warnings about texts and spans it does not give.
 */
export class Skimmer {
  private readonly keys = new KeyReader(
    new Map([
      ['id', ID],
      ['setting', SETTING],
      ['condition', CONDITION],
      ['variant', VARIANT],
      ['prefix', PREFIX],
      ['messages', MESSAGES],
      ['verdicts', VERDICTS],
      ['spans', SPANS],
    ]),
  );
  private readonly messageKeys = new KeyReader(
    new Map([
      ['role', ROLE],
      ['content', CONTENT],
    ]),
  );
  private readonly names = new Names();
  private readonly plain = new PlainString();
  private readonly place = new PlaceId();
  private readonly unknownSetting = this.names.numberOf(UNKNOWN_SETTING);
  private readonly defaultVariant = this.names.numberOf(DEFAULT_VARIANT);
  private readonly noPrefix = this.names.numberOf(NO_PREFIX);
  private readonly conditions = CONDITION_CODES.map((name) =>
    name === null ? NOWHERE : this.names.numberOf(name),
  );
  /** Variant and prefix; and setting with such a pair, which means the builder's number of the group. */
  private readonly arms = new Pairs();
  private readonly groups = new Pairs();
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
  private readonly verdicts = new VerdictSkimmer(this.names, this.row);
  private setting = 0;
  private variant = 0;
  private prefix = 0;
  private bytes: Uint8Array = new Uint8Array(0);
  private view: DataView = new DataView(this.bytes.buffer);

  constructor(private readonly builder: BatchBuilder) {}

  /**
   * Adds the record bytes[from, to) to the builder. `offset` and `line` say where it stands in the file.
   * @returns false when nothing was added, and the record is to be read in full.
   */
  skim(bytes: Uint8Array, from: number, to: number, offset: number, line: number): boolean {
    const { row, keys } = this;
    this.begin(bytes);
    let seen = 0;
    let place = 0;
    let at = afterSpace(bytes, from, to);
    if (bytes[at] !== OPEN_OBJECT) return false;
    do {
      at = keys.read(bytes, this.view, at, to, place++);
      const { member } = keys;
      if (at < 0 || (seen & member) !== 0) return false;
      seen |= member;
      at = member === 0 ? afterValue(bytes, at, to) : this.member(member, bytes, at, to);
      if (at < 0) return false;
      at = afterSpace(bytes, at, to);
    } while (bytes[at] === COMMA);
    if (bytes[at] !== CLOSE_OBJECT || afterSpace(bytes, at + 1, to) !== to) return false;
    if ((seen & MESSAGES) === 0 || !this.verdicts.number(this.builder)) return false;
    row.offset = offset;
    row.length = to - from;
    row.line = line;
    row.group = this.group();
    if (row.idStart === row.idEnd) this.place.write(this.builder.fileName, row);
    this.builder.addNumbered(row);
    return true;
  }

  private begin(bytes: Uint8Array): void {
    const { row } = this;
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.setting = this.unknownSetting;
    this.variant = this.defaultVariant;
    this.prefix = this.noPrefix;
    this.verdicts.beginRecord();
    row.condition = NO_CONDITION;
    row.hasSpans = false;
    row.idBytes = bytes;
    row.idStart = 0;
    row.idEnd = 0;
  }

  /** Reads a member's value from `at` on; the first byte behind it, or NOWHERE. */
  private member(member: number, bytes: Uint8Array, at: number, to: number): number {
    if (member === MESSAGES) return this.messages(bytes, at, to);
    if (bytes[at] === SMALL_N) return afterValue(bytes, at, to);
    if (member === VERDICTS) return this.verdicts.read(bytes, this.view, at, to);
    if (member === SPANS) {
      if (bytes[at] !== OPEN_ARRAY) return NOWHERE;
      this.row.hasSpans = bytes[afterSpace(bytes, at + 1, to)] !== CLOSE_ARRAY;
      return afterNested(bytes, at, to);
    }
    return member === ID ? this.id(bytes, at, to) : this.facet(member, bytes, at, to);
  }

  private id(bytes: Uint8Array, at: number, to: number): number {
    if (bytes[at] !== QUOTE) return NOWHERE;
    const end = this.plain.read(bytes, at + 1, to);
    if (end < 0 || end - at - 1 > MOST_ID_BYTES) return NOWHERE;
    if (!this.plain.isAscii && decodeUtf8(bytes.subarray(at + 1, end)) === null) return NOWHERE;
    this.row.idStart = at + 1;
    this.row.idEnd = end;
    this.row.idHash = this.plain.hash;
    return end + 1;
  }

  private facet(member: number, bytes: Uint8Array, at: number, to: number): number {
    const end = this.names.read(bytes, at, to);
    if (end < 0) return NOWHERE;
    const { met } = this.names;
    if (member === SETTING) this.setting = met;
    else if (member === VARIANT) this.variant = met;
    else if (member === PREFIX) this.prefix = met;
    else this.row.condition = this.conditions.indexOf(met);
    return this.row.condition < 0 ? NOWHERE : end;
  }

  /** Steps over one message or more, of which each has a role and a content that are strings. */
  private messages(bytes: Uint8Array, start: number, to: number): number {
    if (bytes[start] !== OPEN_ARRAY) return NOWHERE;
    let at = start;
    do {
      at = this.message(bytes, afterSpace(bytes, at + 1, to), to);
      if (at < 0) return NOWHERE;
      at = afterSpace(bytes, at, to);
    } while (bytes[at] === COMMA);
    return bytes[at] === CLOSE_ARRAY ? at + 1 : NOWHERE;
  }

  private message(bytes: Uint8Array, start: number, to: number): number {
    if (bytes[start] !== OPEN_OBJECT) return NOWHERE;
    const { messageKeys } = this;
    let seen = 0;
    let place = 0;
    let at = start;
    do {
      at = messageKeys.read(bytes, this.view, at, to, place++);
      if (at < 0) return NOWHERE;
      if (bytes[at] === QUOTE) seen |= messageKeys.member;
      at = afterValue(bytes, at, to);
      if (at < 0) return NOWHERE;
      at = afterSpace(bytes, at, to);
    } while (bytes[at] === COMMA);
    return bytes[at] === CLOSE_OBJECT && seen === (ROLE | CONTENT) ? at + 1 : NOWHERE;
  }

  private group(): number {
    const { names, groups } = this;
    const group = groups.number(this.setting, this.arms.number(this.variant, this.prefix));
    if (groups.meaning(group) < 0) {
      const [setting, variant] = [names.text(this.setting), names.text(this.variant)];
      groups.setMeaning(group, this.builder.group({ setting, variant, prefix: names.text(this.prefix) }));
    }
    return groups.meaning(group);
  }
}
