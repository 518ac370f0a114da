/** The default keys, for the sheet and for the marks on buttons. package.json binds them (a test compares). */
import type { EditorCommand } from '../../src/protocol/editor';

export interface KeyRow {
  readonly command: EditorCommand;
  /** As package.json writes it. */
  readonly key: string;
  readonly words: string;
}

export const KEY_GROUPS: readonly { readonly title: string; readonly rows: readonly KeyRow[] }[] = [
  {
    title: 'Move',
    rows: [
      { command: 'nextTranscript', key: 'j', words: 'Next transcript' },
      { command: 'previousTranscript', key: 'k', words: 'Previous transcript' },
      { command: 'nextUnreviewed', key: 'shift+u', words: 'Next unreviewed transcript' },
      { command: 'nextSpan', key: ']', words: 'Next span' },
      { command: 'previousSpan', key: '[', words: 'Previous span' },
      { command: 'nextLabel', key: 'l', words: 'Next label' },
      { command: 'previousLabel', key: 'shift+l', words: 'Previous label' },
      { command: 'nextMatch', key: 'f3', words: 'Next match of the search' },
      { command: 'previousMatch', key: 'shift+f3', words: 'Previous match of the search' },
    ],
  },
  {
    title: 'Decide on the label in focus',
    rows: [
      { command: 'answerYes', key: 'y', words: 'Yes' },
      { command: 'answerNo', key: 'n', words: 'No' },
      { command: 'answerUnsure', key: 'u', words: 'Unsure' },
      { command: 'clearAnswer', key: 'backspace', words: 'Take my answer back' },
    ],
  },
  {
    title: 'Decide on the span in focus',
    rows: [
      { command: 'confirmSpan', key: 'c', words: 'Confirm' },
      { command: 'rejectSpan', key: 'x', words: 'Reject' },
      { command: 'clearSpan', key: 'shift+backspace', words: 'Take my decision back' },
      { command: 'addSpan', key: 'a', words: 'Add a span from the selected text' },
    ],
  },
  {
    title: 'Go to',
    rows: [
      { command: 'focusFilter', key: '/', words: 'Filter' },
      { command: 'focusSearch', key: 'ctrl+f', words: 'Search in all transcripts (Esc ends it)' },
      { command: 'focusList', key: 't', words: 'List of transcripts' },
      { command: 'focusTranscript', key: 'escape', words: 'Transcript' },
      { command: 'editNote', key: 'e', words: 'Note (Ctrl+Enter sends it)' },
      { command: 'showProfile', key: 'p', words: 'How the dataset is read' },
      { command: 'showMetrics', key: 'm', words: 'Gap metrics' },
      { command: 'showKeys', key: 'shift+/', words: 'This sheet' },
    ],
  },
];

/** VS Code's own, which work on decisions here. */
export const EDITOR_KEYS: readonly { readonly key: string; readonly words: string }[] = [
  { key: 'ctrl+z', words: 'Undo' },
  { key: 'ctrl+shift+z', words: 'Redo' },
  { key: 'ctrl+s', words: 'Save' },
];

const NAMES: Readonly<Record<string, string>> = {
  backspace: 'Backspace',
  escape: 'Esc',
  shift: 'Shift',
  ctrl: 'Ctrl',
};

/** "shift+u" as "Shift+U"; "shift+/" as "?", which is what one presses. */
export function keyName(key: string): string {
  if (key === 'shift+/') return '?';
  return key
    .split('+')
    .map((part) => NAMES[part] ?? part.toUpperCase())
    .join('+');
}

/** The key of a command, as on the buttons. */
export function keyOf(command: EditorCommand): string {
  const row = KEY_GROUPS.flatMap((group) => group.rows).find((one) => one.command === command);
  return row ? keyName(row.key) : '';
}
