import { describe, expect, it } from 'vitest';
import { isTyping, type Key } from '../../../webview/shared/ui/typing';

function key(name: string, change: Partial<Key> & { altGraph?: boolean } = {}): Key {
  const { altGraph = false, ...rest } = change;
  return {
    key: name,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    isComposing: false,
    getModifierState: (state) => state === 'AltGraph' && altGraph,
    ...rest,
  };
}

describe('keys in a text field', () => {
  it.each(['j', 'Y', '?', ']', ' ', 'Backspace', 'Delete', 'Enter', 'ArrowDown', 'Home'])(
    'keeps %s, which would be a command',
    (name) => expect(isTyping(key(name))).toBe(true),
  );

  it.each(['z', 'Z', 'y', 'x', 'c', 'v', 'a'])('keeps Ctrl+%s and Cmd+%s, which edit the text', (name) => {
    expect(isTyping(key(name, { ctrlKey: true }))).toBe(true);
    expect(isTyping(key(name, { metaKey: true }))).toBe(true);
  });

  it.each(['s', 'p', 'w', 'Tab', '1'])('passes Ctrl+%s on', (name) => {
    expect(isTyping(key(name, { ctrlKey: true }))).toBe(false);
  });

  it.each(['Escape', 'Tab', 'F1', 'F12'])('passes %s on', (name) => expect(isTyping(key(name))).toBe(false));

  it('passes Alt chords on, but keeps text typed by AltGr or an input method', () => {
    expect(isTyping(key('f', { altKey: true }))).toBe(false);
    expect(isTyping(key('@', { altKey: true, ctrlKey: true, altGraph: true }))).toBe(true);
    expect(isTyping(key('Process', { isComposing: true }))).toBe(true);
  });
});
