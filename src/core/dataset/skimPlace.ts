import { placeId } from '../formats/format';
import { hashOf } from './idTable';
import type { NumberedRow } from './indexBatch';

/** The id of records without one: file name and line, as `placeId` has it. */
export class PlaceId {
  private file: string | null = null;
  private bytes = new Uint8Array(0);
  private prefix = 0;

  write(file: string, row: NumberedRow): void {
    if (file !== this.file) {
      const prefix = new TextEncoder().encode(placeId({ file, line: 0, ordinal: 0 }, false));
      this.file = file;
      this.prefix = prefix.length - 1;
      this.bytes = new Uint8Array(prefix.length + 20);
      this.bytes.set(prefix);
    }
    const line = String(row.line);
    for (let i = 0; i < line.length; i++) this.bytes[this.prefix + i] = line.charCodeAt(i);
    row.idBytes = this.bytes;
    row.idStart = 0;
    row.idEnd = this.prefix + line.length;
    row.idHash = hashOf(this.bytes, 0, row.idEnd);
  }
}
