/** What git, synchronisers, disks and shares do to a file of decisions while it is read or written. */
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';

vi.mock('node:fs/promises', async (original) => (await import('../../support/fileFaults')).faulty(original));

import { encode } from '../../../src/core/review/codec';
import { ReviewLog } from '../../../src/core/review/log';
import { makeFolder, pathOf } from '../../../src/node/besideFiles';
import { ReviewFiles } from '../../../src/node/reviewFiles';
import { reviewFolder } from '../../../src/node/reviewStore';
import { temporaryFolder } from '../../support/dataset';
import { answer, entryOf, idAt, risingIds } from '../../support/entries';
import { always, failing, once } from '../../support/fileFaults';
import { unprivileged } from '../../support/unprivileged';

const root = temporaryFolder();
let count = 0;

const by = (reviewer: string, n: number) =>
  entryOf(idAt(n), answer('complied', 'yes'), { reviewer, transcript: `t${n}` });

function beside() {
  const folder = reviewFolder(join(root, `${++count}.jsonl`));
  const path = pathOf(folder);
  mkdirSync(path);
  const log = new ReviewLog({ newId: risingIds(1_000_000), now: () => new Date() });
  const files = new ReviewFiles(folder, log);
  const read = async () => {
    for await (const change of files.changes()) log.changeSaved(change);
    while (log.foldPostponed());
  };
  const save = () => files.append(log.beginSave(), (own) => void log.markSaved(own));
  return {
    ...{ folder, log, files, read, save, file: join(path, 'ana.jsonl'), path },
    stands: () => [...log.reviewedTranscripts()].sort().join(),
    reasons: () => files.problems.map(({ reason }) => reason).join('\n'),
    /** As git and synchronisers do: written beside, and put in its place. */
    put: (...numbers: number[]) => {
      const file = join(path, 'ana.jsonl');
      writeFileSync(`${file}.new`, numbers.map((n) => encode(by('ana', n))).join(''));
      renameSync(`${file}.new`, file);
    },
  };
}

describe('a file of decisions that is read', () => {
  it('is read anew when it is replaced while it is opened', async () => {
    const { put, read, file, stands, reasons } = beside();
    put(1);
    await read();
    put(1, 2);
    once('open', file, () => put(1, 2, 3));
    await read();
    expect(stands()).toBe('t1,t2,t3');
    expect(reasons()).toBe('');
  });

  it('keeps what was read of one that is replaced each time, and reads it once it stays', async () => {
    const { put, read, file, stands, reasons } = beside();
    put(1);
    await read();
    put(1, 2);
    const end = always('open', file, () => put(1, 2, 3));
    await read();
    expect(stands()).toBe('t1');
    expect(reasons()).toMatch(/was replaced while it was opened.*those that were read before still count/);
    end();
    await read();
    expect(stands()).toBe('t1,t2,t3');
    expect(reasons()).toBe('');
  });

  it.each(['EIO', 'EMFILE', 'EBUSY', 'ESTALE'])(
    'is read later when it fails with %s at first',
    async (code) => {
      const { put, read, file, stands, reasons } = beside();
      put(1);
      once('open', file, failing(code));
      await read();
      expect(stands()).toBe('');
      expect(reasons()).toMatch(/decisions not read/);
      await read();
      expect(stands()).toBe('t1');
      expect(reasons()).toBe('');
    },
  );

  it.skipIf(process.platform === 'win32')('is read once that is permitted', async () => {
    const { put, read, file, path, stands, reasons } = beside();
    put(1);
    for (const each of [root, path]) chmodSync(each, 0o755);
    chmodSync(file, 0o600);
    await unprivileged(read);
    expect(reasons()).toMatch(/permission denied/);
    chmodSync(file, 0o644);
    await unprivileged(read);
    expect(stands()).toBe('t1');
  });

  it('that is gone takes nothing along that is saved for the first time meanwhile', async () => {
    const { log, read, save, path, stands, reasons } = beside();
    const theirs = Array.from({ length: 5_000 }, (_, n) => encode(by('cy', 100 + n)));
    writeFileSync(join(path, 'cy.jsonl'), theirs.join(''));
    await read();
    rmSync(join(path, 'cy.jsonl'));
    log.apply(by('ana', 5));
    const reading = read();
    await save();
    await reading;
    expect(stands()).toBe('t5');
    expect(log.lost()).toEqual([]);
    expect(reasons()).toMatch(/^5000 decisions that stood there/);
  });

  it('is gone and made anew by a save, of which nothing is taken for gone', async () => {
    const { log, put, read, save, file, stands } = beside();
    put(...Array.from({ length: 5_000 }, (_, n) => n + 100));
    await read();
    rmSync(file);
    log.apply(by('ana', 5));
    const reading = read();
    await save();
    await reading;
    expect(stands()).toBe('t5');
    await read();
    expect(stands()).toBe('t5');
  });
});

describe('a file of decisions that is saved to', () => {
  it('has them also where it is replaced between opening and writing', async () => {
    const { log, put, read, save, file, stands } = beside();
    put(1);
    await read();
    log.apply(by('ana', 2));
    once('write', file, () => put(1, 3));
    await save();
    expect(readFileSync(file, 'utf8').split('\n').filter(Boolean)).toHaveLength(3);
    await read();
    expect(stands()).toBe('t1,t2,t3');
    expect(log.hasPending).toBe(false);
  });

  it('is made anew, and its folder, where both are gone before it is written', async () => {
    const { log, put, read, save, file, path, stands } = beside();
    put(1);
    await read();
    log.apply(by('ana', 2));
    once('write', file, () => rmSync(path, { recursive: true }));
    await save();
    await read();
    expect(stands()).toBe('t2');
  });

  it('is told of, and the decisions stay unsaved, where that happens again and again', async () => {
    const { log, put, read, save, file } = beside();
    put(1);
    await read();
    log.apply(by('ana', 2));
    const end = always('sync', file, () => put(1));
    await expect(save()).rejects.toThrow(/ana\.jsonl.* is replaced again and again; save again/);
    end();
    expect(log.pending()).toHaveLength(1);
  });

  it('is synced, with its name, by the next save where the first one failed half-way', async () => {
    const { log, save, file, path } = beside();
    log.apply(by('ana', 1));
    once('sync', file, failing('EIO'));
    await expect(save()).rejects.toThrow(/EIO/);
    let synced = 0;
    const end = always('sync', path, () => synced++);
    await save();
    end();
    expect(synced).toBe(1);
  });

  it('is not said to hold what only a reading has found there: the disk may not have it', async () => {
    const { log, read, save, file, stands } = beside();
    log.apply(by('ana', 1));
    once('sync', file, failing('EIO'));
    await expect(save()).rejects.toThrow(/EIO/);
    await read();
    expect([stands(), log.pendingCount]).toEqual(['t1', 1]);
    let synced = 0;
    const end = always('sync', file, () => synced++);
    await save();
    end();
    expect([stands(), log.pendingCount, synced]).toEqual(['t1', 0, 1]);
    rmSync(file);
    await read();
    expect(log.lost().map(({ id }) => id)).toEqual([idAt(1)]);
  });

  it('is said so while a slow disk is waited for, too', async () => {
    const { log, read, save, file } = beside();
    log.apply(by('ana', 1));
    let pending = 0;
    once('sync', file, async () => {
      await read();
      pending = log.pendingCount;
    });
    await save();
    expect([pending, log.pendingCount]).toEqual([1, 0]);
  });
});

it('makes no folder in the place of the one that a linked review folder led to', async () => {
  const share = join(root, 'share');
  await expect(makeFolder({ base: share, below: [], real: share })).rejects.toThrow(/ENOENT/);
  await expect(makeFolder({ base: share, below: ['x'] })).rejects.toThrow(/ENOENT/);
});
