/** Finds a quote: word for word, then but for what judges change as they copy, then nearly, then in pieces. */
import type { StoredSpan } from '../dataset/model';
import { alike, Needle } from './approximate';
import { Context } from './context';
import type { Matching, MessageText, Texts } from './messageText';
import { normaliseQuote } from './normalise';
import { type AnchorStatus, type Found, type Place, percent } from './place';
import { after, type Effort, nearest, TOUCHED } from './search';
import { leastToStitch, type Part, partsOf, stitch } from './stitch';

/** Places of one quote that are compared with the context that the span states. */
const COMPARED = 1_000;
/** Of `Effort`, to compare one of them. */
const CONTEXT_STEPS = 3_000;
/** Of `Effort`, for each unit of a quote: to fold it, and to cut it into what is looked for. */
const STEPS_A_UNIT = 18;

/** Of `Effort`, to count where in a message the offsets are. */
const STATED = 30;

/** How much work the quotes of one transcript may still make: to find them as they are, and to find words like them. */
export interface Efforts {
  readonly literal: Effort;
  readonly like: Effort;
}

interface Wanted {
  /** All messages, by their index. */
  readonly texts: readonly MessageText[];
  readonly span: StoredSpan;
  readonly quote: string;
  /** By what is compared, strictest first. */
  readonly needles: readonly (readonly [Matching, string])[];
  readonly letters: Needle;
  readonly hasOffsets: boolean;
  readonly hasContext: boolean;
}

/**
 * Where a quote stands. What matches better outranks the message that the span names, since producers count messages
 * differently; of what matches equally, that message comes first, then what the assistant said, then the rest.
 */
export function byQuote(texts: Texts, span: StoredSpan, quote: string, { literal, like }: Efforts): Found {
  if (!literal.spend(quote.length * STEPS_A_UNIT)) return notSought(quote, 'it was not looked for');
  const letters = new Needle(normaliseQuote(quote, 'letters'));
  const needles: Wanted['needles'] = [
    ['exact', quote],
    ['all', normaliseQuote(quote)],
    ['letters', letters.text],
  ];
  const wanted: Wanted = {
    texts: texts.all,
    span,
    quote,
    letters,
    needles: needles.filter(([, needle]) => needle !== ''),
    hasOffsets: span.start !== null && span.end !== null,
    hasContext: Boolean(span.prefix || span.suffix),
  };
  const home = span.message === null ? undefined : texts.all[span.message];
  const near = home ? [home] : [];
  const inHome = whereStated(near, wanted, literal) ?? literally([near], wanted, literal);
  if (literal.spent) return notSought(quote, 'it was not looked for');
  if (inHome) return inHome;

  const tiersHolding = (least: number) =>
    texts.holding(least).map((tier) => tier.filter((text) => text !== home));
  const tiers = tiersHolding(Math.min(...wanted.needles.map(([, needle]) => needle.length)));
  // what is done with each message before it is looked into
  literal.spend(tiers.reduce((sum, tier) => sum + tier.length, 0));
  const elsewhere =
    (home ? null : whereStated(tiers.flat(), wanted, literal)) ?? literally(tiers, wanted, literal);
  if (literal.spent) return notSought(quote, 'it was not looked for everywhere');
  if (elsewhere) return elsewhere;
  const found = firstOf([near, ...tiersHolding(letters.leastLetters)], (tier) => nearly(tier, wanted, like));
  if (found) return found;
  const parts = like.spent ? [] : partsOf(quote, like);
  const least = leastToStitch(parts);
  return (
    firstOf([near, ...tiersHolding(least)].flat(), (text) => inPieces(text, parts, least, wanted, like)) ??
    (like.spent
      ? notSought(quote, 'it does not stand there word for word, and words like it were not looked for')
      : notFound(texts, quote))
  );
}

function firstOf<T>(items: readonly T[], find: (item: T) => Found | null): Found | null {
  for (const item of items) {
    const found = find(item);
    if (found) return found;
  }
  return null;
}

function whereStated(
  texts: readonly MessageText[],
  { span, needles, hasOffsets }: Wanted,
  effort: Effort,
): Found | null {
  if (!hasOffsets || !effort.spend(STATED * texts.length)) return null;
  const stated = texts.flatMap((text) => {
    const place = text.stated(span);
    return place ? { text, place } : [];
  });
  for (const [matching, needle] of needles) {
    for (const { text, place } of stated) {
      if (!effort.spend(TOUCHED)) return null;
      if (!text.says(place, matching, needle, effort)) continue;
      return { places: [place], status: statusOf(matching), quality: 1, why: null };
    }
  }
  return null;
}

function literally(tiers: readonly (readonly MessageText[])[], wanted: Wanted, effort: Effort): Found | null {
  const { letters } = wanted;
  const holding = tiers.map((tier) => tier.filter((text) => text.mayHold(letters, effort)));
  for (const [matching, needle] of wanted.needles) {
    for (const tier of holding) {
      const chosen = choose(occurrences(tier, wanted, matching, needle, effort), wanted, effort);
      if (chosen) return settle([chosen.place], statusOf(matching), 1, chosen.several, wanted);
    }
  }
  return null;
}

/** As many places of a needle as it takes to choose one. */
function occurrences(
  tier: readonly MessageText[],
  { span, hasOffsets, hasContext }: Wanted,
  matching: Matching,
  needle: string,
  effort: Effort,
): Place[] {
  const places: Place[] = [];
  const enough = hasContext ? COMPARED : 2;
  for (const text of tier) {
    if (effort.spent) return places;
    const haystack = text.haystack(matching, needle.length, effort);
    if (!haystack) continue;
    const stated = hasOffsets && span.start !== null ? text.toUtf16(span.start, span) : null;
    if (stated !== null) {
      const hit = nearest(haystack, needle, stated, effort);
      if (hit) places.push({ message: text.index, start: hit.start, end: hit.end });
      continue;
    }
    let hit = after(haystack, needle, 0, effort);
    while (hit) {
      places.push({ message: text.index, start: hit.start, end: hit.end });
      if (places.length === enough) return places;
      hit = after(haystack, needle, hit.position + 1, effort);
    }
  }
  return places;
}

/** The places of the tier that are most like the quote. */
function nearly(tier: readonly MessageText[], wanted: Wanted, effort: Effort): Found | null {
  let [errors, places]: [number, Place[]] = [Number.POSITIVE_INFINITY, []];
  for (const text of effort.spent ? [] : tier) {
    const letters = text.letters(wanted.letters.leastLetters, effort);
    for (const match of letters ? alike(letters, wanted.letters, effort) : []) {
      const range = letters?.normalised.storedRange(match.start, match.end);
      if (!range || match.errors > errors) continue;
      if (match.errors < errors) [errors, places] = [match.errors, []];
      places.push({ message: text.index, ...range });
    }
  }
  const chosen = choose(places, wanted, effort);
  const quality = 1 - errors / wanted.letters.text.length;
  return chosen && settle([chosen.place], 'approximate', quality, chosen.several, wanted);
}

function inPieces(
  text: MessageText,
  parts: readonly Part[],
  least: number,
  wanted: Wanted,
  effort: Effort,
): Found | null {
  const letters = text.letters(least, effort);
  const stitched = letters && stitch(letters, parts, effort);
  if (!stitched) return null;
  const places = stitched.pieces.flatMap(({ start, end }): Place[] => {
    const range = letters.normalised.storedRange(start, end);
    return range ? [{ message: text.index, ...range }] : [];
  });
  const status = places.length > 1 ? 'stitched' : 'approximate';
  return settle(places, status, stitched.quality, false, wanted);
}

/** One of several places that say the same: nearest to the stated offset, or in the stated context, or the first. */
function choose(
  places: readonly Place[],
  { texts, span, hasOffsets, hasContext }: Wanted,
  effort: Effort,
): { readonly place: Place; readonly several: boolean } | null {
  const [first] = places;
  if (!first) return null;
  const several = places.length > 1;
  if (!several || !(hasOffsets || hasContext)) return { place: first, several };
  let context: Context | null = null;
  const score = (place: Place): number => {
    const text = texts[place.message];
    if (!text) return 0;
    if (span.start === null || !hasOffsets) {
      context ??= new Context(span);
      return effort.spend(CONTEXT_STEPS) ? context.score(text.content, place) : 0;
    }
    const stated = text.toUtf16(span.start, span);
    return stated === null ? Number.NEGATIVE_INFINITY : -Math.abs(place.start - stated);
  };
  let best = { place: first, score: score(first), several: false };
  for (const place of places.slice(1)) {
    const its = score(place);
    if (its > best.score) best = { place, score: its, several: false };
    else if (its === best.score) best.several = true;
  }
  return best;
}

/** What is to be said of places that were found, seeing where the span says it is. */
function settle(
  places: readonly Place[],
  status: AnchorStatus,
  quality: number,
  several: boolean,
  { texts, span, quote, hasOffsets }: Wanted,
): Found | null {
  const [place] = places;
  if (!place) return null;
  const found = { places, quality };
  const share = quality < 1 ? `, ${percent(quality)} of its letters` : '';
  const stated = texts[place.message]?.stated(span);
  const isThere = places.some(({ start, end }) => stated && start < stated.end && end > stated.start);
  const literal = status === 'exact' || status === 'normalised';
  const elsewhere = hasOffsets
    ? literal || !isThere
    : span.message !== null && span.message !== place.message;
  if (elsewhere) {
    const where = hasOffsets ? 'the offsets do not hold the quote' : `messages[${span.message}] does not`;
    const why = `${where}; ${short(quote)} was found in messages[${place.message}] at ${place.start}${share}`;
    return { ...found, status: 'moved', why };
  }
  if (several) {
    const why = `${short(quote)} stands in several places${share}; the first is marked`;
    return { ...found, status: 'ambiguous', why };
  }
  if (literal) return { ...found, status, why: null };
  if (status === 'approximate')
    return { ...found, status, why: `only words like ${short(quote)} were found${share}` };
  return { ...found, status, why: `${short(quote)} is put together from ${places.length} places${share}` };
}

/** Of a quote that took too long to be looked for. */
function notSought(quote: string, what: string): Found {
  const why = `${short(quote)}: ${what}, as the quotes of this transcript take too long to look for`;
  return { places: [], status: 'not-sought', quality: null, why };
}

function notFound({ hasTooLong }: Texts, quote: string): Found {
  const but = hasTooLong ? '; the longest messages were searched word for word only' : '';
  return { places: [], status: 'not-found', quality: null, why: `${short(quote)} was not found${but}` };
}

function statusOf(matching: Matching): 'exact' | 'normalised' {
  return matching === 'exact' ? 'exact' : 'normalised';
}

function short(quote: string): string {
  const characters = [...quote.slice(0, 160)];
  return `“${characters.length > 60 ? `${characters.slice(0, 60).join('')}…` : quote}”`;
}
