import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentHash, contentHashSteps } from '../../../src/core/dataset/hash';
import type { Message } from '../../../src/core/dataset/model';
import { textHash, textHashNow } from '../../../src/node/textHash';

const message = (role: string, content: string): Message => ({ role, content, prefill: 0, region: null });

/** As the schema has it, for other languages to reproduce. */
function asDefined(messages: readonly Message[]): string {
  const text = JSON.stringify(messages.map(({ role, content }) => [role, content]));
  return createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 32);
}

describe('contentHash', () => {
  it('is that of the texts as JSON, halves of characters included', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc.constantFrom('\ud800', '\udc00"', '\\'),
    );
    const messages = fc.array(fc.tuple(text, text).map(([role, content]) => message(role, content)));
    await fc.assert(
      fc.asyncProperty(messages, async (all) => {
        expect(contentHash(all)).toBe(asDefined(all));
        expect(textHashNow(all)).toBe(asDefined(all));
        expect(await textHash(all)).toBe(asDefined(all));
        const steps = contentHashSteps(all);
        expect(steps.next().value).toBe(asDefined(all));
      }),
      { examples: [[[]]] },
    );
  });

  it.each([
    ['before', 1],
    ['over', 0],
    ['behind', -1],
  ])('is the same where a character stands %s the end of a step', async (_, shift) => {
    const content = `${'é'.repeat((1 << 20) - 1 - shift)}𝄞${'"'.repeat(1 << 20)}\ud834`;
    const messages = [message('user', content), message('assistant', content)];
    expect(contentHash(messages)).toBe(asDefined(messages));
    expect(textHashNow(messages)).toBe(asDefined(messages));
    expect(await textHash(messages)).toBe(asDefined(messages));
    // No step takes much longer than others.
    const steps = [...contentHashSteps(messages)].length;
    expect(steps).toBeGreaterThanOrEqual(4);
  });
});
