/** Keys that belong to a text field while one types in it, not to VS Code's commands. */

const EDITING_CHORDS = new Set(['a', 'c', 'v', 'x', 'y', 'z']);
/** These leave the field or open menus: they go on to VS Code. */
const PASSED = /^(Escape|Tab|F\d+|ContextMenu)$/;

/** The parts of a keyboard event that decide. */
export interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly isComposing: boolean;
  getModifierState(name: string): boolean;
}

/** True for plain keys (letters, Backspace, arrows), text from AltGr or an input method, and undo, redo, cut, copy, paste, select all. */
export function isTyping(event: Key): boolean {
  if (event.isComposing || event.getModifierState('AltGraph')) return true;
  if (event.ctrlKey || event.metaKey) return !event.altKey && EDITING_CHORDS.has(event.key.toLowerCase());
  return !event.altKey && !PASSED.test(event.key);
}

/**
 * Keeps typing inside the field. A webview hands every key that bubbles to its window to VS Code, where single
 * letters are our commands and Ctrl+Z undoes a decision (vscode issue 227849).
 */
export function keepTyping(event: KeyboardEvent): void {
  if (isTyping(event)) event.stopPropagation();
}
