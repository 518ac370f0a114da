import { afterSpace, afterValue, CLOSE_OBJECT, COMMA, OPEN_OBJECT } from './skimJson';
import { KeyReader } from './skimKeys';

/**
 * Cuts JSON objects down to the members that are wanted, without parsing the others: a profile that needs no texts can
 * have the rest parsed, at a fraction of the cost.
 */
export class MemberPicker {
  private readonly keys: KeyReader;
  /** Where each wanted member begins and ends, from behind the brace or comma before it. */
  private readonly cuts: number[] = [];

  /** @param keys of members of the object itself, not of objects inside it. */
  constructor(keys: ReadonlySet<string>) {
    this.keys = new KeyReader(new Map([...keys].map((key) => [key, 1])));
  }

  /**
   * An object of the wanted members alone, in their order and as they were written, one that occurs twice twice: parsed,
   * it has what the whole object has. null where that cannot be told without parsing: no object, broken, or with escapes
   * in its keys. What is broken inside of a value that is left out goes unseen.
   */
  pick(bytes: Uint8Array): Uint8Array | null {
    const { keys, cuts } = this;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const to = bytes.length;
    cuts.length = 0;
    let length = 2;
    let place = 0;
    let at = afterSpace(bytes, 0, to);
    if (bytes[at] !== OPEN_OBJECT) return null;
    if (bytes[afterSpace(bytes, at + 1, to)] === CLOSE_OBJECT) at = afterSpace(bytes, at + 1, to);
    else {
      do {
        const start = at + 1;
        at = keys.read(bytes, view, at, to, place++);
        if (at >= 0) at = afterValue(bytes, at, to);
        if (at < 0) return null;
        if (keys.member !== 0) {
          length += at - start + (cuts.length > 0 ? 1 : 0);
          cuts.push(start, at);
        }
        at = afterSpace(bytes, at, to);
      } while (bytes[at] === COMMA);
    }
    if (bytes[at] !== CLOSE_OBJECT || afterSpace(bytes, at + 1, to) !== to) return null;
    return this.cutOut(bytes, length);
  }

  private cutOut(bytes: Uint8Array, length: number): Uint8Array {
    const picked = new Uint8Array(length);
    let end = 0;
    picked[end++] = OPEN_OBJECT;
    for (let i = 0; i < this.cuts.length; i += 2) {
      const member = bytes.subarray(this.cuts[i], this.cuts[i + 1]);
      if (i > 0) picked[end++] = COMMA;
      picked.set(member, end);
      end += member.length;
    }
    picked[end] = CLOSE_OBJECT;
    return picked;
  }
}
