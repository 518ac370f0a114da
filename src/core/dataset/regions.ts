/** Tells scratchpad, draft and output apart by the tags in a message. */
import type { Message, RegionKind } from './model';

/** A stretch of a message's content in UTF-16 units, its tags included. */
export interface Region {
  readonly kind: RegionKind | 'text';
  readonly start: number;
  readonly end: number;
  /** false: its tag was opened and never closed. */
  readonly closed: boolean;
}

const KINDS: ReadonlyMap<string, RegionKind> = new Map([
  ['scratchpad_reasoning', 'scratchpad'],
  ['hidden_scratchpad', 'scratchpad'],
  ['think', 'scratchpad'],
  ['draft_output', 'draft'],
  ['output', 'output'],
  ['response', 'output'],
]);

/**
 * With white space or attributes (`<think id="2">`) in it or not; `<output/>` holds nothing. No two neighbouring parts
 * match the same white space, and attributes are bounded: a tag that never ends must not cost the square of the text.
 */
const TAG =
  /<\s*(\/\s*)?(scratchpad_reasoning|hidden_scratchpad|think|draft_output|output|response)(?:\s*|\s+[\w:-]{1,40}=[^<>]{0,200})(?<!\/)>/gi;

/** Of one transcript so many tags part its text: a page of them is drawn, and a text made of nothing else fills the memory. */
export const MOST_TAGS = 40_000;

/** So many tags may still be looked at, of any number of messages. Less than none: there were more. */
export interface TagBudget {
  left: number;
}

interface Tag {
  readonly name: string;
  readonly kind: RegionKind;
  readonly opens: boolean;
  readonly start: number;
  readonly end: number;
  /** The next tag of any name, the next of this name, and the next that closes this name. */
  following: Tag | null;
  next: Tag | null;
  nextClose: Tag | null;
}

/**
 * The regions of a message: they cover the whole of its content, in order. Only what an assistant wrote is split.
 *
 * Tags may be mentioned inside the reasoning ("I'll put it in <OUTPUT> tags"), so whatever stands between an
 * opening tag and its closing one is that region's text. An unclosed region ends where the next one of another
 * kind starts in earnest, or with the message. Reasoning that is closed but was never opened (its opening tag
 * stood in the prompt) starts with the message.
 *
 * @param budget what may be looked at; tags behind that are text
 */
export function regions(message: Message, budget: TagBudget = { left: MOST_TAGS }): Region[] {
  const { content } = message;
  if (content === '') return [];
  if (message.region !== null || message.role !== 'assistant') {
    return [{ kind: message.region ?? 'text', start: 0, end: content.length, closed: true }];
  }
  const tags = findTags(content, budget);
  const found: Region[] = [];
  let covered = 0;
  const add = (kind: Region['kind'], end: number, closed: boolean) => {
    if (end > covered) found.push({ kind, start: covered, end, closed });
    covered = Math.max(covered, end);
  };

  const orphan = closesUnopened(tags);
  if (orphan) add('scratchpad', lastClose(orphan, content).end, true);
  for (const tag of tags) {
    if (!tag.opens || tag.start < covered) continue;
    add('text', tag.start, true);
    if (tag.nextClose) add(tag.kind, lastClose(tag.nextClose, content).end, true);
    else add(tag.kind, nextOfAnotherKind(tag, content)?.start ?? content.length, false);
  }
  add('text', content.length, true);
  return found;
}

function findTags(content: string, budget: TagBudget): Tag[] {
  const tags: Tag[] = [];
  for (const match of content.matchAll(TAG)) {
    if (--budget.left < 0) break;
    const name = (match[2] ?? '').toLowerCase();
    const kind = KINDS.get(name);
    if (kind === undefined) continue;
    const [start, end] = [match.index, match.index + match[0].length];
    tags.push({
      name,
      kind,
      opens: match[1] === undefined,
      start,
      end,
      following: null,
      next: null,
      nextClose: null,
    });
  }
  let following: Tag | null = null;
  const nextOf = new Map<string, Tag>();
  for (const tag of tags.toReversed()) {
    tag.following = following;
    tag.next = nextOf.get(tag.name) ?? null;
    tag.nextClose = tag.next && (tag.next.opens ? tag.next.nextClose : tag.next);
    following = tag;
    nextOf.set(tag.name, tag);
  }
  return tags;
}

/**
 * Of several closing tags in a row of one name the one that ends the region: the first with nothing but another
 * region, or the end, behind it. Where none stands like that the last one wins; the others were mentions.
 */
function lastClose(first: Tag, content: string): Tag {
  let last = first;
  while (!endsRegion(last, content) && last.next && !last.next.opens) last = last.next;
  return last;
}

function endsRegion(close: Tag, content: string): boolean {
  const { following } = close;
  if (/\S/.test(content.slice(close.end, following?.start))) return false;
  return following === null || startsInEarnest(following, content);
}

/** Where an unclosed region ends. */
function nextOfAnotherKind(open: Tag, content: string): Tag | null {
  let tag = open.following;
  while (tag && (tag.kind === open.kind || !startsInEarnest(tag, content))) tag = tag.following;
  return tag;
}

/** An empty pair of tags, or one that is opened again before it closes, is only talked about. */
function startsInEarnest(tag: Tag, content: string): boolean {
  if (!tag.opens) return false;
  if (tag.next === null) return true;
  return !tag.next.opens && /\S/.test(content.slice(tag.end, tag.next.start));
}

/** The closing tag of reasoning that was never opened: no opening tag before it, and not mentioned in an output. */
function closesUnopened(tags: readonly Tag[]): Tag | null {
  const first = tags.find((tag) => tag.kind === 'scratchpad');
  if (!first || first.opens) return null;
  const mentioned = tags.some(
    (tag) =>
      tag.opens && tag.start < first.start && tag.next?.opens === false && tag.next.start > first.start,
  );
  return mentioned ? null : first;
}
