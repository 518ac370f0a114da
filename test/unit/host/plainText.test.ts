import { expect, it } from 'vitest';
import { withoutIcons, withoutLinks } from '../../../src/host/plainText';

it('leaves no link for a notification to follow', () => {
  const hostile = '[ok](command:workbench.action.quit).jsonl is not there';
  // The pattern by which VS Code finds links in a notification (base/common/linkedText.ts).
  const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)/i;
  expect(hostile).toMatch(link);
  expect(withoutLinks(hostile)).not.toMatch(link);
  expect(withoutLinks('not JSON (line 3)')).toBe('not JSON (line 3)');
});

it('leaves no icon for a quick pick to draw', () => {
  expect(withoutIcons('$(check) $(check)')).not.toContain('$(');
  expect(withoutIcons('costs $5 (a)')).toBe('costs $5 (a)');
});
