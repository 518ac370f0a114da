import type { Message, StoredSpan } from '../dataset/model';
import { Letters, type Needle } from './approximate';
import { type Kept, MOST_UNITS, NormalisedText } from './normalise';
import { OffsetMap } from './offsets';
import type { Place } from './place';
import { type Effort, folded, type Haystack, lettersOnly, TOUCHED, verbatim } from './search';

/** What anchoring needs of a message. */
export type SpokenText = Pick<Message, 'role' | 'content'>;

/** What is compared: all as it is, or see `Kept`. */
export type Matching = 'exact' | Kept;

type Tiers = readonly [assistant: readonly MessageText[], others: readonly MessageText[]];

/** The messages of a transcript; by tiers, the first of which comes first where a quote may be anyone's. */
export class Texts {
  readonly all: readonly MessageText[];
  readonly tiers: Tiers;
  readonly hasTooLong: boolean;
  private readonly byLength = new Map<number, Tiers>();

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
    this.hasTooLong = this.all.some(({ isTooLong }) => isTooLong);
  }

  /** The tiers without messages that are certain to hold fewer than `least` units, as of the power of two below it. */
  holding(least: number): Tiers {
    const power = least === Number.POSITIVE_INFINITY ? least : 2 ** Math.floor(Math.log2(Math.max(1, least)));
    let tiers = this.byLength.get(power);
    if (!tiers) {
      const holds = ({ mostUnits }: MessageText) => mostUnits >= power;
      tiers = [this.tiers[0].filter(holds), this.tiers[1].filter(holds)];
      this.byLength.set(power, tiers);
    }
    return tiers;
  }
}

/** Normalising takes about twenty bytes a unit, and up to half a second a million. A longer message is searched word for word only. */
const LONGEST_NORMALISED = 2 * 2 ** 20;

/** Of all messages of a transcript together. */
const MOST_NORMALISED = 2 * LONGEST_NORMALISED;

/** Of `Effort`, to make anything of one message, however short. */
const MADE = 200;

const NOT_ASCII = /[\u0080-\uffff]/;

/** One message, with what anchoring needs of it made on first use: most are never looked into. */
export class MessageText {
  readonly content: string;
  readonly isAssistant: boolean;
  private units: number | null = null;
  private offsetMap: OffsetMap | null = null;
  private indexed: Letters | null = null;
  private readonly normalised: { [kept in Kept]?: NormalisedText } = {};
  private readonly haystacks: { [matching in Matching]?: Haystack } = {};

  constructor(
    readonly index: number,
    message: SpokenText,
    readonly isTooLong: boolean,
  ) {
    this.content = message.content;
    this.isAssistant = message.role === 'assistant';
  }

  /** It has no more units than this, however it is normalised. */
  get mostUnits(): number {
    this.units ??= this.content.length * (this.isTooLong || NOT_ASCII.test(this.content) ? MOST_UNITS : 1);
    return this.units;
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
  says({ start, end }: Place, matching: Matching, needle: string, effort: Effort): boolean {
    if (matching === 'exact') return end - start === needle.length && this.content.startsWith(needle, start);
    if (this.isTooLong || needle === '' || needle.length > MOST_UNITS * (end - start)) return false;
    return this.normalise(matching, effort).holds(start, end, needle);
  }

  /** null when the message is too long to be normalised, or is certain to have fewer than `least` units. */
  haystack(matching: Matching, least: number, effort: Effort): Haystack | null {
    effort.spend(TOUCHED);
    if (matching === 'exact' ? this.content.length < least : this.isTooLong || this.mostUnits < least)
      return null;
    this.haystacks[matching] ??= this.makeHaystack(matching, effort);
    return this.haystacks[matching];
  }

  /** null when the message is too long to be normalised, or has fewer letters than `least`. */
  letters(least: number, effort: Effort): Letters | null {
    effort.spend(TOUCHED);
    if (this.isTooLong || this.mostUnits < least || effort.spent) return null;
    const normalised = this.normalise('letters', effort);
    if (normalised.text.length < least) return null;
    if (!this.indexed) {
      effort.spend(MADE);
      this.indexed = new Letters(normalised);
    }
    return this.indexed;
  }

  /** false only where a quote of these letters is certain not to stand; known once some quote was not found here. */
  mayHold(letters: Needle, effort: Effort): boolean {
    return effort.spent || this.indexed === null || this.indexed.mayHold(letters, effort);
  }

  private makeHaystack(matching: Matching, effort: Effort): Haystack {
    effort.spend(MADE);
    if (matching === 'exact') return verbatim(this.content);
    const normalised = this.normalise(matching, effort);
    return matching === 'all' ? folded(normalised) : lettersOnly(normalised);
  }

  private normalise(kept: Kept, effort: Effort): NormalisedText {
    let text = this.normalised[kept];
    if (!text) {
      effort.spend(MADE);
      text = new NormalisedText(this.content, kept);
      this.normalised[kept] = text;
    }
    return text;
  }
}
