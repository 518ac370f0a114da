/**
 * Bytes that were read once, with what they mean, to be recognised when they come again: who stands before the same
 * bytes in the same state stands behind them in the same state, and need not read them. Compared four at a time.
 */
export class SeenBytes {
  private words = new Int32Array(16);
  private length = 0;
  meaning = -1;

  /** Keeps bytes [from, to) of a view. Fewer than four are never recognised. */
  set(view: DataView, from: number, to: number, meaning: number): void {
    this.length = 0;
    if (to - from < 4) return;
    const last = to - 4;
    const words = ((last - from + 3) >> 2) + 1;
    if (words > this.words.length) this.words = new Int32Array(2 * words);
    let word = 0;
    for (let at = from; at < last; at += 4) this.words[word++] = view.getInt32(at, true);
    this.words[word] = view.getInt32(last, true);
    this.length = to - from;
    this.meaning = meaning;
  }

  /** How many bytes from `from` on are these; 0 when they are not, or would reach beyond `to`. */
  lengthAt(view: DataView, from: number, to: number): number {
    const last = from + this.length - 4;
    if (this.length === 0 || last + 4 > to) return 0;
    let word = 0;
    for (let at = from; at < last; at += 4) if (view.getInt32(at, true) !== this.words[word++]) return 0;
    return view.getInt32(last, true) === this.words[word] ? this.length : 0;
  }
}
