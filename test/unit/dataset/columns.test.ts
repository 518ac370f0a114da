import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Columns } from '../../../src/core/dataset/columns';
import { BatchBuilder } from '../../../src/core/dataset/indexBatch';
import { CONDITIONS, type Transcript } from '../../../src/core/dataset/model';

const word = fc.constantFrom('a', 'b', 'é', '😀', 'long '.repeat(30));
const transcript: fc.Arbitrary<Transcript> = fc.record({
  id: fc.oneof(word, fc.string({ unit: 'grapheme' })),
  setting: word,
  condition: fc.constantFrom(...CONDITIONS, null),
  variant: word,
  prefix: word,
  promptId: fc.constant(null),
  model: fc.constant(null),
  messages: fc.constant([]),
  verdicts: fc.uniqueArray(
    fc.record({
      classifier: word,
      label: fc.constantFrom('complied', 'alignment_faking'),
      value: fc.constantFrom(true, false, null),
      score: fc.constant(null),
      votes: fc.constant(null),
      version: fc.constant(null),
      derived: fc.constant(false),
    }),
    { selector: ({ classifier, label }) => classifier + label },
  ),
  spans: fc.constant([]),
  metadata: fc.constant({}),
});
const row = fc.record({ transcript, bad: fc.boolean(), takeAfter: fc.boolean() });

describe('Columns', () => {
  it('give back what the index pass put in, over any batches', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
        const builder = new BatchBuilder();
        const columns = new Columns();
        rows.forEach(({ transcript: one, bad, takeAfter }, i) => {
          const range = { offset: i * 2 ** 33, length: i, line: i + 1 };
          if (bad) builder.addBad(range, one.id, 'broken');
          else builder.addTranscript(range, one, []);
          if (takeAfter) columns.append(builder.take());
        });
        columns.append(builder.take());

        expect(columns.count).toBe(rows.length);
        expect(columns.badCount).toBe(rows.filter(({ bad }) => bad).length);
        const ids = rows.map((_, i) => columns.id(i));
        expect(new Set(ids).size).toBe(rows.length);
        rows.forEach(({ transcript: one, bad }, i) => {
          expect(columns.offset(i)).toBe(i * 2 ** 33);
          expect(columns.line(i)).toBe(i + 1);
          expect(columns.isBad(i)).toBe(bad);
          expect(columns.id(i).startsWith(one.id)).toBe(true);
          expect(columns.indexOf(columns.id(i))).toBe(i);
          if (bad) return;
          expect(columns.facets(columns.group(i))).toEqual({
            setting: one.setting,
            variant: one.variant,
            prefix: one.prefix,
          });
          expect(columns.condition(i)).toBe(one.condition);
          const verdicts: unknown[] = [];
          columns.forEachVerdict(i, (source, value) => verdicts.push({ ...columns.sources[source], value }));
          expect(verdicts).toEqual(
            one.verdicts.map(({ classifier, label, value }) => ({ classifier, label, value })),
          );
        });
        expect(columns.indexOf('no such id')).toBe(-1);
      }),
    );
  });

  it('find ids among many', () => {
    const builder = new BatchBuilder();
    const columns = new Columns();
    const [one] = fc.sample(transcript, 1);
    if (!one) throw new Error('no sample');
    for (let i = 0; i < 5_000; i++) {
      builder.addTranscript({ offset: 0, length: 0, line: 1 }, { ...one, id: `t${i}` }, []);
      if (i % 700 === 0) columns.append(builder.take());
    }
    columns.append(builder.take());
    for (const i of [0, 1, 699, 700, 4_999]) expect(columns.indexOf(`t${i}`)).toBe(i);
  });

  it('keep duplicate ids apart and report them', () => {
    const builder = new BatchBuilder();
    const [one] = fc.sample(transcript, 1);
    if (!one) throw new Error('no sample');
    for (const line of [1, 2, 3])
      builder.addTranscript({ offset: 0, length: 0, line }, { ...one, id: 'x' }, []);
    const batch = builder.take();
    const columns = new Columns();
    columns.append(batch);
    expect([0, 1, 2].map((i) => columns.id(i))).toEqual(['x', 'x#2', 'x#3']);
    expect(batch.problems.map(({ line, severity }) => [line, severity])).toEqual([
      [2, 'warning'],
      [3, 'warning'],
    ]);
    expect(batch.problems[0]?.reason).toContain('"x" occurs again; read as "x#2"');
  });

  it('keep apart ids that differ by a byte order mark or by half a character only', () => {
    const builder = new BatchBuilder();
    const [one] = fc.sample(transcript, 1);
    if (!one) throw new Error('no sample');
    for (const id of ['x', '\ufeffx', 'y\ud800', 'y\udfff', '😀']) {
      builder.addTranscript({ offset: 0, length: 0, line: 1 }, { ...one, id }, []);
    }
    const columns = new Columns();
    columns.append(builder.take());
    const ids = [0, 1, 2, 3, 4].map((i) => columns.id(i));
    expect(ids).toEqual(['x', '\ufeffx', 'y\ufffd', 'y\ufffd#2', '😀']);
    expect(ids.map((id) => columns.indexOf(id))).toEqual([0, 1, 2, 3, 4]);
  });

  it('attribute no verdict to the wrong classifier when there are more than can be numbered', () => {
    const builder = new BatchBuilder();
    const [one] = fc.sample(transcript, 1);
    if (!one) throw new Error('no sample');
    const verdict = { value: true, score: null, votes: null, version: null, derived: false };
    const verdicts = Array.from({ length: 65_540 }, (_, i) => ({
      ...verdict,
      classifier: `c${i}`,
      label: 'l',
    }));
    builder.addTranscript({ offset: 0, length: 0, line: 1 }, { ...one, verdicts }, []);
    const batch = builder.take();
    const columns = new Columns();
    columns.append(batch);
    const sources: number[] = [];
    columns.forEachVerdict(0, (source) => sources.push(source));
    expect(sources).toEqual(Array.from({ length: 65_536 }, (_, i) => i));
    expect(batch.problems[0]?.reason).toContain('4 verdicts are not counted');
  });
});
