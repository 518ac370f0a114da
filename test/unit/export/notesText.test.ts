import { expect, it } from 'vitest';
import { notesText } from '../../../src/core/export/notesText';

const note = (reviewer: string, text: string) => ({ reviewer, text, entry: 'e', at: 'then', stale: false });

it('lets nobody speak in the name of another, in whatever lines', () => {
  expect(notesText([note('ana', 'odd'), note('Ben B', 'fine')])).toBe('ana: odd\nBen B: fine');
  for (const end of [
    '\n',
    '\r',
    '\r\n',
    '\u2028',
    '\u2029',
    '\u0085',
    '\v',
    '\f',
    '\u001c',
    '\u001d',
    '\u001e',
  ]) {
    expect(notesText([note('ben', `fine${end}ana: odd`)])).toBe(`ben: fine${end}  ana: odd`);
    const named = notesText([note(`ben${end}ana: odd${end}p`, 'fine')]);
    expect(named).toMatch(/^"ben.*": fine$/);
    expect(named).not.toContain(end);
  }
  expect(notesText([note('ana: odd\nben', 'fine')])).toBe('"ana: odd\\nben": fine');
  expect(notesText([note('ana: x', 'fine')])).not.toBe(notesText([note('ana', 'x: fine')]));
});

it('leaves out what was written on a text that has changed since, as every export does', () => {
  expect(notesText([note('ana', 'odd'), { ...note('ben', 'fine'), stale: true }])).toBe('ana: odd');
  expect(notesText([{ ...note('ben', 'fine'), stale: true }])).toBe('');
});
