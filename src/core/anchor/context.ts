import type { StoredSpan } from '../dataset/model';
import { foldLetter, normaliseQuote } from './normalise';
import { splitsCharacter } from './offsets';
import type { Place } from './place';

/** Units of context that are compared: more tells no two places apart that this does not, but for made-up texts. */
const COMPARED = 256;
/** Units of a text that are looked at for them: white space and signs are left out. */
const LOOKED_AT = 2 * COMPARED;

/** What stands beside a quote, as its span says: one for all places that are compared with it. */
export class Context {
  private readonly before: string;
  private readonly after: string;
  /** Folding a character is not cheap, and many places begin and end alike. */
  private readonly known = new Map<number, string>();

  constructor({ prefix, suffix }: StoredSpan) {
    this.before = prefix
      ? normaliseQuote(cut(prefix, prefix.length - COMPARED, prefix.length), 'letters')
      : '';
    this.after = suffix ? normaliseQuote(cut(suffix, 0, COMPARED), 'letters') : '';
  }

  /** How many letters beside a place are those that the span has beside its quote; no more is looked at than that. */
  score(content: string, { start, end }: Place): number {
    return this.scoreBefore(content, start) + this.scoreAfter(content, end);
  }

  private scoreBefore(content: string, start: number): number {
    const { before } = this;
    const least = Math.max(0, start - LOOKED_AT);
    let left = before.length;
    // Of a character of two halves the second alone is no letter; at the first all of it is seen.
    for (let at = start - 1; at >= least && left > 0; at--) {
      const letters = this.fold(content, at);
      let unit = letters.length;
      while (unit > 0 && left > 0 && letters[unit - 1] === before[left - 1]) {
        unit--;
        left--;
      }
      if (unit > 0) break;
    }
    return before.length - left;
  }

  private scoreAfter(content: string, end: number): number {
    const { after } = this;
    const most = Math.min(content.length, end + LOOKED_AT);
    let right = 0;
    for (let at = splitsCharacter(content, end) ? end + 1 : end; at < most && right < after.length; ) {
      const width = splitsCharacter(content, at + 1) ? 2 : 1;
      if (at + width > most) break;
      const letters = this.fold(content, at);
      let unit = 0;
      while (unit < letters.length && right < after.length && letters[unit] === after[right]) {
        unit++;
        right++;
      }
      if (unit < letters.length) break;
      at += width;
    }
    return right;
  }

  private fold(content: string, at: number): string {
    const code = content.codePointAt(at) ?? 0;
    const known = this.known.get(code) ?? foldLetter(code);
    this.known.set(code, known);
    return known;
  }
}

function cut(text: string, from: number, to: number): string {
  const [start, end] = [Math.max(0, from), Math.min(text.length, to)];
  return text.slice(
    splitsCharacter(text, start) ? start + 1 : start,
    splitsCharacter(text, end) ? end - 1 : end,
  );
}
