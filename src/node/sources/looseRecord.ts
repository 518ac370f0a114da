import { isUtf8 } from 'node:buffer';
import { parseLooseJson } from '../../core/formats/looseJson';
import { parseJson } from '../parseRecord';
import type { RecordValue } from './source';

/** A record's bytes as JSON; where that fails, as the JSON that Python writes, in which NaN and Infinity stand bare. */
export function parseLooseRecord(bytes: Uint8Array): RecordValue {
  const strict = parseJson(bytes);
  if (strict.ok) return strict;
  try {
    const value = parseLooseJson(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
    const warnings = isUtf8(bytes) ? [] : ['holds bytes that are not UTF-8; they are shown as U+FFFD'];
    return { ok: true, value, warnings };
  } catch {
    return strict;
  }
}
