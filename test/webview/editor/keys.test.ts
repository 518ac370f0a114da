import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { EDITOR_COMMANDS } from '../../../src/protocol/editor';
import { KEY_GROUPS, keyName } from '../../../webview/editor/keys';

const PREFIX = 'transcriptReview.';
const manifest = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../../../package.json'), 'utf8'),
) as {
  contributes: {
    commands: { command: string; title: string }[];
    keybindings: { command: string; key: string; when?: string }[];
  };
};
const editorCommands = new Set<string>(EDITOR_COMMANDS);

describe('the sheet of keys', () => {
  it('says what package.json binds, all of it and no more', () => {
    const bound = manifest.contributes.keybindings
      .map(({ command, key }) => [command.slice(PREFIX.length), key] as const)
      .filter(([command]) => editorCommands.has(command));
    const told = KEY_GROUPS.flatMap(({ rows }) => rows.map(({ command, key }) => [command, key] as const));
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(bound));
  });

  it('names commands that have a title for the palette', () => {
    const titled = new Set(manifest.contributes.commands.map(({ command }) => command));
    for (const { rows } of KEY_GROUPS) {
      for (const { command } of rows) expect(titled).toContain(PREFIX + command);
    }
  });

  it('gives each key to one command', () => {
    const keys = KEY_GROUPS.flatMap(({ rows }) => rows.map(({ key }) => key));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it.each([
    ['j', 'J'],
    ['shift+u', 'Shift+U'],
    ['shift+backspace', 'Shift+Backspace'],
    ['escape', 'Esc'],
    ['shift+/', '?'],
    [']', ']'],
  ])('writes %s as %s', (key, name) => expect(keyName(key)).toBe(name));
});
