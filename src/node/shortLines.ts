import { canonical } from '../core/formats/canonical';
import { parseJson, readParts } from './parseRecord';
import type { RecordValue } from './sources/source';

/** No record that can be read is so short: a message alone takes more. */
const SHORT_BYTES = 16;
const MOST_KNOWN = 1_000;
const NOWHERE = { file: '', line: 0, ordinal: 0 };

/** Canonical lines of a few bytes, which are bad: a file of some megabytes has millions, and each is read once. */
export class ShortLines {
  private readonly known = new Map<string, RecordValue>();

  /** What the line reads as; of a bad one that was met before, only why it is bad. */
  value(bytes: Uint8Array): RecordValue {
    if (bytes.length > SHORT_BYTES) return parseJson(bytes);
    const line = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    const known = this.known.get(line);
    if (known) return known;
    const value = parseJson(bytes);
    const [part] = readParts(value, canonical, NOWHERE, () => '');
    if (part?.ok === false && this.known.size < MOST_KNOWN)
      this.known.set(line, { ok: false, reason: part.reason });
    return value;
  }
}
