import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  BesideError,
  type BesideFolder,
  BesideFolderError,
  copyFiles,
  linkTarget,
  makeFolder,
  namesIn,
  openToAppend,
  openToRead,
  pathOf,
  pinned,
  readBytes,
  remove,
  replaceAside,
  stampIn,
  writeWhole,
} from '../../../src/node/besideFiles';
import { temporaryFolder } from '../../support/dataset';

const MAX = 1_000;
const root = realpathSync(temporaryFolder());
let base: string;
let folder: BesideFolder;
let path: string;
let victim: string;

beforeEach(() => {
  base = mkdtempSync(join(root, 'case-'));
  folder = { base, below: ['run.jsonl.review'] };
  path = pathOf(folder);
  victim = join(base, 'precious.txt');
  writeFileSync(victim, 'precious');
  mkdirSync(path);
});

async function textOf(name: string): Promise<string | null> {
  const bytes = await readBytes(folder, name, MAX);
  return bytes === null ? null : new TextDecoder().decode(bytes);
}

async function append(name: string, text: string): Promise<void> {
  const handle = await openToAppend(folder, name);
  await handle.writeFile(text).finally(() => handle.close());
}

/** Every way of touching a file, each with the same file. */
const WAYS: readonly (readonly [string, (name: string) => Promise<unknown>])[] = [
  ['reading', async (name) => (await openToRead(folder, name)).close()],
  ['reading whole', textOf],
  ['appending', (name) => append(name, 'x')],
  ['writing', (name) => writeWhole(folder, name, 'x')],
];

describe('a file beside a dataset', () => {
  it('is made, appended to, read and replaced', async () => {
    await append('a.jsonl', 'one\n');
    await append('a.jsonl', 'two\n');
    expect(await textOf('a.jsonl')).toBe('one\ntwo\n');
    await writeWhole(folder, 'profile.json', 'first');
    await writeWhole(folder, 'profile.json', 'second');
    expect(await textOf('profile.json')).toBe('second');
    expect(await namesIn(folder)).toEqual(['a.jsonl', 'profile.json']);
    await remove(folder, 'profile.json');
    await remove(folder, 'profile.json');
    expect(await textOf('profile.json')).toBeNull();
    expect(readdirSync(path)).toEqual(['a.jsonl']);
  });

  it('may lie in a folder that is reached through links, as data stores have it', async () => {
    const store = join(base, 'store');
    mkdirSync(join(store, 'run.jsonl.review'), { recursive: true });
    symlinkSync(store, join(base, 'data'));
    folder = { base: join(base, 'data'), below: ['run.jsonl.review'] };
    await append('a.jsonl', 'one');
    expect(readFileSync(join(store, 'run.jsonl.review', 'a.jsonl'), 'utf8')).toBe('one');
  });

  describe.each(WAYS)('is refused, and nothing elsewhere is touched, by %s', (_way, touch) => {
    const refused = async (name: string, reason: RegExp) => {
      await expect(touch(name)).rejects.toThrow(reason);
      await expect(touch(name)).rejects.toBeInstanceOf(BesideError);
      expect(readFileSync(victim, 'utf8')).toBe('precious');
    };

    it('through a link', async () => {
      symlinkSync(victim, join(path, 'ana.jsonl'));
      await refused('ana.jsonl', /ana\.jsonl is a link/);
    });

    it('through a link that leads nowhere yet', async () => {
      symlinkSync(join(base, 'new.txt'), join(path, 'ana.jsonl'));
      await refused('ana.jsonl', /is a link/);
      expect(existsSync(join(base, 'new.txt'))).toBe(false);
    });

    it('through a folder that is a link', async () => {
      const elsewhere = join(base, 'elsewhere');
      mkdirSync(elsewhere);
      writeFileSync(join(elsewhere, 'ana.jsonl'), 'theirs');
      renameSync(path, `${path}.old`);
      symlinkSync(elsewhere, path);
      await expect(touch('ana.jsonl')).rejects.toBeInstanceOf(BesideFolderError);
      expect(readFileSync(join(elsewhere, 'ana.jsonl'), 'utf8')).toBe('theirs');
      expect(readdirSync(elsewhere)).toEqual(['ana.jsonl']);
    });

    it('through the trusted folder, once that leads elsewhere than it did', async () => {
      const [store, elsewhere, data] = [join(base, 'store'), join(base, 'elsewhere'), join(base, 'data')];
      for (const dir of [store, elsewhere]) mkdirSync(join(dir, 'run.jsonl.review'), { recursive: true });
      const file = join(elsewhere, 'run.jsonl.review', 'ana.jsonl');
      writeFileSync(file, 'theirs');
      symlinkSync(store, data);
      folder = await pinned({ base: data, below: ['run.jsonl.review'] });
      writeFileSync(join(store, 'run.jsonl.review', 'ana.jsonl'), 'mine');
      await touch('ana.jsonl');
      rmSync(data);
      symlinkSync(elsewhere, data);
      await expect(touch('ana.jsonl')).rejects.toThrow(
        /leads to .*elsewhere by now, and led to .*store when/,
      );
      rmSync(data);
      renameSync(store, `${store}.old`);
      mkdirSync(data); // where a folder stood, a link does now, and the other way round
      await expect(touch('ana.jsonl')).rejects.toBeInstanceOf(BesideFolderError);
      expect(readFileSync(file, 'utf8')).toBe('theirs');
      expect(readdirSync(join(elsewhere, 'run.jsonl.review'))).toEqual(['ana.jsonl']);
      expect(readdirSync(data)).toEqual([]);
    });

    it('that is a pipe, without waiting for who writes to it', async () => {
      execFileSync('mkfifo', [join(path, 'ana.jsonl')]);
      await refused('ana.jsonl', /is a pipe or a device/);
    });

    it('that is a folder', async () => {
      mkdirSync(join(path, 'ana.jsonl'));
      await refused('ana.jsonl', /is a folder/);
    });

    it.each(['..', '.', '', '../precious.txt', 'a/b', 'a\\b', 'a\0b'])('by the name %j', async (name) => {
      await refused(name, /is no name of a file/);
    });
  });

  it('is not appended to while it has a second name elsewhere', async () => {
    linkSync(victim, join(path, 'ana.jsonl'));
    await expect(append('ana.jsonl', 'x')).rejects.toThrow(/has a second name elsewhere/);
    expect(readFileSync(victim, 'utf8')).toBe('precious');
    unlinkSync(victim);
    await append('ana.jsonl', '!');
    expect(await textOf('ana.jsonl')).toBe('precious!');
  });

  it('is replaced without a second name of it being touched', async () => {
    linkSync(victim, join(path, 'profile.json'));
    await writeWhole(folder, 'profile.json', 'new');
    expect(readFileSync(victim, 'utf8')).toBe('precious');
    expect(await textOf('profile.json')).toBe('new');
  });

  it('is refused where it is too large, and read where it is just small enough', async () => {
    writeFileSync(join(path, 'profile.json'), 'x'.repeat(MAX));
    expect(await textOf('profile.json')).toHaveLength(MAX);
    writeFileSync(join(path, 'profile.json'), 'x'.repeat(MAX + 1));
    await expect(textOf('profile.json')).rejects.toThrow(/profile\.json is too large/);
  });

  it('is a link itself where one is removed, not what it leads to', async () => {
    symlinkSync(victim, join(path, 'profile.json'));
    await remove(folder, 'profile.json');
    expect(readdirSync(path)).toEqual([]);
    expect(readFileSync(victim, 'utf8')).toBe('precious');
  });

  it('is there, or another in its place, while it is put aside; as it was where that fails', async () => {
    writeFileSync(join(path, 'ana.jsonl'), 'old');
    const failing = replaceAside(folder, 'ana.jsonl', async () => {
      expect(await textOf('ana.jsonl')).toBe('old');
      throw new Error('no space left');
    });
    await expect(failing).rejects.toThrow('no space left');
    const late = replaceAside(folder, 'ana.jsonl', async () => append('ana.jsonl', ' and more'));
    await expect(late).rejects.toThrow(/written to meanwhile/);
    expect(readdirSync(path)).toEqual(['ana.jsonl']);
    expect(await textOf('ana.jsonl')).toBe('old and more');
    const aside = await replaceAside(folder, 'ana.jsonl', (draft) => draft.writeFile('new'));
    expect([await textOf(aside), await textOf('ana.jsonl')]).toEqual(['old and more', 'new']);
    expect(readdirSync(path)).toHaveLength(2);
    await append('ana.jsonl', '!'); // it has one name
  });

  it('leaves no draft behind when it cannot be written', async () => {
    mkdirSync(join(path, 'profile.json'));
    await expect(writeWhole(folder, 'profile.json', 'x')).rejects.toThrow();
    expect(readdirSync(path)).toEqual(['profile.json']);
  });
});

describe('a folder beside a dataset', () => {
  it('is made below the trusted one, which is not', async () => {
    const deep = { base, below: ['run.verdicts', 'judge'] };
    expect(await makeFolder(deep)).toBe(true);
    expect(await makeFolder(deep)).toBe(false);
    expect(existsSync(join(base, 'run.verdicts', 'judge'))).toBe(true);
    await expect(makeFolder({ base: join(base, 'gone'), below: ['run.review'] })).rejects.toThrow('ENOENT');
    expect(existsSync(join(base, 'gone'))).toBe(false);
  });

  it('holds nothing, and no file has a state, where it is not there', async () => {
    const gone = { base, below: ['other.review'] };
    expect(await namesIn(gone)).toEqual([]);
    expect(await stampIn(gone, 'a.jsonl')).toBeNull();
    await expect(openToRead(gone, 'a.jsonl')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('tells where it leads to when it is a link to a folder', async () => {
    expect(await linkTarget(folder)).toBeNull();
    renameSync(path, `${path}.old`);
    symlinkSync(`${path}.old`, path);
    expect(await linkTarget(folder)).toBe(`${path}.old`);
    unlinkSync(path);
    symlinkSync(victim, path);
    expect(await linkTarget(folder)).toBeNull();
  });

  it('is copied with what is in it, but for links, pipes and names that are no names, which are told', async () => {
    await append('a.jsonl', 'x'.repeat(3_000_000));
    await append('empty.jsonl', '');
    await makeFolder({ base, below: [...folder.below, 'audits'] });
    writeFileSync(join(path, 'audits', 'one.json'), '{}');
    symlinkSync(victim, join(path, 'b.jsonl'));
    symlinkSync(base, join(path, 'up'));
    execFileSync('mkfifo', [join(path, 'pipe.jsonl')]);
    writeFileSync(join(path, 'odd\\name.jsonl'), 'x'); // two parts of a path on other systems
    const copy = { base, below: ['copy.review'] };
    expect(await copyFiles(folder, copy)).toEqual(
      ['b.jsonl', 'odd\\name.jsonl', 'pipe.jsonl', 'up'].map((name) => join(path, name)),
    );
    expect(readdirSync(pathOf(copy), { recursive: true }).map(String).sort()).toEqual([
      'a.jsonl',
      'audits',
      join('audits', 'one.json'),
      'empty.jsonl',
    ]);
    // Not by toEqual, which takes half a minute for so many bytes on a busy machine.
    expect(readFileSync(pathOf(copy, 'a.jsonl')).equals(readFileSync(join(path, 'a.jsonl')))).toBe(true);
  });

  it('is not waited for where a file in it grows while it is read', async () => {
    writeFileSync(join(path, 'profile.json'), 'x'.repeat(10));
    const growing = await open(join(path, 'profile.json'), 'a');
    const read = textOf('profile.json');
    await growing.writeFile('y'.repeat(100));
    await growing.close();
    expect((await read)?.length).toBeGreaterThanOrEqual(10);
  });
});
