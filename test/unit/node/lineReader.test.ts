import { expect, it } from 'vitest';
import { LineReader } from '../../../src/node/lineReader';

it('keeps nothing of a buffer that is written to again before its last line is whole', () => {
  const lines: string[] = [];
  const reader = new LineReader((text) => lines.push(text));
  const bytes = Buffer.from('one\ntw');
  reader.push(bytes);
  bytes.fill('x');
  reader.push(Buffer.from('o\nthree'));
  reader.end();
  expect(lines).toEqual(['one', 'two', 'three']);
});
