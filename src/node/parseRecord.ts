import { constants } from 'node:buffer';
import type { Format, ReadRecord, RecordPlace } from '../core/formats/format';
import { RecordError } from '../core/formats/format';

export type ParsedJson =
  | { readonly ok: true; readonly value: unknown; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/** Bytes of one record to a JSON value. Bytes that are not UTF-8 become U+FFFD, with a warning, never an error. */
export function parseJson(bytes: Uint8Array): ParsedJson {
  if (bytes.length > constants.MAX_STRING_LENGTH) {
    const limit = Math.floor(constants.MAX_STRING_LENGTH / 1e6);
    return { ok: false, reason: `longer than ${limit} MB, the most that one record may have` };
  }
  const { text, warnings } = decode(bytes);
  try {
    return { ok: true, value: JSON.parse(text), warnings };
  } catch (error) {
    return { ok: false, reason: `not JSON: ${(error as Error).message}` };
  }
}

/** Reads one record by a format; a record that is not of the format gives the reason. */
export function readRecord(
  json: ParsedJson,
  format: Format,
  place: RecordPlace,
): (ReadRecord & { readonly ok: true }) | { readonly ok: false; readonly reason: string } {
  if (!json.ok) return json;
  try {
    const { transcript, warnings } = format.read(json.value, place);
    return { ok: true, transcript, warnings: [...json.warnings, ...warnings] };
  } catch (error) {
    if (error instanceof RecordError) return { ok: false, reason: error.message };
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
