import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import type { Exported } from '../../../src/core/export/encoder';
import { inspectEncoder } from '../../../src/core/export/inspectScores';
import { type ScoutForm, scoutEncoder } from '../../../src/core/export/scout';
import { csvLine } from '../../../src/node/export/csv';
import { answer, entryOf, idAt } from '../../support/entries';
import { encodeAll, exported, overviewOf, transcriptOf, verdictOf } from '../../support/exported';

const AF = 'alignment_faking';

/** Two are decided on both labels, one on one, one is unsure, one tied, one stale, one undecided. */
const items: readonly Exported[] = [
  exported(transcriptOf({ id: 'both "é"', verdicts: [verdictOf('judge', 'complied', false)] }), [
    entryOf(idAt(1), answer('complied', 'yes')),
    entryOf(idAt(2), answer(AF, 'no')),
    entryOf(idAt(3), { action: 'note', target: { note: true }, value: null, note: 'see\nbelow' }),
  ]),
  exported(transcriptOf({ id: '#2: both\u007f' }), [
    entryOf(idAt(1), answer('complied', 'no')),
    entryOf(idAt(2), answer(AF, 'no')),
    entryOf(idAt(3), answer(AF, 'yes'), { reviewer: 'ben' }),
    entryOf(idAt(4), answer(AF, 'yes'), { reviewer: 'cy' }),
    entryOf(idAt(5), answer(AF, 'no'), { reviewer: 'dee', hash: 'another text' }),
  ]),
  exported(transcriptOf({ id: 'one', verdicts: [verdictOf('judge', 'complied', false)] }), [
    entryOf(idAt(1), answer(AF, 'yes')),
  ]),
  exported(transcriptOf({ id: 'unsure' }), [
    entryOf(idAt(1), answer(AF, 'unsure')),
    entryOf(idAt(2), answer('complied', 'yes')),
  ]),
  exported(transcriptOf({ id: 'tie' }), [
    entryOf(idAt(1), answer(AF, 'yes')),
    entryOf(idAt(2), answer(AF, 'no'), { reviewer: 'ben' }),
  ]),
  exported(transcriptOf({ id: 'stale' }), [entryOf(idAt(1), answer(AF, 'yes'), { hash: 'another text' })]),
  exported(transcriptOf({ id: 'nobody', verdicts: [verdictOf('judge', 'complied', true)] })),
];

const ONE = [
  { id: 'both "é"', target: false },
  { id: '#2: both\u007f', target: true },
  { id: 'one', target: true },
];
const BOTH = [
  { id: 'both "é"', labels: { [AF]: false, complied: true } },
  { id: '#2: both\u007f', labels: { [AF]: true, complied: false } },
];

describe('scout', () => {
  const write = (form: ScoutForm, label: string | null, of = items) => {
    const encoder = scoutEncoder(overviewOf(of), form, label, csvLine);
    return { text: encodeAll(encoder, of).toString(), encoder };
  };

  const readers: Readonly<Record<Exclude<ScoutForm, 'csv'>, (text: string) => unknown>> = {
    json: (text) => JSON.parse(text),
    jsonl: (text) =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    // a block sequence of flow mappings that are JSON
    yaml: (text) =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line.replace(/^- /, ''))),
  };

  it.each(['json', 'jsonl', 'yaml'] as const)('writes the adjudicated labels as %s', (form) => {
    expect(readers[form](write(form, AF).text)).toEqual(ONE);
    expect(readers[form](write(form, null).text)).toEqual(BOTH);
  });

  it('writes them as CSV, of one label a target, of all a column each', () => {
    expect(parse(write('csv', AF).text)).toEqual([
      ['id', 'target'],
      ...ONE.map(({ id, target }) => [id, String(target)]),
    ]);
    expect(parse(write('csv', null).text)).toEqual([
      ['id', `label_${AF}`, 'label_complied'],
      ['both "é"', 'false', 'true'],
      ['#2: both\u007f', 'true', 'false'],
    ]);
  });

  it('escapes for YAML what only JSON may hold', () => {
    const { text } = write('yaml', AF);
    expect(text).toContain('{"id": "#2: both\\u007f", "target": true}');
  });

  it('says how many transcripts lack one of several labels, and whose ids Scout would split', () => {
    expect(write('csv', null).encoder.remarks().join()).toMatch(/^2 transcripts are decided on some of/);
    expect(write('csv', AF).encoder.remarks()).toEqual([]);
    const [first] = items;
    if (!first) throw new Error('no item');
    const split = [{ ...first, transcript: { ...first.transcript, id: 'a,b' } }];
    expect(write('json', AF, split).encoder.remarks().join()).toContain('1 ids hold a comma');
  });

  it.each([
    ['csv', 'id,target\r\n'],
    ['json', '[]\n'],
    ['jsonl', ''],
    ['yaml', '[]\n'],
  ] as const)('is an empty set as %s where nobody decided, and says so', (form, empty) => {
    const { text, encoder } = write(form, 'complied', [exported(transcriptOf())]);
    expect(text).toBe(empty);
    expect(encoder.remarks().join()).toContain('no transcript has an adjudicated value of complied');
  });
});

describe('inspect', () => {
  const write = (label: string | null) =>
    encodeAll(inspectEncoder(overviewOf(items), label), items)
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('writes one label as true or false, with who said what', () => {
    const scores = write(AF);
    expect(scores.map(({ id, value }) => ({ id, target: value }))).toEqual(ONE);
    expect(scores[0].explanation).toBe('ana@example.org: see\n  below');
    expect(scores[1].explanation).toBeUndefined();
    expect(scores[1].metadata).toEqual({
      answers: { [AF]: { 'ana@example.org': 'no', ben: 'yes', cy: 'yes' } },
    });
  });

  it('writes several as an object in which every label has a value', () => {
    expect(write(null).map(({ id, value }) => ({ id, labels: value }))).toEqual(BOTH);
  });

  it('has one record a sample', () => {
    const ids = write(AF).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a sample of an Inspect log', () => {
  const decided = [entryOf(idAt(1), answer('complied', 'yes'))];
  const sample = (log: string, epoch: number) =>
    exported(
      transcriptOf({ id: `${log}/q/7/${epoch}`, metadata: { id: 'q/7', epoch, uuid: `u-${log}-${epoch}` } }),
      decided,
    );
  const other = exported(transcriptOf({ id: 'x', metadata: { id: 'q/7', epoch: 1, uuid: 'u' } }), decided);
  const all = [sample('a', 1), sample('a', 2), other];
  const idsOf = (text: string) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('is known to Inspect by id and epoch, and to Scout by uuid', () => {
    const inspect = inspectEncoder(overviewOf(all), 'complied');
    expect(idsOf(encodeAll(inspect, all).toString()).map(({ id, epoch }) => [id, epoch])).toEqual([
      ['q/7', 1],
      ['q/7', 2],
      ['x', undefined],
    ]);
    expect(inspect.remarks()).toEqual([]);
    const scout = scoutEncoder(overviewOf(all), 'jsonl', 'complied', csvLine);
    expect(idsOf(encodeAll(scout, all).toString()).map(({ id }) => id)).toEqual(['u-a-1', 'u-a-2', 'x']);
  });

  it('cannot be told from one of another log by Inspect, and this is said', () => {
    const inspect = inspectEncoder(overviewOf(all), 'complied');
    encodeAll(inspect, [sample('a', 1), sample('b', 1)]);
    expect(inspect.remarks().join()).toContain('1 samples have the id and epoch of another one');
  });
});
