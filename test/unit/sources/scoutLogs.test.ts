/** What a scan takes from logs beside it costs what the logs hold, however often its rows name the same. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { searchFile } from '../../../src/node/searchFile';
import { SearchTasks } from '../../../src/node/searchTasks';
import { UnpackRoom } from '../../../src/node/sources/scoutLogs';
import { openScan } from '../../../src/node/sources/scoutScan';
import { DatasetError } from '../../../src/node/sources/source';
import { ZipArchive } from '../../../src/node/sources/zipArchive';
import { indexed, temporaryFolder } from '../../support/dataset';
import { header, sample, sampleName, zip } from '../../support/inspectLog';
import { readAll } from '../../support/records';
import { messagesOf, scanRow, writeScan } from '../../support/scoutScan';

const folder = temporaryFolder();
let scans = 0;

afterEach(() => vi.restoreAllMocks());

function writeLog(name: string, ids: readonly string[]): void {
  const members = [
    { name: 'header.json', data: header() },
    ...ids.map((id) => ({ name: sampleName(id), data: sample(id, { uuid: id, messages: messagesOf(id) }) })),
  ];
  writeFileSync(
    join(folder, name),
    zip(members.map(({ name, data }) => ({ name, data: JSON.stringify(data) }))),
  );
}

/** A row without text, whose transcript is said to be the sample `id` of a log. */
const rowOf = (transcript: string, log: string, id: string) =>
  scanRow(transcript, true, { transcript_source_uri: log, transcript_task_id: id, input: null });

/** The warnings of each transcript. */
async function warningsIn(rows: readonly ReturnType<typeof rowOf>[]) {
  const source = await openScan(writeScan(join(folder, `scan_id=${scans++}`), { judge: rows }), null);
  try {
    const { values, ranges } = await readAll(source);
    for (const [i, range] of ranges.entries()) expect(await source.read(range)).toEqual(values[i]);
    return values.map((value) => value.ok && value.warnings);
  } finally {
    await source.close();
  }
}

it('reads a sample once that many transcripts are said to be', async () => {
  writeLog('one.eval', ['a']);
  writeFileSync(
    join(folder, 'bad.eval'),
    zip([
      { name: 'header.json', data: JSON.stringify(header()) },
      { name: sampleName('a'), data: '{' },
    ]),
  );
  const read = vi.spyOn(ZipArchive.prototype, 'read');
  const rows = Array.from({ length: 20 }, (_, i) => rowOf(`t${i}`, i % 2 ? 'one.eval' : 'bad.eval', 'a'));
  const warnings = await warningsIn(rows);
  expect(warnings[18]).toEqual([expect.stringContaining('not JSON')]);
  expect(warnings[19]).toEqual(['sample a of epoch 1 in one.eval is another transcript']);
  // of both the header and the sample
  expect(read).toHaveBeenCalledTimes(4);
});

it('finds the transcript itself behind others that were said to be it', async () => {
  writeLog('right.eval', ['a']);
  const warnings = await warningsIn(['x', 'a', 'y'].map((id) => rowOf(id, 'right.eval', 'a')));
  expect(warnings.map((some) => some || null)).toMatchObject([{ length: 1 }, { length: 0 }, { length: 1 }]);
});

it('reads the directory of a log once, however many logs there are', async () => {
  const names = Array.from({ length: 12 }, (_, i) => `log${i}.eval`);
  const ids = ['a', 'b', 'c'];
  for (const name of names)
    writeLog(
      name,
      ids.map((id) => `${id} ${name}`),
    );
  const open = vi.spyOn(ZipArchive, 'open');
  const rows = ids.flatMap((id) => names.map((name) => rowOf(`${id} ${name}`, name, `${id} ${name}`)));
  const missing = names.map((name) => rowOf(`missing ${name}`, name, 'missing'));
  const warnings = await warningsIn([...rows, ...missing]);
  expect(warnings.slice(0, rows.length)).toEqual(rows.map(() => []));
  expect(open).toHaveBeenCalledTimes(names.length);
});

it('reads no further samples of logs that unpack to far more than text does, and says so', async () => {
  const room = new UnpackRoom();
  for (let i = 0; i < 1_000; i++) expect(room.take({ packed: 1 << 20, unpacked: 50 << 20 })).toBe(true);
  for (let i = 0; i < 8; i++) expect(room.take({ packed: 1 << 18, unpacked: 1 << 28 })).toBe(true);
  for (let i = 0; i < 8; i++) room.take({ packed: 1 << 18, unpacked: 1 << 28 });
  expect(room.take({ packed: 1 << 18, unpacked: 1 << 28 })).toBe(false);
  // What is refused takes nothing from what comes behind it.
  expect(room.take({ packed: 1 << 18, unpacked: 1 << 20 })).toBe(true);
  writeLog('far.eval', ['a']);
  vi.spyOn(UnpackRoom.prototype, 'take').mockReturnValue(false);
  const source = await openScan(
    writeScan(join(folder, `scan_id=${scans++}`), { judge: [rowOf('a', 'far.eval', 'a')] }),
    null,
  );
  const { values, ranges } = await readAll(source);
  expect(values).toMatchObject([{ ok: true, warnings: [expect.stringContaining('is not read: with it')] }]);
  // Nor where it is asked for by itself: it would be another text than the one that its decisions are on.
  vi.restoreAllMocks();
  for (const range of ranges) expect(await source.read(range)).toEqual(values[0]);
  await source.close();
});

it('comes to the same in each pass, however much room what was read before it took', async () => {
  writeLog('room.eval', ['a', 'b']);
  // One sample fits, the others do not.
  let left = 0;
  vi.spyOn(UnpackRoom.prototype, 'take').mockImplementation(() => left-- > 0);
  const rows = [rowOf('x', 'room.eval', 'a'), rowOf('b', 'room.eval', 'b')];
  const source = await openScan(writeScan(join(folder, `scan_id=${scans++}`), { judge: rows }), null);
  const pass = async () => {
    left = 1;
    return (await readAll(source)).ranges.map(({ length }) => length);
  };
  const first = await pass();
  expect(await pass()).toEqual(first);
  vi.restoreAllMocks();
  await source.close();
});

it('goes on without the samples of a log that has changed, or gone, while it is read', async () => {
  const names = Array.from({ length: 12 }, (_, i) => `going${i}.eval`);
  for (const name of names) writeLog(name, [`a ${name}`, `b ${name}`]);
  const rows = ['a', 'b'].flatMap((id) => names.map((name) => rowOf(`${id} ${name}`, name, `${id} ${name}`)));
  const source = await openScan(writeScan(join(folder, `scan_id=${scans++}`), { judge: rows }), null);
  const { ranges } = await readAll(source);
  const [first, second] = ranges;
  const [changed = ''] = names;
  const path = join(folder, changed);
  const before = readFileSync(path);
  writeFileSync(path, 'another one');
  if (first) await expect(source.read(first)).rejects.toThrow(`${changed} has changed since it was read`);
  if (second) expect(await source.read(second)).toMatchObject({ ok: true, warnings: [] });
  // Once it is there again, it is read again.
  writeFileSync(path, before);
  if (first) expect(await source.read(first)).toMatchObject({ ok: true, warnings: [] });
  writeFileSync(path, 'another one');
  const { values } = await readAll(source);
  expect(values.map((value) => value.ok && value.warnings.length)).toEqual(
    rows.map((_, at) => (at % 12 === 0 ? 1 : 0)),
  );
  await source.close();
});

describe('the text of one transcript', () => {
  /** A scan of the samples `a` and `b` of a log, and of one of a log that is not there. */
  async function scanned(name: string) {
    const path = join(folder, name);
    writeLog(name, ['a', 'b']);
    const rows = [rowOf('a', name, 'a'), rowOf('b', name, 'b'), rowOf('c', `not ${name}`, 'c')];
    const scan = writeScan(join(folder, `scan_id=${scans++}`), { judge: rows });
    const source = await openScan(scan, null);
    const { ranges, values } = await readAll(source);
    await source.close();
    expect(values.map((value) => value.ok && value.warnings.length)).toEqual([0, 0, 1]);
    const [a, b, c] = ranges;
    if (!a || !b || !c) throw new Error('three transcripts were written');
    return { path, scan, values, a, b, c };
  }

  const others = {
    'is damaged': (path: string) => writeFileSync(path, 'another one'),
    'is gone': (path: string) => rmSync(path),
    'has other texts': (path: string) => {
      writeFileSync(
        path,
        zip([
          { name: 'header.json', data: JSON.stringify(header()) },
          ...['a', 'b'].map((id) => ({
            name: sampleName(id),
            data: JSON.stringify(sample(id, { uuid: id, messages: messagesOf('quite another') })),
          })),
        ]),
      );
    },
    'has other samples': (path: string) => writeLog(basename(path), ['x']),
  };

  it.each(Object.entries(others))(
    'is an error where its log %s, each time it is asked for',
    async (what, change) => {
      const { path, scan, values, a, b, c } = await scanned(`${what}.eval`);
      const before = readFileSync(path);
      const kept = await openScan(scan, null);
      expect(await kept.read(a)).toEqual(values[0]);
      change(path);
      const anew = await openScan(scan, null);
      // What is open is what it was, though its name is gone.
      for (const source of what === 'is gone' ? [anew] : [kept, anew, kept, anew])
        for (const range of [a, b, a]) await expect(source.read(range)).rejects.toThrow(DatasetError);
      // What never had a text is what it was.
      expect(await anew.read(c)).toEqual(values[2]);
      writeFileSync(path, before);
      for (const source of [kept, anew])
        for (const [i, range] of [a, b].entries()) expect(await source.read(range)).toEqual(values[i]);
      await kept.close();
      await anew.close();
    },
  );

  it('is looked for in the same log for each, where that has changed and rests', async () => {
    const { path, scan, a, b } = await scanned('rests.eval');
    others['has other texts'](path);
    const open = vi.spyOn(ZipArchive, 'open');
    const read = vi.spyOn(ZipArchive.prototype, 'read');
    const source = await openScan(scan, null);
    for (const range of [a, b, a, b])
      await expect(source.read(range)).rejects.toThrow('rests.eval has changed since it was read');
    expect(open).toHaveBeenCalledTimes(1);
    // its header only
    expect(read).toHaveBeenCalledTimes(1);
    await source.close();
  });

  it('is not searched for in what its log is by now', async () => {
    const { path, scan } = await scanned('searched.eval');
    const dataset = await indexed(scan);
    const search = async (text: string) => {
      const task = new SearchTasks(dataset).next();
      if (task?.type !== 'file') throw new Error('a scan is searched as a whole');
      const found: number[] = [];
      await searchFile(task, {
        transcript: (index, { messages }) => {
          if (messages.some(({ content }) => content.includes(text))) found.push(index);
        },
        through: () => {},
      });
      return found;
    };
    expect([await search('Done: b'), await search('no text')]).toEqual([[1], [2]]);
    for (const change of [others['is gone'], others['has other texts']]) {
      change(path);
      await expect(search('Done: b')).rejects.toThrow('has changed since it was read');
    }
    dataset.dispose();
  });

  it('is an error where it has come since', async () => {
    const { scan, c } = await scanned('come.eval');
    writeLog('not come.eval', ['c']);
    const source = await openScan(scan, null);
    for (const range of [c, c])
      await expect(source.read(range)).rejects.toThrow('not come.eval has changed since it was read');
    await source.close();
  });
});
