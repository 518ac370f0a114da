/** Finds where in the text a span's evidence stands. A span that has no place keeps its quote and says why. */
import type { Message, StoredSpan } from '../dataset/model';
import { NormalisedText, normaliseQuote } from './normalise';
import { OffsetMap, splitsCharacter } from './offsets';

/**
 * How a place was found. `exact`: the text is the quote. `normalised`: it is, but for case, white space, quote
 * marks or dashes. `offsets`: stated without a quote. `moved`: by the quote, which is not where the span says.
 * `ambiguous`: the first of several places of the quote. `not-found` and `out-of-range`: no place.
 */
export type AnchorStatus =
  | 'exact'
  | 'normalised'
  | 'offsets'
  | 'moved'
  | 'ambiguous'
  | 'not-found'
  | 'out-of-range';

/** UTF-16 units of one message's content, `end` exclusive, never empty. */
export interface Place {
  readonly message: number;
  readonly start: number;
  readonly end: number;
}

export interface AnchoredSpan {
  readonly span: StoredSpan;
  readonly place: Place | null;
  readonly status: AnchorStatus;
  /** The text at `place`, else the quote that was looked for, else ''. */
  readonly quote: string;
  /** A warning in words where the span is not simply where it says it is; names its classifier and label. */
  readonly reason: string | null;
}

/** What anchoring needs of a message. */
type SpokenText = Pick<Message, 'role' | 'content'>;

/**
 * Anchors every span of a transcript, in the order given.
 * A quote outranks the offsets beside it: offsets are counted wrong more often than a quote is made up.
 */
export function anchorSpans(messages: readonly SpokenText[], spans: readonly StoredSpan[]): AnchoredSpan[] {
  const texts = messages.map((message, index) => new MessageText(index, message));
  return spans.map((span) => {
    const found = span.quote ? byQuote(texts, span, span.quote) : byOffsets(texts, span);
    const { place, status, why } = found;
    const text = place && messages[place.message]?.content.slice(place.start, place.end);
    const reason = why && `${span.classifier}, ${span.label}: ${why}`;
    return { span, place, status, quote: text ?? span.quote ?? '', reason };
  });
}

interface Found {
  readonly place: Place | null;
  readonly status: AnchorStatus;
  readonly why: string | null;
}

/** A text to look into, with the way back from its positions to the stored ones. */
interface Haystack {
  readonly text: string;
  storedRange(start: number, end: number): { readonly start: number; readonly end: number } | null;
  positionOf(stored: number): number;
}

type Matching = 'exact' | 'normalised';

/** One message, with what anchoring needs of it made on first use: most are never looked into. */
class MessageText {
  readonly content: string;
  readonly isAssistant: boolean;
  private offsetMap: OffsetMap | null = null;
  private readonly haystacks = new Map<Matching, Haystack>();

  constructor(
    readonly index: number,
    message: SpokenText,
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

  haystack(matching: Matching): Haystack {
    let haystack = this.haystacks.get(matching);
    if (!haystack) {
      haystack = matching === 'exact' ? verbatim(this.content) : new NormalisedText(this.content);
      this.haystacks.set(matching, haystack);
    }
    return haystack;
  }
}

function verbatim(text: string): Haystack {
  const cuts = (position: number) => splitsCharacter(text, position);
  return {
    text,
    // a lone half of an emoji's pair, as a quote, must not be found inside the emoji
    storedRange: (start, end) => (cuts(start) || cuts(end) ? null : { start, end }),
    positionOf: (stored) => stored,
  };
}

function byOffsets(texts: readonly MessageText[], span: StoredSpan): Found {
  const outside = (why: string): Found => ({ place: null, status: 'out-of-range', why });
  const { start, end, unit } = span;
  if (start === null && end === null) return outside('the span has neither a quote nor offsets');
  if (start === null || end === null) return outside('the span has only one of start and end');
  let text: MessageText | undefined;
  if (span.message === null) {
    const assistants = texts.filter((candidate) => candidate.isAssistant);
    if (assistants.length !== 1) {
      return outside(`the span names no message, and ${assistants.length} are from the assistant`);
    }
    [text] = assistants;
  } else {
    text = texts[span.message];
  }
  if (!text)
    return outside(`there is no messages[${span.message}]; the last is messages[${texts.length - 1}]`);
  const place = text.stated(span);
  if (place) return { place, status: 'offsets', why: null };
  const stated = `offsets ${start} to ${end} (${unit})`;
  if (start === end) return outside(`${stated} hold no text`);
  if (start > end) return outside(`${stated} run backwards`);
  return outside(`${stated} lie outside messages[${text.index}], or inside a character of it`);
}

function byQuote(texts: readonly MessageText[], span: StoredSpan, quote: string): Found {
  const needles: readonly (readonly [Matching, string])[] = [
    ['exact', quote],
    ['normalised', normaliseQuote(quote)],
  ];
  const home = span.message === null ? undefined : texts[span.message];
  const others = texts.filter((text) => text !== home);
  const assistantFirst = [
    others.filter((text) => text.isAssistant),
    others.filter((text) => !text.isAssistant),
  ];
  const hasOffsets = span.start !== null && span.end !== null;

  if (hasOffsets) {
    for (const [matching, needle] of needles) {
      for (const text of home ? [home] : assistantFirst.flat()) {
        const place = text.stated(span);
        if (place && saysAt(text, place, matching, needle)) return { place, status: matching, why: null };
      }
    }
  }
  // another message is looked into only when the one that the span names does not say it in any way
  for (const tiers of home ? [[[home]], assistantFirst] : [assistantFirst]) {
    for (const [matching, needle] of needles) {
      for (const tier of tiers) {
        const hit = search(tier, span, matching, needle);
        if (!hit) continue;
        const { place } = hit;
        if (hasOffsets || (span.message !== null && place.message !== span.message)) {
          const where = hasOffsets
            ? 'the offsets do not hold the quote'
            : `messages[${span.message}] does not`;
          const why = `${where}; ${short(quote)} was found in messages[${place.message}] at ${place.start}`;
          return { place, status: 'moved', why };
        }
        if (!hit.several) return { place, status: matching, why: null };
        return {
          place,
          status: 'ambiguous',
          why: `${short(quote)} stands in several places; the first is marked`,
        };
      }
    }
  }
  return { place: null, status: 'not-found', why: `${short(quote)} was not found` };
}

function saysAt(text: MessageText, place: Place, matching: Matching, needle: string): boolean {
  const said = text.content.slice(place.start, place.end);
  return needle !== '' && (matching === 'exact' ? said : normaliseQuote(said)) === needle;
}

/**
 * The place of a quote in the first of `texts` that has it: nearest to the offset that the span states, or the
 * first one; `several` when there are more, in that text or in a later one.
 */
function search(
  texts: readonly MessageText[],
  span: StoredSpan,
  matching: Matching,
  needle: string,
): { readonly place: Place; readonly several: boolean } | null {
  if (needle === '') return null;
  let place: Place | null = null;
  for (const text of texts) {
    const haystack = text.haystack(matching);
    const stated = span.start === null || span.end === null ? null : text.toUtf16(span.start, span);
    const hit = stated === null ? after(haystack, needle, 0) : nearest(haystack, needle, stated);
    if (!hit) continue;
    if (place || after(haystack, needle, hit.position + 1))
      return { place: place ?? inMessage(text, hit), several: true };
    place = inMessage(text, hit);
  }
  return place && { place, several: false };
}

interface Hit {
  /** In the haystack's text. */
  readonly position: number;
  /** In the stored text. */
  readonly start: number;
  readonly end: number;
}

function inMessage(text: MessageText, { start, end }: Hit): Place {
  return { message: text.index, start, end };
}

/** The first occurrence at or after `from` that begins and ends between stored characters. */
function after(haystack: Haystack, needle: string, from: number): Hit | null {
  let position = haystack.text.indexOf(needle, from);
  while (position !== -1) {
    const range = haystack.storedRange(position, position + needle.length);
    if (range) return { position, ...range };
    position = haystack.text.indexOf(needle, position + 1);
  }
  return null;
}

/** The last such occurrence at or before `from`. */
function before(haystack: Haystack, needle: string, from: number): Hit | null {
  let position = haystack.text.lastIndexOf(needle, from);
  while (position !== -1) {
    const range = haystack.storedRange(position, position + needle.length);
    if (range) return { position, ...range };
    // lastIndexOf takes a negative position for 0
    position = position === 0 ? -1 : haystack.text.lastIndexOf(needle, position - 1);
  }
  return null;
}

function nearest(haystack: Haystack, needle: string, stored: number): Hit | null {
  const from = haystack.positionOf(stored);
  const [earlier, later] = [before(haystack, needle, from), after(haystack, needle, from)];
  if (!earlier || !later) return earlier ?? later;
  return stored - earlier.start <= later.start - stored ? earlier : later;
}

function short(quote: string): string {
  const characters = [...quote.slice(0, 160)];
  return `“${characters.length > 60 ? `${characters.slice(0, 60).join('')}…` : quote}”`;
}
