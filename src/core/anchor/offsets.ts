import type { OffsetUnit } from '../dataset/model';

/** UTF-16 units between checkpoints: the most that one conversion has to walk. */
const STEP = 64;

/**
 * Converts offsets into one text between the units that producers count in and UTF-16 units.
 * One pass lays checkpoints, so that thousands of spans over a megabyte do not each start from 0.
 * A lone surrogate is one code point and three bytes, as Python's `surrogatepass` and WTF-8 count it.
 */
export class OffsetMap {
  private readonly units: number[] = [0];
  private readonly codepoints: number[] = [0];
  private readonly bytes: number[] = [0];
  private readonly ascii: boolean;

  constructor(private readonly text: string) {
    this.ascii = !/[\u0080-\uffff]/.test(text);
    if (!this.ascii) this.layCheckpoints();
  }

  /**
   * The UTF-16 position of `offset`, which counts in `unit`.
   * null when it is outside the text, not a whole number, or inside a character.
   */
  toUtf16(offset: number, unit: OffsetUnit): number | null {
    if (!Number.isInteger(offset) || offset < 0) return null;
    if (unit === 'utf16' || this.ascii) return this.isPosition(offset) ? offset : null;
    const column = unit === 'byte' ? this.bytes : this.codepoints;
    const checkpoint = lastAtMost(column, offset);
    let counted = column[checkpoint] ?? 0;
    let position = this.units[checkpoint] ?? 0;
    while (counted < offset && position < this.text.length) {
      const character = this.text.codePointAt(position) ?? 0;
      counted += unit === 'byte' ? byteLength(character) : 1;
      position += character > 0xffff ? 2 : 1;
    }
    return counted === offset ? position : null;
  }

  /**
   * The offset in `unit` of a UTF-16 position; the inverse of `toUtf16`.
   * null when the position is outside the text, not a whole number, or inside a character.
   */
  fromUtf16(target: number, unit: OffsetUnit): number | null {
    if (!Number.isInteger(target) || target < 0 || !this.isPosition(target)) return null;
    if (unit === 'utf16' || this.ascii) return target;
    const checkpoint = lastAtMost(this.units, target);
    let counted = (unit === 'byte' ? this.bytes : this.codepoints)[checkpoint] ?? 0;
    let position = this.units[checkpoint] ?? 0;
    while (position < target) {
      const character = this.text.codePointAt(position) ?? 0;
      counted += unit === 'byte' ? byteLength(character) : 1;
      position += character > 0xffff ? 2 : 1;
    }
    return counted;
  }

  private isPosition(position: number): boolean {
    return position <= this.text.length && !splitsCharacter(this.text, position);
  }

  private layCheckpoints(): void {
    let [position, codepoints, bytes, next] = [0, 0, 0, STEP];
    while (position < this.text.length) {
      if (position >= next) {
        this.units.push(position);
        this.codepoints.push(codepoints);
        this.bytes.push(bytes);
        next = position + STEP;
      }
      const character = this.text.codePointAt(position) ?? 0;
      codepoints += 1;
      bytes += byteLength(character);
      position += character > 0xffff ? 2 : 1;
    }
  }
}

/** Whether a UTF-16 position stands between the two halves of one character: text cut there cannot be shown. */
export function splitsCharacter(text: string, position: number): boolean {
  return position > 0 && (text.codePointAt(position - 1) ?? 0) > 0xffff;
}

/** At most some thousands of UTF-16 units: each is an argument. */
export function stringOf(units: Uint16Array): string {
  // to spread them asks an iterator for each, which takes several times as long
  return String.fromCharCode.apply(null, units as unknown as number[]);
}

function byteLength(character: number): number {
  if (character < 0x80) return 1;
  if (character < 0x800) return 2;
  return character < 0x10000 ? 3 : 4;
}

/** Index of the last value of an ascending list (which starts at 0) that is not above `limit`. */
export function lastAtMost(ascending: ArrayLike<number>, limit: number): number {
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((ascending[middle] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
