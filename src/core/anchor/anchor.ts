/** Finds where in the text a span's evidence stands. A span that has no place keeps its quote and says why. */
import type { StoredSpan } from '../dataset/model';
import { byOffsets } from './byOffsets';
import { byQuote } from './byQuote';
import { MessageText, type SpokenText } from './messageText';
import type { AnchorStatus, Found, Place } from './place';
import { Effort } from './search';

/** For the quotes of one transcript together: a second or so at the most, and far less than that as a rule. */
const EFFORT = 100_000_000;

export interface AnchoredSpan {
  readonly span: StoredSpan;
  /** The first of `places`. */
  readonly place: Place | null;
  /** More than one for a quote that is stitched together; in one message, ascending and apart. */
  readonly places: readonly Place[];
  readonly status: AnchorStatus;
  /** Share of the quote's letters that stand at `places`, 1 for all; null where no quote was found. */
  readonly quality: number | null;
  /** The text at `places`, with " … " between them; else the quote that was looked for, else ''. */
  readonly quote: string;
  /** A warning in words where the span is not simply where it says it is; names its classifier and label. */
  readonly reason: string | null;
}

/**
 * Anchors every span of a transcript, in the order given.
 * A quote outranks the offsets beside it: offsets are counted wrong more often than a quote is made up.
 */
export function anchorSpans(messages: readonly SpokenText[], spans: readonly StoredSpan[]): AnchoredSpan[] {
  return new AnchorMemory().anchor(messages, spans);
}

/**
 * Anchors spans, and remembers where for as long as anyone holds the messages: what a decision changes of a span
 * (its label, its classifier's name) is not where its evidence stands.
 */
export class AnchorMemory {
  private readonly found = new WeakMap<readonly SpokenText[], Map<string, Found>>();

  /** As `anchorSpans`; the same array of messages must not have changed since it was last given. */
  anchor(messages: readonly SpokenText[], spans: readonly StoredSpan[]): AnchoredSpan[] {
    const known = this.found.get(messages) ?? new Map<string, Found>();
    this.found.set(messages, known);
    const effort = new Effort(EFFORT);
    let texts: MessageText[] | null = null;
    return spans.map((span) => {
      const evidence = evidenceOf(span);
      let found = known.get(evidence);
      if (!found) {
        texts ??= messages.map((message, index) => new MessageText(index, message));
        found = span.quote ? byQuote(texts, span, span.quote, effort) : byOffsets(texts, span);
        known.set(evidence, found);
      }
      return anchored(messages, span, found);
    });
  }
}

/** All that decides where a span is found, as a key. */
function evidenceOf({ message, start, end, unit, quote, prefix, suffix }: StoredSpan): string {
  return JSON.stringify([message, start, end, unit, quote, prefix, suffix]);
}

function anchored(messages: readonly SpokenText[], span: StoredSpan, found: Found): AnchoredSpan {
  const { places, status, quality, why } = found;
  const said = places.map(({ message, start, end }) => messages[message]?.content.slice(start, end) ?? '');
  return {
    span,
    place: places[0] ?? null,
    places,
    status,
    quality,
    quote: places.length > 0 ? said.join(' … ') : (span.quote ?? ''),
    reason: why && `${span.classifier}, ${span.label}: ${why}`,
  };
}
