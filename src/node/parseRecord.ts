import { constants } from 'node:buffer';
import type { Format, ReadPart, RecordPlace } from '../core/formats/format';
import { RecordError } from '../core/formats/format';
import type { RecordValue } from './sources/source';

const RAW_BYTES = 2_000;

/** Bytes of one record to a JSON value. Bytes that are not UTF-8 become U+FFFD, with a warning, never an error. */
export function parseJson(bytes: Uint8Array): RecordValue {
  const raw = () => new TextDecoder().decode(bytes.subarray(0, RAW_BYTES));
  if (bytes.length > constants.MAX_STRING_LENGTH) {
    const limit = Math.floor(constants.MAX_STRING_LENGTH / 1e6);
    return { ok: false, reason: `longer than ${limit} MB, the most that one record may have`, raw };
  }
  const { text, warnings } = decode(bytes);
  try {
    return { ok: true, value: JSON.parse(text), warnings, raw };
  } catch (error) {
    return { ok: false, reason: `not JSON: ${(error as Error).message}`, raw };
  }
}

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
    if (record.warnings.length === 0) return parts;
    return parts.map((part) =>
      part.ok ? { ...part, warnings: [...record.warnings, ...part.warnings] } : part,
    );
  } catch (error) {
    if (error instanceof RecordError) return [{ ok: false, id: id(), reason: error.message }];
    throw error;
  }
}

function decode(bytes: Uint8Array): { text: string; warnings: string[] } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), warnings: [] };
  } catch {
    return {
      text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
      warnings: ['holds bytes that are not UTF-8; they are shown as U+FFFD'],
    };
  }
}
