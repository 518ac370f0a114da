import { type AnchoredSpan, anchorSpans } from '../../../src/core/anchor/anchor';
import type { Message, StoredSpan } from '../../../src/core/dataset/model';

export const message = (role: string, content: string): Message => ({
  role,
  content,
  prefill: 0,
  region: null,
});

export const span = (fields: Partial<StoredSpan>): StoredSpan => ({
  id: 's1',
  classifier: 'af-partial',
  label: 'alignment_faking',
  message: null,
  start: null,
  end: null,
  unit: 'codepoint',
  quote: null,
  score: null,
  ...fields,
});

export function anchor(messages: readonly Message[], fields: Partial<StoredSpan>): AnchoredSpan {
  const [found] = anchorSpans(messages, [span(fields)]);
  if (!found) throw new Error('one span in, one out');
  return found;
}
