/** Finds where in the text a span's evidence stands. A span that has no place keeps its quote and says why. */
import type { StoredSpan } from '../dataset/model';
import { byOffsets } from './byOffsets';
import { byQuote, type Efforts } from './byQuote';
import { type SpokenText, Texts } from './messageText';
import type { AnchorStatus, Found, Place } from './place';
import { Effort } from './search';

/**
 * For the quotes of one transcript together, in steps (see `Effort`): some seconds at the most, and far less than that as a
 * rule. Agents have thousands of messages, and judges hundreds of quotes, in none of which they say whose it is.
 */
const LITERAL = 180_000_000;
const LIKE = 70_000_000;

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

/** Of the same texts. Most spans are the same objects each time; a decision makes another of one, with the same evidence. */
interface Known {
  readonly byEvidence: Map<string, Found>;
  readonly bySpan: WeakMap<StoredSpan, AnchoredSpan>;
}

/**
 * Anchors spans, and remembers where for as long as anyone holds the messages: what a decision changes of a span
 * (its label, its classifier's name) is not where its evidence stands.
 */
export class AnchorMemory {
  private readonly found = new WeakMap<readonly SpokenText[], Known>();

  /** @param efforts steps for the quotes of one transcript that are not known yet, of each kind: see `Efforts` */
  constructor(private readonly efforts = { literal: LITERAL, like: LIKE }) {}

  /** As `anchorSpans`; neither the array of messages nor a span may have changed since they were last given. */
  anchor(messages: readonly SpokenText[], spans: readonly StoredSpan[]): AnchoredSpan[] {
    const known: Known = this.found.get(messages) ?? { byEvidence: new Map(), bySpan: new WeakMap() };
    this.found.set(messages, known);
    const efforts: Efforts = {
      literal: new Effort(this.efforts.literal),
      like: new Effort(this.efforts.like),
    };
    let texts: Texts | null = null;
    return spans.map((span) => {
      const before = known.bySpan.get(span);
      if (before) return before;
      const evidence = evidenceOf(span);
      let found = known.byEvidence.get(evidence);
      if (!found) {
        texts ??= new Texts(messages);
        found = span.quote ? byQuote(texts, span, span.quote, efforts) : byOffsets(texts, span);
        known.byEvidence.set(evidence, found);
      }
      const now = anchored(messages, span, found);
      known.bySpan.set(span, now);
      return now;
    });
  }
}

/** What is to be warned of, in words: each span's reason, and once for all how many were not looked for. */
export function anchorWarnings(anchored: readonly AnchoredSpan[]): string[] {
  const sought = anchored.filter(({ status }) => status !== 'not-sought');
  const left = anchored.length - sought.length;
  const reasons = sought.flatMap(({ reason }) => reason ?? []);
  if (left === 0) return reasons;
  const quotes = left === 1 ? '1 quote was' : `${left} quotes were`;
  return [
    ...reasons,
    `${quotes} not looked for to the end: the quotes of this transcript take too long to look for`,
  ];
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
