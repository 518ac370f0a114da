import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { TranscriptFilter } from '../../../src/core/dataset/filter';
import { NO_FILTER } from '../../../src/core/dataset/filterModel';
import { Growable } from '../../../src/core/dataset/growable';
import { TranscriptList } from '../../../src/host/transcriptList';
import { appendEntries, reviewFolder } from '../../../src/node/reviewStore';
import { canonicalRecord, jsonl, loadedAudit, temporaryFolder, writeDataset } from '../../support/dataset';
import { answer, entryOf, idAt } from '../../support/entries';

const folder = temporaryFolder();
const COUNT = 30;
const RECORDS = Array.from({ length: COUNT }, (_, number) =>
  canonicalRecord({ id: `t${number}`, setting: `s${number % 3}` }),
);

function positions(list: TranscriptList): number[] {
  return Array.from({ length: list.length }, (_, position) => list.at(position));
}

it('lists what the filter and the search leave, whichever was set first', async () => {
  const audit = await loadedAudit(writeDataset(folder, 'run.jsonl', jsonl(RECORDS)));
  const setting = fc.constantFrom(null, 's0', 's1', 'none');
  const text = fc.constantFrom('', ' ', 't1');
  const search = fc.option(fc.uniqueArray(fc.nat(COUNT - 1)));
  fc.assert(
    fc.property(setting, text, search, fc.boolean(), (setting, text, search, filterFirst) => {
      const found = search ? new Growable(Uint32Array) : null;
      for (const index of [...(search ?? [])].sort((a, b) => a - b)) found?.add(index);
      const list = new TranscriptList(audit, () => 'ana');
      if (filterFirst) list.apply({ ...NO_FILTER, setting, text });
      list.narrow(found);
      if (!filterFirst) list.apply({ ...NO_FILTER, setting, text });
      const expected = RECORDS.flatMap(({ id, setting: its }, index) => {
        const isIn = (!search || search.includes(index)) && (setting === null || its === setting);
        return isIn && String(id).includes(text.trim()) ? [index] : [];
      });
      expect(positions(list)).toEqual(expected);
      for (let index = 0; index < COUNT; index++) {
        expect(list.positionOf(index)).toBe(expected.indexOf(index));
      }
      for (const outside of [-1, list.length]) expect(() => list.at(outside)).toThrow(RangeError);
    }),
  );
});

describe('much to look at', () => {
  const MANY = 20_000;
  const many = Array.from({ length: MANY }, (_, number) =>
    canonicalRecord({ id: `t${number % 10}-${number}` }),
  );
  const startsWith = (digit: number) =>
    many.flatMap(({ id }, index) => (String(id).startsWith(`t${digit}`) ? [index] : []));
  const late = vi.fn();
  let list: TranscriptList;
  beforeAll(async () => {
    const audit = await loadedAudit(writeDataset(folder, 'many.jsonl', jsonl(many)));
    list = new TranscriptList(audit, () => 'ana', late);
  });
  beforeEach(() => {
    list.apply(NO_FILTER);
    late.mockReset();
  });

  it('leaves the list as it was until all is known, and says so then, once', async () => {
    expect(list.apply({ ...NO_FILTER, text: 't3' })).toBe(false);
    expect([list.isApplied, list.length, late.mock.calls.length]).toEqual([false, MANY, 0]);
    await list.applied();
    expect([list.isApplied, late.mock.calls.length]).toEqual([true, 1]);
    expect(positions(list)).toEqual(startsWith(3));
  });

  it('ends at the newest filter, whatever was being looked for', async () => {
    list.apply({ ...NO_FILTER, text: 't3' });
    list.apply({ ...NO_FILTER, text: 't4' });
    await list.applied();
    expect(positions(list)).toEqual(startsWith(4));
    list.apply({ ...NO_FILTER, text: 't5' });
    expect(list.apply(NO_FILTER)).toBe(true);
    await list.applied();
    await new Promise((resolve) => setImmediate(resolve));
    expect([list.length, late.mock.calls.length]).toEqual([MANY, 1]);
  });

  it('says nothing any more once it is stopped', async () => {
    list.apply({ ...NO_FILTER, text: 't3' });
    list.stop();
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect([list.length, late.mock.calls.length]).toEqual([MANY, 0]);
  });

  it('adds nothing of the new filter to the list of the old one', async () => {
    list.apply({ ...NO_FILTER, text: 't4' });
    await list.applied();
    list.apply({ ...NO_FILTER, text: 't3' });
    list.grow(0);
    list.growFound(0);
    expect(positions(list)).toEqual(startsWith(4));
    await list.applied();
    expect(positions(list)).toEqual(startsWith(3));
  });

  it('takes in what a search finds meanwhile', async () => {
    const found = new Growable(Uint32Array);
    for (let index = 0; index < MANY; index += 2) found.add(index);
    list.narrow(found);
    list.apply({ ...NO_FILTER, text: 't3' });
    found.add(MANY - 7); // that ends in 3
    list.growFound(MANY / 2);
    await list.applied();
    expect(positions(list)).toEqual([MANY - 7]);
    list.narrow(null);
    await list.applied();
  });
});

it('looks at no transcript while nothing is filtered out', async () => {
  const audit = await loadedAudit(writeDataset(folder, 'all.jsonl', jsonl(RECORDS)));
  const matches = vi.spyOn(TranscriptFilter.prototype, 'matches');
  const list = new TranscriptList(audit, () => 'ana');
  list.apply(NO_FILTER);
  list.grow(0);
  expect(list.length).toBe(COUNT);
  expect(matches).not.toHaveBeenCalled();
  matches.mockRestore();
});

it('has a transcript among those not reviewed once its text is no more what was decided on', async () => {
  const path = writeDataset(folder, 'stale.jsonl', jsonl(RECORDS.slice(0, 4)));
  const { dataset } = await loadedAudit(path);
  const hash = (await dataset.hashes([1]))[0] ?? '';
  const on = (n: number, made: string) =>
    entryOf(idAt(n), answer('complied', 'no'), { reviewer: 'ana', transcript: `t${n}`, hash: made });
  await appendEntries(reviewFolder(path), 'ana', [on(1, hash), on(2, 'of another text')]);
  const list = new TranscriptList(await loadedAudit(path), () => 'ana');
  expect(list.rows(0, 4).map(({ reviewed, mine, stale }) => [reviewed, mine, stale])).toEqual([
    [false, false, false],
    [true, true, false],
    [false, false, true],
    [false, false, false],
  ]);
  expect([0, 1, 2, 3].map((from) => list.nextUnreviewed(from))).toEqual([2, 2, 3, 0]);
  const listed = (review: 'reviewed' | 'unreviewed' | 'mine' | 'stale') => {
    list.apply({ ...NO_FILTER, review });
    return positions(list);
  };
  expect([listed('reviewed'), listed('unreviewed'), listed('mine'), listed('stale')]).toEqual([
    [1],
    [0, 2, 3],
    [1],
    [2],
  ]);
});
