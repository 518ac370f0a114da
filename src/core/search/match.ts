import type { Message, Transcript } from '../dataset/model';
import { MOST_TAGS, regions, type TagBudget } from '../dataset/regions';
import { type SearchQuery, type SearchScope, searchPattern } from './query';

/** A stretch of a message's content, in UTF-16 units; never empty. */
export interface TextMatch {
  /** Index into the transcript's messages. */
  readonly message: number;
  readonly start: number;
  readonly end: number;
}

type Searched = Pick<Message, 'role' | 'content' | 'region'>;

/** Every match of a query, in reading order. @throws SearchError when the query is not a regular expression. */
export function matchTranscript(query: SearchQuery, transcript: Pick<Transcript, 'messages'>): TextMatch[] {
  return [...matchesOf(searchPattern(query), query.scope, transcript.messages)];
}

/**
 * The matches of a pattern (`searchPattern`) in messages, one after the other. A message or region is searched as a text
 * of its own: no match runs across their ends.
 */
export function* matchesOf(
  pattern: RegExp,
  scope: SearchScope,
  messages: readonly Searched[],
): Generator<TextMatch> {
  const tags = { left: MOST_TAGS };
  for (const [message, searched] of messages.entries()) {
    for (const [from, to] of stretches(searched, scope, tags)) {
      for (const found of searched.content.slice(from, to).matchAll(pattern)) {
        const { index, 0: text } = found;
        if (text !== '') yield { message, start: from + index, end: from + index + text.length };
      }
    }
  }
}

function stretches(
  message: Searched,
  scope: SearchScope,
  tags: TagBudget,
): readonly (readonly [number, number])[] {
  const whole = [[0, message.content.length]] as const;
  if (scope === 'everywhere') return whole;
  if (scope === 'scratchpad' || scope === 'draft' || scope === 'output') {
    return regions({ ...message, prefill: 0 }, tags)
      .filter(({ kind }) => kind === scope)
      .map(({ start, end }) => [start, end]);
  }
  return message.role.toLowerCase() === scope ? whole : [];
}
