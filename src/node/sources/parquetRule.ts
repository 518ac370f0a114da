/** What a column's type says that its values mean, as plain JSON values, with no digit lost. */
import type { ParquetParsers, SchemaElement } from 'hyparquet';
import { DEFAULT_PARSERS, parseFloat16 } from 'hyparquet/src/convert.js';

/** How the values of a column are decoded, and what is made of each of them. */
export interface PlainRule {
  /**
   * `text`: bytes become strings once a page or dictionary, unless they are long; `raw`: they stay what they are until
   * they are asked for.
   */
  readonly decodes: 'text' | 'raw';
  readonly parsers: ParquetParsers;
  readonly plain: (value: unknown) => unknown;
}

/** What stands in the place of bytes that are not what their column's type says, so that the row can say so. */
export class Damaged {
  /** @param what the column holds instead, in words */
  constructor(
    readonly text: string,
    readonly what: string,
  ) {}
}

/**
 * Longer texts stay bytes until their row is asked for: as strings they would take a page's memory a second time, and a
 * row can be refused for its length before any are made. Of shorter ones, an object for each would be the larger part.
 */
const MAX_SHORT_BYTES = 1_024;

/** More than any type of number has; making digits of bytes takes the square of their count. */
const MAX_DECIMAL_BYTES = 256;

/** The rule for a column by its physical and logical type (parquet.thrift, LogicalTypes.md). */
export function plainRule(element: SchemaElement): PlainRule {
  const { type, converted_type: converted, logical_type: logical } = element;
  const raw = (plain: PlainRule['plain']): PlainRule => ({ decodes: 'raw', parsers: RAW_PARSERS, plain });
  const text = (stringFromBytes: (bytes: Uint8Array) => unknown): PlainRule => {
    return {
      decodes: 'text',
      parsers: {
        ...RAW_PARSERS,
        stringFromBytes: (bytes: Uint8Array) =>
          bytes.length > MAX_SHORT_BYTES ? bytes : stringFromBytes(bytes),
      },
      plain: (value) => (value instanceof Uint8Array ? stringFromBytes(value) : value),
    };
  };
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') {
    const scale = element.scale ?? (logical?.type === 'DECIMAL' ? logical.scale : 0) ?? 0;
    return raw((value) => decimal(value, scale));
  }
  if (type === 'BYTE_ARRAY') {
    if (converted === 'BSON' || logical?.type === 'BSON') return raw(bytesText);
    const isText =
      converted === 'UTF8' || converted === 'ENUM' || converted === 'JSON' || TEXT.has(logical?.type ?? '');
    return text(isText ? utf8Text : bytesText);
  }
  if (type === 'FIXED_LEN_BYTE_ARRAY') {
    if (logical?.type === 'UUID') return raw((value) => DEFAULT_PARSERS.uuidFromBytes(value as Uint8Array));
    if (logical?.type === 'FLOAT16') return raw((value) => parseFloat16(value as Uint8Array));
    return raw(bytesText);
  }
  if (type === 'FLOAT') return raw(shortestFloat);
  if (type === 'INT96') return raw((value) => timestamp(value as bigint, 1_000_000_000n, true));
  if (converted === 'DATE' || logical?.type === 'DATE') return raw(date);
  if (converted === 'TIMESTAMP_MILLIS') return raw((value) => timestamp(value as bigint, 1_000n, true));
  if (converted === 'TIMESTAMP_MICROS') return raw((value) => timestamp(value as bigint, 1_000_000n, true));
  if (logical?.type === 'TIMESTAMP') {
    const perSecond = { MILLIS: 1_000n, MICROS: 1_000_000n, NANOS: 1_000_000_000n }[logical.unit];
    return raw((value) => timestamp(value as bigint, perSecond, logical.isAdjustedToUTC));
  }
  const isUnsigned = converted?.startsWith('UINT_') || (logical?.type === 'INTEGER' && !logical.isSigned);
  if (type === 'INT32') return raw(isUnsigned ? (value) => (value as number) >>> 0 : (value) => value);
  if (type === 'INT64') {
    return raw(
      isUnsigned ? (value) => integer(BigInt.asUintN(64, value as bigint)) : (v) => integer(v as bigint),
    );
  }
  return raw((value) => value);
}

const TEXT: ReadonlySet<string> = new Set(['STRING', 'ENUM', 'JSON']);

/** For columns whose values are converted here; INT96 is the one type that hyparquet converts unasked. */
export const RAW_PARSERS: ParquetParsers = { ...DEFAULT_PARSERS, timestampFromNanoseconds: (nanos) => nanos };

/** Bytes of the texts in what was decoded of a row, before strings are made of them; any other value counts as a few. */
export function bytesIn(value: unknown): number {
  if (value instanceof Uint8Array || typeof value === 'string') return value.length;
  if (value instanceof Damaged) return value.text.length;
  if (!Array.isArray(value)) return 8;
  let sum = 0;
  for (const part of value) sum += bytesIn(part);
  return sum;
}

function utf8Text(bytes: Uint8Array): string | Damaged {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    return new Damaged(text, 'bytes that are not UTF-8; they are shown as U+FFFD');
  }
}

/** Bytes that nothing says are text: as text where they are UTF-8, else in base64. */
function bytesText(value: unknown): string {
  const bytes = value as Uint8Array;
  const text = utf8Text(bytes);
  return typeof text === 'string' ? text : base64(bytes);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}

/** As a number where it is exact, else as its digits. */
function integer(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** The shortest number that is stored as these four bytes: 0.7 is no 0.699999988 that falls short of a threshold. */
function shortestFloat(value: unknown): number {
  const number = value as number;
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(number.toPrecision(digits));
    if (Math.fround(short) === number) return short;
  }
  return number;
}

function decimal(value: unknown, scale: number): number | string | Damaged {
  if (value instanceof Uint8Array && value.length > MAX_DECIMAL_BYTES) {
    const what = `numbers of more than ${MAX_DECIMAL_BYTES} bytes, which are not read; they are shown in base64`;
    return new Damaged(base64(value), what);
  }
  const whole = value instanceof Uint8Array ? signedInteger(value) : BigInt(value as number | bigint);
  if (whole <= Number.MAX_SAFE_INTEGER && whole >= Number.MIN_SAFE_INTEGER)
    return Number(`${whole}e${-scale}`);
  if (scale <= 0 || scale > 100) return `${whole}e${-scale}`;
  const digits = String(whole < 0n ? -whole : whole).padStart(scale + 1, '0');
  return `${whole < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Two's complement, the highest byte first. */
function signedInteger(bytes: Uint8Array): bigint {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
  return hex === '' ? 0n : BigInt.asIntN(8 * bytes.length, BigInt(`0x${hex}`));
}

function date(days: unknown): unknown {
  const instant = new Date((days as number) * 86_400_000);
  return Number.isNaN(instant.getTime()) ? days : instant.toISOString().replace(/T.*/, '');
}

/** ISO 8601, with as many digits of a second as are stored; without Z where the file gives local times. */
function timestamp(value: bigint, perSecond: bigint, isUtc: boolean): number | string {
  const stored = BigInt(value);
  const fraction = ((stored % perSecond) + perSecond) % perSecond;
  const instant = new Date(Number((stored - fraction) / perSecond) * 1_000);
  if (Number.isNaN(instant.getTime())) return integer(stored);
  const digits = String(fraction).padStart(String(perSecond).length - 1, '0');
  return `${instant.toISOString().slice(0, -4)}${digits.slice(0, 3)}${digits.slice(3).replace(/0+$/, '')}${isUtc ? 'Z' : ''}`;
}
