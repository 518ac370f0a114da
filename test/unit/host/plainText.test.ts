import { expect, it } from 'vitest';
import { plainText } from '../../../src/host/plainText';

it('leaves no link for a notification to follow', () => {
  const hostile = '[ok](command:workbench.action.quit).jsonl is not there';
  // The pattern by which VS Code finds links in a notification (base/common/linkedText.ts).
  const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)/i;
  expect(hostile).toMatch(link);
  expect(plainText(hostile)).not.toMatch(link);
  expect(plainText('not JSON (line 3)')).toBe('not JSON (line 3)');
});

it('leaves no icon for a quick pick to draw', () => {
  expect(plainText('$(check) $(check)')).not.toContain('$(');
  expect(plainText('costs $5 (a)')).toBe('costs $5 (a)');
});

it('leaves nothing unseen', () => {
  expect(plainText('ana\u202e\u001b[31m\nOK')).toBe('ana<U+202E><U+001B>[31m<U+000A>OK');
});
