import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { encode } from '../../../src/core/review/codec';
import type { Entry } from '../../../src/core/review/entry';
import { type Edit, ReviewLog } from '../../../src/core/review/log';
import { leftBehind, leftOnMoved, takenBackIn } from '../../../src/node/endedSessions';
import { Journal, journalFolder, placeOf } from '../../../src/node/journal';
import { temporaryFolder } from '../../support/dataset';
import { answer, entryOf, idAt, risingIds } from '../../support/entries';
import { eventually } from '../../support/eventually';

const root = temporaryFolder();
let datasets = 0;

const yes = (n: number) => entryOf(idAt(n), answer('complied', 'yes'), { transcript: `t${n}` });
const idsOf = (entries: readonly Entry[]) => entries.map(({ id }) => id).sort();

/** A session with a dataset of its own, or with that of another session. */
function session(folder = journalFolder(root, `/data/${datasets++}.jsonl`), dataset = '/data/1.jsonl') {
  const log = new ReviewLog({ newId: risingIds(1_000), now: () => new Date(0) });
  const onTrouble = vi.fn();
  const isSeen = vi.fn(async () => {});
  const journal = new Journal({ folder, dataset, log, onTrouble, isSeen });
  log.onUnsaved(journal);
  return { folder, log, journal, onTrouble, isSeen };
}

/** As if the sessions had ended a while ago. */
function age(folder: string): void {
  const before = new Date(Date.now() - 3_600_000);
  for (const name of readdirSync(folder)) utimesSync(join(folder, name), before, before);
}

/** As if its window had been killed a while ago: nobody renews the file any more. */
async function kill({ folder, journal }: ReturnType<typeof session>): Promise<void> {
  await journal.close();
  age(folder);
}

/** A session that has taken over what an ended one left, and cannot write it anew while `blocked` is there. */
async function takenOverOnFullDisk(name: string) {
  const ended = session();
  ended.log.apply(yes(1));
  await kill(ended);
  const blocked = join(root, name);
  writeFileSync(blocked, '');
  const next = session(join(blocked, 'unsaved'));
  const left = await leftBehind([ended.folder], 'at once');
  next.log.restore(left.entries);
  await next.journal.supersede(left);
  return { ...next, ended, blocked };
}

describe('Journal', () => {
  it('gives a later session what an ended one had not saved', async () => {
    const { folder, log, journal } = session();
    for (const n of [1, 2, 3]) log.apply(yes(n));
    await journal.settled();
    age(folder);
    const left = await leftBehind([folder], 'at once');
    expect(left.entries).toEqual([yes(1), yes(2), yes(3)]);
    await left.remove();
    expect((await leftBehind([folder], 'at once')).entries).toEqual([]);
    await journal.close();
  });

  it('asks for no process: a number that is in use again hides nothing', async () => {
    const folder = journalFolder(root, '/data/container.jsonl');
    mkdirSync(folder, { recursive: true });
    // As earlier versions wrote it, in the place of the folder, with the number of a process that runs.
    writeFileSync(`${folder}.jsonl`, `${process.pid}\n${encode(yes(1))}${encode(yes(2))}`);
    const before = new Date(Date.now() - 3_600_000);
    utimesSync(`${folder}.jsonl`, before, before);
    const left = await leftBehind([folder], 'at once');
    expect(left.entries).toEqual([yes(1), yes(2)]);
    await left.remove();
    expect(existsSync(`${folder}.jsonl`)).toBe(false);
  });

  it('never writes over that of another session, and two lose nothing', async () => {
    const one = session();
    const two = session(one.folder);
    one.log.apply(yes(1));
    two.log.apply(yes(2));
    await one.journal.settled();
    await two.journal.settled();
    age(one.folder);
    expect(idsOf((await leftBehind([one.folder], 'at once')).entries)).toEqual([idAt(1), idAt(2)]);
    one.log.markSaved(one.log.beginSave());
    await one.journal.close();
    age(one.folder);
    expect(idsOf((await leftBehind([one.folder], 'at once')).entries)).toEqual([idAt(2)]);
    await two.journal.close();
  });

  it('is gone once nothing is unsaved, and when the dataset is closed', async () => {
    const { folder, log, journal } = session();
    log.apply(yes(1));
    log.apply(yes(2));
    await journal.settled();
    expect(readdirSync(folder)).toHaveLength(1);
    log.markSaved(log.beginSave());
    await journal.settled();
    expect(readdirSync(folder)).toEqual([]);
    log.apply(yes(3));
    log.discardPending(); // reverted
    journal.tookOverAll();
    await journal.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('stays when the dataset is closed over what is unsaved: VS Code does so when it renames one', async () => {
    const { folder, log, journal } = session();
    log.apply(yes(1));
    log.apply(yes(2));
    await journal.close();
    age(folder);
    const left = await leftBehind([folder], 'at once');
    expect(idsOf(left.entries)).toEqual([idAt(1), idAt(2)]);
    await left.remove();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('tells what was undone to those who have an older backup, the last decision as well', async () => {
    const { folder, log, journal } = session();
    const { edit } = log.apply(yes(1));
    await journal.settled();
    expect([...(await takenBackIn([folder]))]).toEqual([]);
    log.undo(edit);
    await journal.settled();
    expect([...(await takenBackIn([folder]))]).toEqual([idAt(1)]);

    // A save in between makes it no more of a decision.
    log.apply(yes(2));
    log.markSaved(log.beginSave());
    await journal.settled();
    expect([...(await takenBackIn([folder]))]).toEqual([idAt(1)]);
    expect(readdirSync(folder)).toHaveLength(1);

    // Nor does the end of the next session, before which VS Code may not have made another backup.
    const next = session(folder);
    next.journal.start(await takenBackIn([folder]));
    journal.tookOverAll();
    await journal.close();
    await next.journal.settled();
    expect([...(await takenBackIn([folder]))]).toEqual([idAt(1)]);

    next.journal.tookOverAll();
    await next.journal.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('keeps what was discarded before an ended session was taken over from coming back with that', async () => {
    const ended = session();
    for (const n of [1, 2]) ended.log.apply(yes(n));
    await kill(ended);
    // A window is loaded anew: it has both from VS Code's backup, and both are discarded at once, then one is made again.
    const next = session(ended.folder);
    next.log.restore([yes(1), yes(2)]);
    next.log.discardPending();
    next.log.apply(yes(2));
    next.log.restore((await leftBehind([ended.folder], 'at once')).entries);
    expect(idsOf(next.log.pending())).toEqual([idAt(2)]);
    next.log.markSaved(next.log.beginSave());
    await next.journal.close();

    // Whoever opens the dataset after that finds neither, at once and later.
    expect(idsOf((await leftBehind([ended.folder], 'at once')).entries)).toEqual([idAt(2)]);
    const last = new Date(Date.now() - 1_000_000);
    utimesSync(next.journal.path, last, last);
    const left = await leftBehind([ended.folder], 'at once');
    expect(idsOf(left.entries)).toEqual([idAt(2)]); // which was saved
    await left.remove();
    expect(readdirSync(ended.folder)).toEqual([]);
  });

  it('hands on what an ended session had undone: a window that comes back later may have a backup with that', async () => {
    const ended = session();
    const [first, second] = [1, 2, 3].map((n) => ended.log.apply(yes(n)).edit) as [Edit, Edit];
    ended.log.undo(first);
    ended.log.undo(second);
    ended.log.apply(yes(4));
    ended.log.markSaved([yes(4)]);
    await kill(ended);
    const { folder } = ended;

    // The next one has made one of these itself.
    const next = session(folder);
    next.log.apply(yes(2));
    const takeOver = async ({ log, journal }: ReturnType<typeof session>) => {
      const left = await leftBehind([folder], 'at once', journal);
      log.restore(left.entries, false, left.at);
      await journal.supersede(left);
      journal.tookOverAll();
      return [...left.drops.keys()];
    };
    expect(await takeOver(next)).toEqual([idAt(1), idAt(2)]); // the other one was saved
    expect(readdirSync(folder)).toEqual([`${next.journal.path.slice(folder.length + 1)}`]);
    expect(idsOf(next.log.pending())).toEqual([idAt(2), idAt(3)]);
    expect([...(await takenBackIn([folder]))]).toEqual([idAt(1)]);
    const { edit } = next.log.apply(yes(5));
    next.log.undo(edit);
    next.log.markSaved(next.log.beginSave());
    await next.journal.close();
    // What it had undone itself it has no backup of once it was closed.
    expect([...(await takenBackIn([folder]))]).toEqual([idAt(1)]);

    age(folder);
    const last = session(folder);
    expect(await takeOver(last)).toEqual([idAt(1)]);
    await last.journal.close();
    expect([...(await takenBackIn([folder]))]).toEqual([idAt(1)]);

    // Not for ever.
    const at = Date.now() - 91 * 86_400_000;
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
    writeFileSync(join(folder, 'old.jsonl'), `{}\n${JSON.stringify({ drop: idAt(1), at })}\n`);
    age(folder);
    const years = session(folder);
    expect(await takeOver(years)).toEqual([]);
    await years.journal.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('tells that what it took over was reverted: the window that comes back has a backup with that', async () => {
    const ended = session();
    for (const n of [1, 2, 3]) ended.log.apply(yes(n));
    await kill(ended);
    const { folder } = ended;
    const next = session(folder);
    const left = await leftBehind([folder], 'at once', next.journal);
    next.journal.willHold(left.held);
    next.log.restore(left.entries, false, left.at);
    await next.journal.supersede(left);
    next.journal.tookOverAll();
    next.log.markSaved([yes(3)]);
    next.log.apply(yes(4));
    next.log.discardPending(); // reverted, or not saved when it was closed
    await next.journal.close();
    expect([...(await takenBackIn([folder]))].sort()).toEqual([idAt(1), idAt(2)]);
  });

  it('tells that, too, where it was reverted before the ended one was read: both have a backup with it', async () => {
    const ended = session();
    for (const n of [1, 2]) ended.log.apply(yes(n));
    await kill(ended);
    const { folder } = ended;
    const next = session(folder);
    next.log.restore([yes(1), yes(2)]); // from its own backup
    next.log.discardPending();
    const left = await leftBehind([folder], 'at once', next.journal);
    expect(left.entries).toEqual([]);
    next.journal.willHold(left.held);
    await next.journal.supersede(left);
    next.journal.tookOverAll();
    await next.journal.close();
    expect([...(await takenBackIn([folder]))].sort()).toEqual([idAt(1), idAt(2)]);
  });

  it('takes nothing back that was done again, in whichever of its files', async () => {
    const { folder, log, journal } = session();
    const { edit } = log.apply(yes(1));
    log.undo(edit);
    log.apply(yes(2));
    log.markSaved(log.beginSave());
    await journal.settled();
    log.redo(edit);
    await journal.settled();
    expect([...(await takenBackIn([folder]))]).not.toContain(idAt(1));
    // As if the file before had not been removed yet.
    writeFileSync(journal.path.replace(/\.\d+\.jsonl$/, '.0.jsonl'), `{"drop":"${idAt(1)}"}\n`);
    expect([...(await takenBackIn([folder]))]).not.toContain(idAt(1));
    age(folder);
    expect(idsOf((await leftBehind([folder], 'at once')).entries)).toEqual([idAt(1)]);
    log.discardPending();
    await journal.close();
  });

  it('appends a line a decision, whatever is there already', async () => {
    const { log, journal } = session();
    log.apply(yes(1));
    await journal.settled();
    const before = readFileSync(journal.path, 'utf8');
    const pending = vi.spyOn(log, 'pending');
    for (const n of [2, 3, 4]) log.apply(yes(n));
    await journal.settled();
    expect(pending).not.toHaveBeenCalled();
    expect(readFileSync(journal.path, 'utf8')).toBe(before + [2, 3, 4].map((n) => encode(yes(n))).join(''));
    await journal.close();
  });

  it('has what was decided while the disk is slow: a killed process takes along only what was not written', async () => {
    const { folder, log, journal } = session();
    let resume = () => {};
    const slow = new Promise<void>((resolve) => {
      resume = resolve;
    });
    const handle = await open(join(root, 'any'), 'w');
    const datasync = vi.spyOn(Object.getPrototypeOf(handle), 'datasync').mockReturnValue(slow);
    await handle.close();
    for (const n of [1, 2, 3]) {
      log.apply(yes(n));
      await eventually(() => expect(readFileSync(journal.path, 'utf8')).toContain(idAt(n)));
    }
    age(folder);
    expect(idsOf((await leftBehind([folder], 'at once')).entries)).toEqual([1, 2, 3].map(idAt));
    expect(datasync).toHaveBeenCalledTimes(1);
    resume();
    await journal.settled();
    // What came meanwhile waits for the disk, too, before it counts as settled.
    expect(datasync).toHaveBeenCalledTimes(2);
    datasync.mockRestore();
    log.discardPending();
    await journal.close();
  });

  it('takes none for ended after it was kept from looking itself: what kept it may have kept them', async () => {
    const [looker, other] = [session(), session()];
    other.log.apply(yes(1));
    await other.journal.settled();
    const comeBack: (() => void)[] = [];
    for (const { isSeen } of [looker, other])
      isSeen.mockReturnValue(new Promise((resolve) => comeBack.push(resolve)));
    // The machine sleeps during the first look, says its clock, and both windows are back after that, one before the other.
    const clock = vi.spyOn(performance, 'now').mockReturnValueOnce(0).mockReturnValueOnce(3_600_000);
    const looks = leftBehind([other.folder], 'once old', looker.journal);
    await eventually(() => expect(looker.isSeen).toHaveBeenCalled());
    comeBack[0]?.();
    await eventually(() => expect(clock).toHaveBeenCalledTimes(3)); // it looks again
    comeBack[1]?.();
    expect((await looks).entries).toEqual([]);
    clock.mockRestore();
    other.log.discardPending();
    await other.journal.close();
  }, 120_000);

  it('is no predecessor of itself, whatever its window does', async () => {
    const { folder, log, journal } = session();
    log.apply(yes(1));
    await journal.settled();
    age(folder);
    expect((await leftBehind([folder], 'at once', journal)).entries).toEqual([]);
    expect((await leftBehind([folder], 'at once')).entries).toEqual([yes(1)]);
    log.discardPending();
    await journal.close();
  });

  it('takes a file over once, also where that cannot be removed; and again once more stands there', async () => {
    const [ended, next] = [session(), session()];
    ended.log.apply(yes(1));
    await kill(ended);
    const left = await leftBehind([ended.folder], 'at once', next.journal);
    expect(left.entries).toEqual([yes(1)]);
    await next.journal.supersede({ ...left, remove: () => Promise.reject(new Error('in use')) });
    expect((await leftBehind([ended.folder], 'at once', next.journal)).stamps).toEqual([]);
    appendFileSync(ended.journal.path, encode(yes(2)));
    const before = new Date(Date.now() - 1_000_000);
    utimesSync(ended.journal.path, before, before);
    expect((await leftBehind([ended.folder], 'at once', next.journal)).entries).toEqual([yes(1), yes(2)]);
  });

  it('removes nothing once it is closed, its own file with what is unsaved least of all', async () => {
    const { folder, log, journal } = session();
    log.apply(yes(1));
    await journal.close();
    const remove = vi.fn(async () => {});
    await journal.supersede({ stamps: [], drops: new Map(), remove });
    expect(remove).not.toHaveBeenCalled();
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('is not removed where its session has come back and written more than was read', async () => {
    const ended = session();
    ended.log.apply(yes(1));
    await kill(ended);
    const left = await leftBehind([ended.folder], 'at once');
    appendFileSync(ended.journal.path, encode(yes(2)));
    await left.remove();
    age(ended.folder);
    expect((await leftBehind([ended.folder], 'at once')).entries).toEqual([yes(1), yes(2)]);
  });

  it('is not told as unreadable where another session was quicker', async () => {
    const ended = session();
    ended.log.apply(yes(1));
    await kill(ended);
    const looker = {
      owns: () => false,
      tookOver: () => false,
      isSeen: async () => {},
      // It is asked for between the listing and the reading.
      get drops() {
        rmSync(ended.journal.path);
        return new Map<string, number>();
      },
    };
    const left = await leftBehind([ended.folder], 'at once', looker);
    expect(existsSync(ended.journal.path)).toBe(false);
    expect([left.entries, left.unread]).toEqual([[], []]);
  });

  it('remembers what was undone for as long as a file that it took over cannot be removed', async () => {
    const ended = session();
    ended.log.apply(yes(1));
    await kill(ended);
    const next = session(ended.folder);
    const left = await leftBehind([ended.folder], 'at once', next.journal);
    next.log.restore(left.entries);
    await next.journal.supersede({ ...left, remove: () => Promise.reject(new Error('in use')) });
    next.journal.tookOverAll();
    next.log.discardPending();
    await next.journal.close();
    const last = await leftBehind([ended.folder], 'at once');
    expect(last.entries).toEqual([]);
  });

  it('recovers what can be read of a file that was cut off', async () => {
    const { folder, log, journal } = session();
    log.apply(yes(1));
    log.apply(yes(2));
    await journal.settled();
    const text = readFileSync(journal.path, 'utf8');
    log.discardPending();
    journal.tookOverAll();
    await journal.close();
    writeFileSync(join(folder, 'torn.jsonl'), text.slice(0, -20));
    age(folder);
    expect((await leftBehind([folder], 'at once')).entries).toEqual([yes(1)]);
  });

  it('tells of lines that cannot be read, and keeps them; what stands between zeros is read', async () => {
    const { folder, log, journal } = session();
    for (let n = 1; n <= 6; n++) log.apply(yes(n));
    await journal.settled();
    const [header = '', ...lines] = readFileSync(journal.path, 'utf8').split('\n');
    const zeros = '\0'.repeat(600);
    const torn = [
      lines[0],
      lines[1]?.slice(0, 40),
      zeros + lines[2],
      lines[3] + zeros,
      zeros,
      lines[4],
      lines[5]?.slice(0, -40),
    ];
    log.discardPending();
    journal.tookOverAll();
    await journal.close();
    const path = join(folder, 'torn.jsonl');
    writeFileSync(path, [header, ...torn].join('\n'));
    age(folder);
    const left = await leftBehind([folder], 'at once');
    expect(idsOf(left.entries)).toEqual([1, 3, 4, 5].map(idAt));
    expect(left.damaged).toEqual({ lines: 1, files: [`${path}.damaged`] }); // the last one was never promised
    await left.remove();
    expect(readdirSync(folder)).toEqual(['torn.jsonl.damaged']);
    expect((await leftBehind([folder], 'at once')).entries).toEqual([]);
  });

  it('keeps no one from deciding when it cannot be written, tells so once, and goes on when it can', async () => {
    const blocked = join(root, 'blocked');
    writeFileSync(blocked, '');
    const { folder, log, journal, onTrouble } = session(join(blocked, 'unsaved'));
    log.apply(yes(1));
    await journal.settled();
    log.apply(yes(2));
    await journal.settled();
    expect(onTrouble).toHaveBeenCalledTimes(1);
    rmSync(blocked);
    log.apply(yes(3));
    await journal.settled();
    age(folder);
    expect(idsOf((await leftBehind([folder], 'at once')).entries)).toEqual([1, 2, 3].map(idAt));
    await journal.close();
  });

  it('renews its file no more once it is closed, also where writing and syncing failed together', async () => {
    const { log, journal } = session();
    const beats = vi.spyOn(globalThis, 'setInterval');
    const ended = vi.spyOn(globalThis, 'clearInterval');
    const handle = await open(join(root, 'any'), 'w');
    const files = Object.getPrototypeOf(handle) as typeof handle;
    await handle.close();
    const failing: ((reason: Error) => void)[] = [];
    const stuck = () => new Promise<never>((_, reject) => failing.push(reject));
    const syncs = vi.spyOn(files, 'datasync').mockImplementation(stuck);
    log.apply(yes(1));
    await eventually(() => expect(failing).toHaveLength(1));
    const writes = vi.spyOn(files, 'appendFile').mockImplementation(stuck);
    log.apply(yes(2));
    await eventually(() => expect(failing).toHaveLength(2));
    for (const fail of failing) fail(new Error('no space left'));
    await journal.settled();
    await journal.close();
    const going = beats.mock.results.map(({ value }) => value as NodeJS.Timeout);
    for (const [beat] of ended.mock.calls) going.splice(going.indexOf(beat as NodeJS.Timeout), 1);
    expect(going).toEqual([]);
    for (const spy of [beats, ended, syncs, writes]) spy.mockRestore();
  });

  it('removes what an ended session left once nothing is unsaved, where it never could be written', async () => {
    const { ended, blocked, log, journal } = await takenOverOnFullDisk('always full');
    expect(readdirSync(ended.folder)).toHaveLength(1);
    rmSync(blocked);
    log.markSaved(log.beginSave());
    await journal.settled();
    expect(readdirSync(ended.folder)).toEqual([]);
    await journal.close();
  });

  it('holds what is unsaved, after any decisions, undos, saves and reverts', {
    timeout: 120_000,
  }, async () => {
    const step = fc.constantFrom('do', 'do', 'undo', 'redo', 'save', 'revert', 'settle');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const { folder, log, journal } = session();
        const [unsaved, saved] = [new Set<string>(), new Set<string>()];
        log.onUnsaved({
          added: ({ id }) => unsaved.add(id),
          saved: ({ id }) => saved.add(id),
          dropped: () => {},
        });
        let edits: Edit[] = [];
        let cursor = 0;
        let made = 0;
        for (const each of steps) {
          if (each === 'do') {
            edits = [...edits.slice(0, cursor++), log.apply(yes(++made)).edit];
          } else if (each === 'undo' && cursor > 0) log.undo(edits[--cursor] as Edit);
          else if (each === 'redo' && cursor < edits.length) log.redo(edits[cursor++] as Edit);
          else if (each === 'save') log.markSaved(log.beginSave());
          else if (each === 'revert') {
            log.discardPending();
            [edits, cursor] = [[], 0];
          } else await journal.settled();
        }
        await journal.settled();
        if (existsSync(folder)) age(folder);
        const pending = idsOf(log.pending());
        expect(idsOf((await leftBehind([folder], 'at once')).entries)).toEqual(pending);
        // A backup has what was unsaved at some time; what is neither saved nor pending must not come back with it.
        const takenBack = await takenBackIn([folder]);
        const comesBack = [...unsaved].filter((id) => !saved.has(id) && !takenBack.has(id));
        expect(comesBack.sort()).toEqual(pending);
        await journal.close();
      }),
      { numRuns: 40 },
    );
  });
});

// Each waits for some seconds to pass, and all of them for the same ones.
describe.concurrent('Journal, in the course of time', () => {
  it('leaves alone what was touched a moment ago, and takes it once it is touched no more', async () => {
    const { folder, log, journal } = session();
    log.apply(yes(1));
    await journal.settled();
    expect((await leftBehind([folder], 'at once')).entries).toEqual([]);
    // It lives: its time is renewed meanwhile.
    expect((await leftBehind([folder], 'once old')).entries).toEqual([]);
    log.discardPending();
    await journal.close();

    // Killed: nobody renews it.
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'killed.jsonl'), encode(yes(2)));
    expect((await leftBehind([folder], 'once old')).entries).toEqual([yes(2)]);
  });

  it('passes for living while it cannot be written, by what it wrote before', async () => {
    const { folder, log, journal, onTrouble, isSeen } = session();
    log.apply(yes(1));
    await journal.settled();
    // The names of the next files are taken, so that none can be begun.
    for (const n of Array.from({ length: 100 }, (_, at) => at + 2))
      mkdirSync(journal.path.replace(/\.1\.jsonl$/, `.${n}.jsonl`));
    journal.start([]);
    log.apply(yes(2));
    await eventually(() => expect(onTrouble).toHaveBeenCalledTimes(1));
    expect((await leftBehind([folder], 'once old')).entries).toEqual([]);
    isSeen.mockReturnValue(new Promise(() => {}));
    expect((await leftBehind([folder], 'once old')).entries).toEqual([yes(1)]);
    await journal.close();
  });

  it('begins anew when another session has taken its file over, and retracts from then on what that may save', async () => {
    const { folder, log, journal } = session();
    const { edit: first } = log.apply(yes(1));
    await journal.settled();
    rmSync(journal.path);
    await vi.waitFor(() => expect(existsSync(journal.path)).toBe(true), { timeout: 60_000, interval: 50 });
    const { edit: second } = log.apply(yes(2));
    await journal.settled();
    age(folder);
    expect(idsOf((await leftBehind([folder], 'at once')).entries)).toEqual([idAt(1), idAt(2)]);

    // The other session may save what it has taken over, and no more than that.
    log.undo(second);
    log.undo(first);
    expect(log.pending()).toMatchObject([yes(1), { target: { entry: idAt(1) }, action: 'retract' }]);
    await journal.close();
  });

  it('is taken over while its window does not answer, and begun anew when it does again', async () => {
    const away = session();
    away.log.apply(yes(1));
    await away.journal.settled();
    let comeBack = () => {};
    away.isSeen.mockReturnValue(
      new Promise((resolve) => {
        comeBack = resolve;
      }),
    );
    const left = await leftBehind([away.folder], 'once old');
    expect(left.entries).toEqual([yes(1)]);
    await left.remove();
    expect(readdirSync(away.folder)).toEqual([]);
    // It decides as it comes back, before it could look, and is killed in the next moment.
    away.log.apply(yes(2));
    await away.journal.settled();
    const [name = ''] = readdirSync(away.folder);
    expect(readFileSync(join(away.folder, name), 'utf8')).toContain(encode(yes(2)));
    rmSync(join(away.folder, name));
    comeBack();
    await eventually(() => expect(readdirSync(away.folder)).toHaveLength(1));
    away.isSeen.mockResolvedValue();
    expect((await leftBehind([away.folder], 'once old')).entries).toEqual([]);
    away.log.discardPending();
    await away.journal.close();
  });

  it('takes no decision of one session because another has dropped it while both lived', async () => {
    const one = session();
    const other = session(one.folder);
    one.log.apply(yes(1));
    other.log.restore([yes(1)]);
    await Promise.all([one.journal.settled(), other.journal.settled()]);
    other.log.discardPending();
    await other.journal.settled();
    // It is killed a moment after that, and was touched last about when the other dropped it.
    await one.journal.close();
    const now = new Date();
    utimesSync(one.journal.path, now, now);
    expect([...(await takenBackIn([one.folder]))]).toEqual([]);
    expect(idsOf((await leftBehind([one.folder], 'once old')).entries)).toEqual([idAt(1)]);
    other.journal.tookOverAll();
    await other.journal.close();
  });

  it('is found by those who open what was moved, once its session has ended', async () => {
    const storage = join(root, 'moved');
    const [here, gone] = [join(root, 'here.jsonl'), join(root, 'gone.jsonl')];
    writeFileSync(here, '');
    const sessions = [here, gone].map((dataset) => session(journalFolder(storage, dataset), dataset));
    for (const { log } of sessions) for (const n of [1, 2]) log.apply(yes(n));
    for (const { journal } of sessions) await journal.settled();
    expect(await leftOnMoved(storage)).toEqual([]); // they live
    for (const each of sessions) await kill(each);
    const [left, ...more] = await leftOnMoved(storage);
    expect(left).toMatchObject({ dataset: gone, entries: [yes(1), yes(2)] });
    expect(more).toEqual([]);
    await left?.remove();
    expect(await leftOnMoved(storage)).toEqual([]);
    const [kept] = sessions;
    expect((await leftBehind([kept?.folder ?? ''], 'at once')).entries).toHaveLength(2);

    writeFileSync(join(kept?.folder ?? '', 'no-name.jsonl'), `null\n${encode(yes(3))}`); // earlier versions named none
    age(kept?.folder ?? '');
    rmSync(here);
    expect((await leftOnMoved(storage)).map(({ entries }) => idsOf(entries))).toEqual([[idAt(1), idAt(2)]]);
  });

  it.skipIf(process.platform === 'win32')(
    'is the same through every link to the folder, and found where a link took its place (not on Windows)',
    async () => {
      const base = join(root, 'links');
      const [store, link, moved] = ['store', 'link', 'moved'].map((name) => join(base, name)) as [
        string,
        string,
        string,
      ];
      mkdirSync(store, { recursive: true });
      writeFileSync(join(store, 'run.jsonl'), '');
      symlinkSync(store, link);
      const place = await placeOf(join(link, 'run.jsonl'));
      expect(place).toBe(await placeOf(join(store, 'run.jsonl')));
      symlinkSync(join(store, 'run.jsonl'), join(base, 'other.jsonl'));
      expect(await placeOf(join(base, 'other.jsonl'))).toBe(join(dirname(dirname(place)), 'other.jsonl'));

      const one = session(journalFolder(base, place), place);
      one.log.apply(yes(1));
      await kill(one);
      expect(await leftOnMoved(base)).toEqual([]);
      renameSync(store, moved);
      symlinkSync(moved, store);
      expect(await leftOnMoved(base)).toMatchObject([{ dataset: place, entries: [yes(1)] }]);
    },
  );

  it('removes what an ended session left only once that is on disk in its own file', async () => {
    const { ended, blocked, folder, journal, onTrouble } = await takenOverOnFullDisk('full');
    expect(onTrouble).toHaveBeenCalledTimes(1);
    expect(idsOf((await leftBehind([ended.folder], 'at once')).entries)).toEqual([idAt(1)]);

    // Room again: nobody has to decide for it to be written.
    rmSync(blocked);
    await eventually(async () => {
      expect((await leftBehind([ended.folder], 'at once')).entries).toEqual([]);
    });
    expect(readFileSync(journal.path, 'utf8')).toContain(idAt(1));
    expect(readdirSync(folder)).toHaveLength(1);
    await journal.close();
  });

  it.runIf(process.platform === 'linux')('leaves alone what it cannot read now, and names it', async () => {
    const { folder, log, journal } = session();
    log.apply(yes(1));
    await journal.settled();
    symlinkSync('/proc/self/mem', join(folder, 'unreadable.jsonl'));
    const left = await leftBehind([folder], 'once old');
    expect(left.unread).toEqual([join(folder, 'unreadable.jsonl')]);
    await left.remove();
    expect(readdirSync(folder)).toContain('unreadable.jsonl');
    await journal.close();
  });
});
