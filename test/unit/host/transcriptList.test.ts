import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { TranscriptFilter } from '../../../src/core/dataset/filter';
import { NO_FILTER } from '../../../src/core/dataset/filterModel';
import { Growable } from '../../../src/core/dataset/growable';
import { TranscriptList } from '../../../src/host/transcriptList';
import { canonicalRecord, jsonl, loadedAudit, temporaryFolder, writeDataset } from '../../support/dataset';

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
