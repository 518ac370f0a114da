import type { NoteDecision } from '../review/state';
import { jsonText } from './jsonText';

/**
 * Notes in one text, each behind its reviewer's name. Further lines of a note are indented, and a name that could be taken
 * for more than one is in quotes: nobody's note can pass for another's. Those on a text that has changed since are left out.
 */
export function notesText(notes: readonly NoteDecision[]): string {
  return notes
    .filter(({ stale }) => !stale)
    .map(({ reviewer, text }) => `${nameOf(reviewer)}: ${text.replaceAll(LINE_BREAK, '$&  ')}`)
    .join('\n');
}

/** All that Python's splitlines takes for one. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: some of these are
const LINE_BREAK = /\r\n|[\n\v\f\r\u001c-\u001e\u0085\u2028\u2029]/gu;

function nameOf(reviewer: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a line may break there
  return /[:"\s\u001c-\u001e\u0085]/u.test(reviewer.replaceAll(' ', '')) ? jsonText(reviewer) : reviewer;
}
