// @vitest-environment jsdom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useDraft } from '../../../webview/editor/draft';

const root = document.createElement('div');
const sent: string[] = [];
let type: (text: string) => void;

function Field({ held }: { readonly held: string }) {
  const [draft, change] = useDraft(held, { send: (text) => sent.push(text), isSame: (a, b) => a === b });
  type = (text) => change(text, 100);
  return <p>{draft}</p>;
}

/** What stands in the field once the host has this. */
function hold(held: string): string {
  act(() => render(<Field held={held} />, root));
  return root.textContent ?? '';
}

function typed(text: string, ms = 100): string {
  act(() => type(text));
  act(() => void vi.advanceTimersByTime(ms));
  return root.textContent ?? '';
}

beforeEach(() => {
  vi.useFakeTimers();
  sent.length = 0;
  hold('');
});
afterEach(() => {
  act(() => render(null, root));
  vi.useRealTimers();
});

it('sends what is typed after a pause, once, and nothing that the host has', () => {
  typed('a', 50);
  expect(typed('ab')).toBe('ab');
  expect(sent).toEqual(['ab']);
  typed('ab');
  expect(hold('ab')).toBe('ab');
  typed('abc', 50);
  typed('ab');
  expect(sent).toEqual(['ab']);
});

it('keeps what was typed since, when the host says back what it was sent before', () => {
  typed('a');
  typed('ab');
  typed('abc', 50);
  expect(hold('a')).toBe('abc');
  expect(hold('ab')).toBe('abc');
  act(() => void vi.advanceTimersByTime(50));
  expect(sent).toEqual(['a', 'ab', 'abc']);
});

it('follows the host where it says what it was not sent, or was sent and has said back', () => {
  typed('a');
  typed('ab');
  expect(hold('ab')).toBe('ab'); // and 'a' with it
  expect(hold('a')).toBe('a');
  expect(hold('x')).toBe('x');
  typed('y', 50);
  expect(hold('')).toBe('');
  act(() => void vi.advanceTimersByTime(1_000));
  expect(sent).toEqual(['a', 'ab']);
});

it('sends nothing once it is gone', () => {
  typed('a', 50);
  act(() => render(null, root));
  vi.advanceTimersByTime(1_000);
  expect(sent).toEqual([]);
});
