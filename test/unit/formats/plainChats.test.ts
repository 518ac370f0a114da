import { describe, expect, it } from 'vitest';
import { canonicalRecord as writtenRecord } from '../../../src/core/export/canonicalLine';
import { CANONICAL } from '../../../src/core/formats/profile';
import { detectProfile, formatOf } from '../../../src/core/formats/registry';
import { canonicalRecord } from '../../support/dataset';

describe('chats that our own format could read as well', () => {
  it('are not what we wrote ourselves, whatever stands in its texts', async () => {
    const chat = detectProfile([{ conversation: [{ role: 'assistant', content: '<rejected/> No.' }] }]);
    const [part] = (await formatOf(chat ?? CANONICAL)).read(
      { conversation: [{ role: 'assistant', content: '<rejected/> No.' }] },
      { file: 'x', line: 1, ordinal: 1 },
    );
    if (!part?.ok) throw new Error('not read');
    const written = writtenRecord({ ...part.transcript, verdicts: [] });
    expect(detectProfile([written])?.name).toBe('canonical');
  });

  it.each<[string, Record<string, unknown>]>([
    ['a tier', { tier: 'paid', messages: [{ role: 'assistant', content: 'x' }] }],
    ['a prompt', { prompt_id: 'p1', messages: [{ role: 'assistant', content: 'x' }] }],
    [
      'a condition under metadata',
      { metadata: { condition: 'free' }, messages: [{ role: 'assistant', content: 'x' }] },
    ],
    ['an outcome in tags', { messages: [{ role: 'assistant', content: '<rejected/> No.' }] }],
    [
      'reasoning beside the content',
      { messages: [{ role: 'assistant', content: 'x', reasoning_content: 'so' }] },
    ],
  ])('reads plain chats that say %s as chats, so that it is not left out', (_, record) => {
    const plain = canonicalRecord({ id: 'plain' });
    expect(detectProfile([plain, record])?.name).toBe('chat');
    expect(detectProfile([plain, plain])?.name).toBe('canonical');
  });
});
