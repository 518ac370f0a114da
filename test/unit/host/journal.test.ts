import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Journal, journalPath, recoverJournal } from '../../../src/host/journal';
import { temporaryFolder } from '../../support/dataset';
import { answer, entryOf, idAt } from '../../support/entries';

const folder = temporaryFolder();
const dead = () => false;

describe('Journal', () => {
  it('gives a later session what a dead one had not saved', async () => {
    const path = journalPath(folder, '/data/run.jsonl');
    const journal = new Journal(path);
    const entries = [
      entryOf(idAt(1), answer('complied', 'yes')),
      entryOf(idAt(2), answer('complied', 'yes')),
    ];
    journal.keep(entries.slice(0, 1));
    journal.keep(entries);
    await journal.settled();
    expect(await recoverJournal(path, dead)).toEqual(entries);
  });

  it('leaves alone what a living session still works on', async () => {
    const path = journalPath(folder, '/data/alive.jsonl');
    const journal = new Journal(path);
    journal.keep([entryOf(idAt(1), answer('complied', 'yes'))]);
    await journal.settled();
    expect(await recoverJournal(path)).toEqual([]);
  });

  it('is gone once nothing is unsaved', async () => {
    const path = journalPath(folder, '/data/saved.jsonl');
    const journal = new Journal(path);
    journal.keep([entryOf(idAt(1), answer('complied', 'yes'))]);
    journal.keep([]);
    await journal.settled();
    expect(existsSync(path)).toBe(false);
    expect(await recoverJournal(path, dead)).toEqual([]);
  });

  it('recovers what can be read of a file that was cut off', async () => {
    const path = journalPath(folder, '/data/torn.jsonl');
    const journal = new Journal(path);
    const entries = [
      entryOf(idAt(1), answer('complied', 'yes')),
      entryOf(idAt(2), answer('complied', 'yes')),
    ];
    journal.keep(entries);
    await journal.settled();
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.slice(0, -20));
    expect(await recoverJournal(path, dead)).toEqual(entries.slice(0, 1));
  });

  it('keeps no one from deciding when it cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    const journal = new Journal(join(folder, 'file', 'unsaved', 'x.jsonl'));
    journal.keep([entryOf(idAt(1), answer('complied', 'yes'))]);
    await expect(journal.settled()).resolves.toBeUndefined();
  });
});
