import { isUtf8 } from 'node:buffer';
import { MOST_ID_UNITS } from '../core/dataset/model';
import type { Format, ReadPart, RecordPlace } from '../core/formats/format';
import { RecordError, shown } from '../core/formats/format';
import { parseLooseJson, type ValueBudget } from '../core/formats/looseJson';
import type { RecordValue } from './sources/source';

/** So much of a record that cannot be read is shown. */
export const RAW_BYTES = 2_000;

/**
 * What one record may have, in bytes: far more than any model takes in. It is read in one go, which holds up the window: a
 * second for these, where they are letters of two bytes.
 */
export const MOST_RECORD_BYTES = 1 << 28;

/** Old Macs ended lines so. JSON has no bare CR but between its parts. */
const RECORDS_BY_CR = /\}[ \t]*\r+[ \t]*\{/;

/**
 * Bytes of one record to a JSON value. Bytes that are not UTF-8 become U+FFFD, bare NaN and the like null, each with a
 * warning, never an error.
 * @param notNumbersMean its writer says something by NaN and the like, so they are no cause for a warning.
 * @param budget of the record that it is a part of
 */
export function parseJson(bytes: Uint8Array, notNumbersMean = false, budget?: ValueBudget): RecordValue {
  if (bytes.length > MOST_RECORD_BYTES) return tooLong(bytes);
  const { text, warnings } = decode(bytes);
  try {
    const { value, notNumbers, repeatedKey } = parseLooseJson(text, budget);
    if (notNumbers.length > 0 && !notNumbersMean)
      warnings.push(`${notNumbers.join(', ')}: no number that JSON has, read as null`);
    if (repeatedKey !== null)
      warnings.push(`the key ${shown(repeatedKey)} occurs more than once in one object; the last one counts`);
    return { ok: true, value, warnings, raw: () => beginning(bytes) };
  } catch (error) {
    const begin = beginning(bytes); // not all of them, for as long as anybody holds the record
    const raw = () => begin;
    if (error instanceof RangeError) return { ok: false, reason: error.message, raw };
    const reason = RECORDS_BY_CR.test(text)
      ? 'several records with CR alone between them, which ends no line; save the file with LF or CRLF'
      : copied((error as Error).message);
    return { ok: false, reason: `not JSON: ${reason}`, raw };
  }
}

/** Why a record of more than `MOST_RECORD_BYTES` is not read. */
export const TOO_LONG = `longer than ${Math.floor(MOST_RECORD_BYTES / 1e6)} MB, the most that one record may have`;

/** What stands for a record that is too long to be read. @param bytes its beginning */
export function tooLong(bytes: Uint8Array): RecordValue {
  const begin = beginning(bytes);
  return { ok: false, reason: TOO_LONG, raw: () => begin };
}

/** JSON.parse cites a part of its text, which V8 keeps all of for that. */
function copied(text: string): string {
  return Buffer.from(text).toString();
}

function beginning(bytes: Uint8Array): string {
  return UTF8.decode(bytes.subarray(0, RAW_BYTES));
}

const UTF8 = new TextDecoder();

const HALF = /\p{Surrogate}/u;
const HALF_IN_ID =
  'its id has half a character (a lone surrogate), which no file keeps: U+FFFD stands for it';

/** The transcripts of a record by a format; a record that is not of the format is one bad part. `id` names that one. */
export function readParts(
  record: RecordValue,
  format: Format,
  place: RecordPlace,
  id: () => string,
): readonly ReadPart[] {
  if (!record.ok) return [{ ok: false, id: id(), reason: record.reason }];
  try {
    const parts = format.read(record.value, place);
    if (parts.length === 0) return [{ ok: false, id: id(), reason: 'holds no transcript' }];
    return parts.map((part) => {
      if (!part.ok) return part.id.length > MOST_ID_UNITS ? { ...part, id: id() } : part;
      const { length } = part.transcript.id;
      if (length > MOST_ID_UNITS) {
        const most = MOST_ID_UNITS.toLocaleString('en');
        const reason = `its id has ${length.toLocaleString('en')} characters, and ${most} at most can be one`;
        return { ok: false, id: id(), reason };
      }
      const warnings = HALF.test(part.transcript.id) ? [...record.warnings, HALF_IN_ID] : record.warnings;
      return warnings.length === 0 ? part : { ...part, warnings: [...warnings, ...part.warnings] };
    });
  } catch (error) {
    if (error instanceof RecordError) return [{ ok: false, id: id(), reason: error.message }];
    throw error;
  }
}

/** A byte order mark at the beginning is no part of the text: files that were put together have one in the middle. */
function decode(bytes: Uint8Array): { text: string; warnings: string[] } {
  const text = UTF8.decode(bytes);
  const warnings = isUtf8(bytes) ? [] : ['holds bytes that are not UTF-8; they are shown as U+FFFD'];
  return { text, warnings };
}
