import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalEncoder } from '../../../src/core/export/canonicalLine';
import { UnwritableError } from '../../../src/core/export/encoder';
import { canonical } from '../../../src/core/formats/canonical';
import { answer, entryOf, idAt } from '../../support/entries';
import { anyTranscript, encodeAll, exported, transcriptOf, verdictOf } from '../../support/exported';

/** What our reader makes of a file's bytes. */
function decoded(bytes: Buffer) {
  const lines = bytes.toString().split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line, index) => {
    const parts = canonical.read(JSON.parse(line), {
      file: 'out.jsonl',
      line: index + 1,
      ordinal: index + 1,
    });
    const [part] = parts;
    if (!part?.ok || parts.length > 1) throw new Error('not one transcript');
    expect(part.warnings).toEqual([]);
    return part.transcript;
  });
}

describe('canonical', () => {
  it('reads back to the same transcripts, whatever they hold', () => {
    fc.assert(
      fc.property(fc.array(anyTranscript, { maxLength: 3 }), (transcripts) => {
        const bytes = encodeAll(
          canonicalEncoder(false),
          transcripts.map((transcript) => exported(transcript)),
        );
        expect(decoded(bytes)).toEqual(transcripts);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps what the arbitrary may miss: an emoji in the prefill, a lone surrogate, offsets of each unit', () => {
    const transcript = transcriptOf({
      condition: null,
      promptId: 'p',
      model: '\ud83d',
      messages: [
        { role: 'assistant', content: '😀\u2028\ud83d rest', prefill: 3, region: 'scratchpad' },
        { role: 'assistant', content: '', prefill: 0, region: 'output' },
      ],
      verdicts: [
        { ...verdictOf('text', 'complied', false), derived: true, score: 0.1, votes: 20, version: 'v2' },
      ],
      spans: (['codepoint', 'utf16', 'byte'] as const).map((unit, index) => ({
        id: `s${index}`,
        classifier: 'c',
        label: 'l',
        message: 0,
        start: 1,
        end: 2,
        unit,
        quote: null,
        score: null,
      })),
    });
    const bytes = encodeAll(canonicalEncoder(false), [exported(transcript)]);
    expect(JSON.parse(bytes.toString()).messages[0]).toMatchObject({ prefill: 2 });
    expect(decoded(bytes)).toEqual([transcript]);
    expect(bytes.toString().split(/\r\n|[\n\r\u0085\u2028\u2029]/)).toHaveLength(2);
  });

  it('adds the adjudicated labels as verdicts only when asked, null where reviewers were unsure', () => {
    const transcript = transcriptOf({
      verdicts: [verdictOf('judge', 'complied', true), verdictOf('adjudicated', 'complied', true)],
    });
    const item = exported(transcript, [
      entryOf(idAt(1), answer('complied', 'no')),
      entryOf(idAt(2), answer('alignment_faking', 'unsure')),
      entryOf(idAt(3), answer('free_to_act', 'yes'), { hash: 'another text' }),
    ]);
    expect(decoded(encodeAll(canonicalEncoder(false), [item]))).toEqual([transcript]);
    const [read] = decoded(encodeAll(canonicalEncoder(true), [item]));
    expect(read?.verdicts).toEqual([
      verdictOf('judge', 'complied', true),
      verdictOf('adjudicated', 'complied', false),
      verdictOf('adjudicated', 'alignment_faking', null),
    ]);
  });

  it('refuses a transcript that would not read back, and one that is nested too deeply', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    const encoder = canonicalEncoder(false);
    expect(() => encoder.add(exported(transcriptOf({ messages: [], verdicts: [] })))).toThrow(
      UnwritableError,
    );
    expect(() => encoder.add(exported(transcriptOf({ metadata: { deep } })))).toThrow(UnwritableError);
    expect(decoded(Buffer.from(encoder.add(exported(transcriptOf()))))).toEqual([transcriptOf()]);
  });
});
