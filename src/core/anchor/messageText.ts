import type { Message, StoredSpan } from '../dataset/model';
import { Letters, type Needle } from './approximate';
import { type Kept, NormalisedText } from './normalise';
import { OffsetMap } from './offsets';
import type { Place } from './place';
import { type Effort, folded, type Haystack, lettersOnly, verbatim } from './search';

/** What anchoring needs of a message. */
export type SpokenText = Pick<Message, 'role' | 'content'>;

/** What is compared: all as it is, or see `Kept`. */
export type Matching = 'exact' | Kept;

/** The messages of a transcript; by tiers, the first of which comes first where a quote may be anyone's. */
export class Texts {
  readonly all: readonly MessageText[];
  readonly tiers: readonly [assistant: readonly MessageText[], others: readonly MessageText[]];

  constructor(messages: readonly SpokenText[]) {
    let left = MOST_NORMALISED;
    this.all = messages.map((message, index) => {
      const isTooLong = message.content.length > Math.min(left, LONGEST_NORMALISED);
      if (!isTooLong) left -= message.content.length;
      return new MessageText(index, message, isTooLong);
    });
    this.tiers = [
      this.all.filter(({ isAssistant }) => isAssistant),
      this.all.filter(({ isAssistant }) => !isAssistant),
    ];
  }
}

/** Normalising takes about twenty bytes a unit, and up to half a second a million. A longer message is searched word for word only. */
const LONGEST_NORMALISED = 2 * 2 ** 20;

/** Of all messages of a transcript together. */
const MOST_NORMALISED = 2 * LONGEST_NORMALISED;

/** One message, with what anchoring needs of it made on first use: most are never looked into. */
export class MessageText {
  readonly content: string;
  readonly isAssistant: boolean;
  private offsetMap: OffsetMap | null = null;
  private indexed: Letters | null = null;
  private readonly normalised = new Map<Kept, NormalisedText>();
  private readonly haystacks = new Map<Matching, Haystack>();

  constructor(
    readonly index: number,
    message: SpokenText,
    readonly isTooLong: boolean,
  ) {
    this.content = message.content;
    this.isAssistant = message.role === 'assistant';
  }

  toUtf16(offset: number, span: StoredSpan): number | null {
    this.offsetMap ??= new OffsetMap(this.content);
    return this.offsetMap.toUtf16(offset, span.unit);
  }

  /** Where the span says it is; null when that is no stretch of this message's characters. */
  stated(span: StoredSpan): Place | null {
    if (span.start === null || span.end === null) return null;
    const [start, end] = [this.toUtf16(span.start, span), this.toUtf16(span.end, span)];
    return start === null || end === null || start >= end ? null : { message: this.index, start, end };
  }

  /** Whether the needle stands at a place, all of it and nothing else. */
  says({ start, end }: Place, matching: Matching, needle: string): boolean {
    if (matching === 'exact') return end - start === needle.length && this.content.startsWith(needle, start);
    return !this.isTooLong && this.normalise(matching).holds(start, end, needle);
  }

  /** null when the message is too long to be normalised. */
  haystack(matching: Matching): Haystack | null {
    if (matching !== 'exact' && this.isTooLong) return null;
    let haystack = this.haystacks.get(matching);
    if (!haystack) {
      haystack = this.makeHaystack(matching);
      this.haystacks.set(matching, haystack);
    }
    return haystack;
  }

  /** null when the message is too long to be normalised. */
  letters(): Letters | null {
    if (this.isTooLong) return null;
    this.indexed ??= new Letters(this.normalise('letters'));
    return this.indexed;
  }

  /** false only where a quote of these letters is certain not to stand; known once some quote was not found here. */
  mayHold(letters: Needle, effort: Effort): boolean {
    return effort.spent || this.indexed === null || this.indexed.mayHold(letters, effort);
  }

  private makeHaystack(matching: Matching): Haystack {
    if (matching === 'exact') return verbatim(this.content);
    return matching === 'all' ? folded(this.normalise('all')) : lettersOnly(this.normalise('letters'));
  }

  private normalise(kept: Kept): NormalisedText {
    let text = this.normalised.get(kept);
    if (!text) {
      text = new NormalisedText(this.content, kept);
      this.normalised.set(kept, text);
    }
    return text;
  }
}
