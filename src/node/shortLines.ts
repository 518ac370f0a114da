import type { Format } from '../core/formats/format';
import { parseJson, readParts } from './parseRecord';
import type { RecordValue } from './sources/source';

/** No record that can be read is so short: a message alone takes more. */
const SHORT_BYTES = 16;
const MOST_KNOWN = 1_000;
const NOWHERE = { file: '', line: 0, ordinal: 0 };

/** Records of a few bytes, which are bad: a file of some megabytes has millions, and each is read once. */
export class ShortLines {
  private readonly known = new Map<string, RecordValue>();

  /**
   * @param format of which the reason why a record is bad depends on nothing else; without it, only what is no JSON is bad
   * @param notNumbersMean see `parseJson`
   */
  constructor(
    private readonly format: Format | null = null,
    private readonly notNumbersMean = false,
  ) {}

  /** What the record reads as; of a bad one that was met before, only why it is bad. */
  value(bytes: Uint8Array): RecordValue {
    if (bytes.length > SHORT_BYTES) return parseJson(bytes, this.notNumbersMean);
    const line = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    const known = this.known.get(line);
    if (known) return known;
    const value = parseJson(bytes, this.notNumbersMean);
    // Those that are all different are not read twice each for that.
    const reason = this.known.size < MOST_KNOWN ? this.whyBad(value) : null;
    if (reason !== null) this.known.set(line, { ok: false, reason });
    return value;
  }

  private whyBad(value: RecordValue): string | null {
    if (!value.ok) return value.reason;
    const [part] = this.format ? readParts(value, this.format, NOWHERE, () => '') : [];
    return part?.ok === false ? part.reason : null;
  }
}
