import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { contentHash } from '../../../src/core/dataset/hash';
import { encode } from '../../../src/core/review/codec';
import { ReviewLog } from '../../../src/core/review/log';
import { saveOrOffer } from '../../../src/host/inTheWay';
import { offerLinkedFolder } from '../../../src/host/linkedFolder';
import { offerLost } from '../../../src/host/lostDecisions';
import { offerOwnElsewhere } from '../../../src/host/ownElsewhere';
import { ReviewDocument } from '../../../src/host/reviewDocument';
import { inTheWay } from '../../../src/node/besideFiles';
import { inProcess } from '../../../src/node/runIndex';
import { canonicalRecord, jsonl, temporaryFolder } from '../../support/dataset';
import { answer, entryOf, idAt } from '../../support/entries';
import { eventually } from '../../support/eventually';
import { unprivileged } from '../../support/unprivileged';
import { memento, vscodeStandIn } from '../../support/vscodeStandIn';

vi.mock('vscode', async () => (await import('../../support/vscodeStandIn')).vscodeStandIn);

const { window, workspace } = vscodeStandIn;
const root = temporaryFolder();
const HASH = contentHash([
  { role: 'assistant', content: 'I will help.', prefill: 0 },
] as unknown as Parameters<typeof contentHash>[0]);
const YES = { kind: 'label', label: 'complied', answer: 'yes' } as const;
let path: string;

beforeEach(() => {
  path = join(mkdtempSync(join(root, 'case-')), 'run.jsonl');
  writeFileSync(path, jsonl(['t1', 't2', 't3'].map((id) => canonicalRecord({ id }))));
  workspace.isTrusted = true;
});
afterEach(() => vi.restoreAllMocks());

async function opened(): Promise<ReviewDocument> {
  const uri = vscodeStandIn.Uri.file(path) as never;
  const document = await ReviewDocument.open({
    uri,
    run: inProcess,
    cache: join(root, 'index'),
    backup: undefined,
  });
  await document.loading;
  return document;
}

const answering = (button: string | undefined) =>
  vi.spyOn(window, 'showWarningMessage').mockResolvedValue(button);

describe('a review folder that is a link', () => {
  let target: string;
  beforeEach(() => {
    target = join(path, '..', 'shared reviews');
    mkdirSync(target);
    const entry = entryOf(idAt(1), answer('complied', 'no'), {
      reviewer: 'ana',
      transcript: 't1',
      hash: HASH,
    });
    writeFileSync(join(target, 'ana.jsonl'), encode(entry));
    symlinkSync(target, `${path}.review`);
  });

  it('is refused, told, and written to by nobody', async () => {
    const document = await opened();
    expect(document.audit.totals.reviewed).toBe(0);
    expect(document.audit.reviewProblems.map(({ reason }) => reason)).toEqual([
      'decisions not read: run.jsonl.review is a link, and links beside a dataset are not followed',
    ]);
    await document.decide(1, YES, 'ana');
    await expect(document.save()).rejects.toThrow(/run\.jsonl\.review is a link/);
    expect(document.dirty).toBe(true);
    expect(readFileSync(join(target, 'ana.jsonl'), 'utf8')).not.toContain('t2');
  });

  it('is not even asked about in a workspace that nobody trusts', async () => {
    workspace.isTrusted = false;
    const asked = answering('Use This Folder');
    const document = await opened();
    await offerLinkedFolder(document, memento());
    expect(asked).not.toHaveBeenCalled();
    expect(document.audit.totals.reviewed).toBe(0);
  });

  it('is asked about once in a trusted one, and used where the user says so', async () => {
    const asked = answering('Use This Folder');
    const memory = memento();
    const document = await opened();
    await offerLinkedFolder(document, memory);
    await document.loading;
    expect(document.audit.totals.reviewed).toBe(1);
    expect(document.audit.reviewProblems).toEqual([]);
    await document.decide(1, YES, 'ana');
    await document.save();
    expect(readFileSync(join(target, 'ana.jsonl'), 'utf8')).toContain('"t2"');

    const again = await opened();
    await offerLinkedFolder(again, memory);
    await again.loading;
    expect(again.audit.totals.reviewed).toBe(2);
    expect(asked).toHaveBeenCalledTimes(1);

    // Another place is another question.
    renameSync(target, `${target} moved`);
    mkdirSync(target);
    asked.mockResolvedValue('Do Not');
    await offerLinkedFolder(await opened(), memory);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('stays refused where the user says so, without being asked again', async () => {
    const asked = answering('Do Not');
    const memory = memento();
    for (const document of [await opened(), await opened()]) {
      await offerLinkedFolder(document, memory);
      await document.loading;
      expect(document.audit.totals.reviewed).toBe(0);
    }
    expect(asked).toHaveBeenCalledTimes(1);
  });
});

describe('decisions signed with one’s name in another’s file', () => {
  const COPY = 'ana (conflicted copy).jsonl';
  beforeEach(() => {
    mkdirSync(`${path}.review`);
    const entry = entryOf(idAt(1), answer('complied', 'no'), {
      reviewer: 'ana',
      transcript: 't1',
      hash: HASH,
    });
    writeFileSync(join(`${path}.review`, COPY), encode(entry));
  });

  it('count once they are taken over, and are then saved to one’s own', async () => {
    const asked = answering('Take Them Over');
    const document = await opened();
    expect(document.audit.totals.reviewed).toBe(0);
    await offerOwnElsewhere(document, 'Ana', document.offered);
    expect(asked.mock.calls[0]?.[0]).toContain(COPY);
    expect(document.audit.totals.reviewed).toBe(1);
    expect(document.dirty).toBe(true);
    await document.save();
    expect(readFileSync(join(`${path}.review`, 'ana.jsonl'), 'utf8')).toContain('"t1"');
    await offerOwnElsewhere(document, 'ana', document.offered);
    await offerOwnElsewhere(await opened(), 'ana', new Set());
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('are left alone without a click, are no other’s to take, and are offered once', async () => {
    const asked = answering(undefined);
    const document = await opened();
    await offerOwnElsewhere(document, 'ben', document.offered);
    await offerOwnElsewhere(document, '', document.offered);
    expect(asked).not.toHaveBeenCalled();
    await offerOwnElsewhere(document, 'ana', document.offered);
    await offerOwnElsewhere(document, 'ana', document.offered);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(document.dirty).toBe(false);
    expect(existsSync(join(`${path}.review`, 'ana.jsonl'))).toBe(false);
  });
});

describe('saved decisions whose file is gone', () => {
  const decide = async (document: ReviewDocument) => {
    await document.decide(0, YES, 'ana');
    await document.decide(1, YES, 'ana');
    await document.save();
  };
  const lines = () => readFileSync(join(`${path}.review`, 'ana.jsonl'), 'utf8').split('\n').length - 1;

  it('count no more, which is told, and are saved again by one click', async () => {
    const asked = answering('Save Them Again');
    const document = await opened();
    await decide(document);
    await document.reloadReviews();
    await offerLost(document);
    expect(asked).not.toHaveBeenCalled();

    rmSync(`${path}.review`, { recursive: true });
    await document.reloadReviews();
    expect(document.audit.totals.reviewed).toBe(0);
    expect(document.audit.reviewProblems.map(({ reason }) => reason)).toEqual([
      '2 decisions that stood there when it was read before, and no more',
    ]);
    await offerLost(document);
    expect(asked.mock.calls[0]?.[0]).toContain('2 decisions that you made and saved here on run.jsonl');
    expect(document.audit.totals.reviewed).toBe(2);
    await document.save();
    expect(lines()).toBe(2);
    await document.reloadReviews();
    expect(document.audit.reviewProblems).toEqual([]);
    await offerLost(document);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('may have been moved with the dataset: VS Code renames both, or somebody else did', async () => {
    const asked = answering(undefined);
    const document = await opened();
    await decide(document);
    const later = join(dirname(path), 'later.jsonl');
    renameSync(path, later);
    renameSync(`${path}.review`, `${later}.review`);
    await document.reloadReviews();
    document.isMoved = true;
    await offerLost(document);
    expect(asked).not.toHaveBeenCalled();
    document.isMoved = false;
    await offerLost(document);
    expect(asked.mock.calls[0]?.[0]).toMatch(/So is the dataset; decisions that were moved with it count/);
  });

  it('are told once each time that they go, and left alone without a click; once they are back, nothing is said', async () => {
    const asked = answering(undefined);
    const document = await opened();
    await decide(document);
    const whole = readFileSync(join(`${path}.review`, 'ana.jsonl'), 'utf8');
    writeFileSync(join(`${path}.review`, 'ana.jsonl'), `${whole.split('\n')[0]}\n`);
    await document.reloadReviews();
    await offerLost(document);
    await offerLost(document);
    expect(asked).toHaveBeenCalledTimes(1);
    expect([document.dirty, lines()]).toEqual([false, 1]);
    writeFileSync(join(`${path}.review`, 'ana.jsonl'), whole);
    await document.reloadReviews();
    expect(document.audit.log.lost()).toEqual([]);
    expect(document.audit.reviewProblems).toEqual([]);
    await offerLost(document);
    rmSync(`${path}.review`, { recursive: true });
    await document.reloadReviews();
    await offerLost(document);
    expect(asked).toHaveBeenCalledTimes(2);
  });
});

describe('an unsaved decision of a window that has ended', () => {
  it('is taken over, and told to VS Code once the dataset is on screen', async () => {
    const document = await opened();
    const missed = vi.fn();
    document.onDidMissEdit(missed);
    const entry = entryOf(idAt(1), answer('complied', 'no'), {
      reviewer: 'ana',
      transcript: 't1',
      hash: HASH,
    });
    expect(await document.takeOver([entry])).toBe(1);
    expect(missed).not.toHaveBeenCalled();
    document.announceRestored();
    expect(await document.takeOver([entry])).toBe(0);
    expect(missed).toHaveBeenCalledTimes(1);
    expect(await document.takeOver([{ ...entry, id: idAt(2), transcript: 't2' }])).toBe(1);
    expect(missed).toHaveBeenCalledTimes(2);
    expect(document.audit.totals.reviewed).toBe(2);
  });

  const many = Array.from({ length: 1_200 }, (_, n) =>
    entryOf(idAt(n + 1), answer('complied', 'no'), { reviewer: 'ana', transcript: `t${n}`, hash: HASH }),
  );

  it('is one of many, which are taken over in parts between which the thread is free', async () => {
    const document = await opened();
    const parts: number[] = [];
    const { restore } = ReviewLog.prototype;
    const restored = vi.spyOn(ReviewLog.prototype, 'restore').mockImplementation(function (
      this: ReviewLog,
      entries,
      asMade,
    ) {
      parts.push([...entries].length);
      return restore.call(this, entries, asMade);
    });
    expect(await document.takeOver(many)).toBe(1_200);
    restored.mockRestore();
    expect(parts).toEqual([500, 500, 200]);
  });

  it('is left for the next time where the dataset is closed meanwhile', async () => {
    const document = await opened();
    const taken = document.takeOver(many);
    document.dispose();
    expect(await taken).toBeNull();
  });
});

describe('what stands in the place of one’s own decisions', () => {
  const own = () => join(`${path}.review`, 'ana.jsonl');
  const asides = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.aside'));
  const places: readonly (readonly [what: string, make: () => void, folder: () => string])[] = [
    [
      'a folder with a file in it',
      () => {
        mkdirSync(own(), { recursive: true });
        writeFileSync(join(own(), 'keep'), 'kept');
      },
      () => `${path}.review`,
    ],
    [
      'a link',
      () => {
        mkdirSync(`${path}.review`);
        symlinkSync(join(root, 'elsewhere'), own());
      },
      () => `${path}.review`,
    ],
    ['a file in the place of the folder', () => writeFileSync(`${path}.review`, 'kept'), () => dirname(path)],
  ];

  beforeEach(() => {
    vi.spyOn(workspace, 'save').mockImplementation(async () => void (await document.save()));
  });
  let document: ReviewDocument;
  const decided = async (make: () => void) => {
    make();
    document = await opened();
    await document.decide(0, YES, 'ana');
  };

  it.each(places)('is put aside by a click, and they are saved: %s', async (_what, make, folder) => {
    const asked = answering('Put It Aside and Save');
    await decided(make);
    await expect(saveOrOffer(document)).rejects.toThrow(/could not be saved/);
    await eventually(() => expect(document.dirty).toBe(false));
    expect(asked).toHaveBeenCalledTimes(1);
    expect(readFileSync(own(), 'utf8').split('\n')).toHaveLength(2);
    expect(asides(folder())).toHaveLength(1);
    expect(existsSync(join(root, 'elsewhere'))).toBe(false);
  });

  it.each(places)('stays without a click, and nothing is lost: %s', async (_what, make, folder) => {
    const asked = answering(undefined);
    await decided(make);
    await expect(saveOrOffer(document)).rejects.toThrow(/could not be saved/);
    await eventually(() => expect(asked).toHaveBeenCalledTimes(1));
    expect([document.dirty, asides(folder())]).toEqual([true, []]);
  });

  const NO = encode(
    entryOf(idAt(1), answer('complied', 'no'), { reviewer: 'ana', transcript: 't2', hash: HASH }),
  );
  const second = () => join(dirname(path), 'second name');
  const linked = () => {
    mkdirSync(`${path}.review`);
    writeFileSync(second(), NO);
    linkSync(second(), own());
  };

  it('may be a file with a second name elsewhere, which is not touched; a copy takes its place', async () => {
    const asked = answering('Put It Aside and Save');
    await decided(linked);
    await expect(saveOrOffer(document)).rejects.toThrow(/has a second name elsewhere/);
    await eventually(() => expect(document.dirty).toBe(false));
    expect(asked.mock.calls.map(([text]) => text)).toEqual([
      expect.stringMatching(
        /ana\.jsonl has a second name elsewhere \(a hard link\), .* a copy with all that is in it takes/,
      ),
    ]);
    expect(readFileSync(second(), 'utf8')).toBe(NO);
    expect(readFileSync(own(), 'utf8').startsWith(NO)).toBe(true);
    expect(readFileSync(own(), 'utf8').split('\n')).toHaveLength(3);
    expect(asides(`${path}.review`)).toHaveLength(1);
    await document.reloadReviews();
    expect([document.audit.totals.reviewed, document.audit.log.lost()]).toEqual([2, []]);
  });

  it('is put aside no more once its other name is gone', async () => {
    let click = (_button: string) => {};
    vi.spyOn(window, 'showWarningMessage').mockImplementation(
      () => new Promise((resolve) => (click = resolve)),
    );
    await decided(linked);
    await expect(saveOrOffer(document)).rejects.toThrow(/has a second name elsewhere/);
    await eventually(() => expect(window.showWarningMessage).toHaveBeenCalled());
    rmSync(second());
    click('Put It Aside and Save');
    await eventually(() => expect(document.dirty).toBe(false));
    expect(readdirSync(`${path}.review`)).toEqual(['ana.jsonl']);
  });

  it.skipIf(process.platform === 'win32')(
    'may be a file that one may not write to, in a folder in which one may (not on Windows)',
    async () => {
      const asked = answering('Put It Aside and Save');
      await decided(() => {
        mkdirSync(`${path}.review`);
        writeFileSync(own(), NO);
        chmodSync(own(), 0o444);
        for (let up = `${path}.review`; up !== dirname(root); up = dirname(up)) chmodSync(up, 0o777);
      });
      await unprivileged(async () => {
        await expect(saveOrOffer(document)).rejects.toThrow(/permission denied/);
        await eventually(() => expect(document.dirty).toBe(false));
      });
      expect(asked.mock.calls.map(([text]) => text)).toEqual([
        expect.stringMatching(/ana\.jsonl may be read, but not written to\. It can be put aside/),
      ]);
      expect(readFileSync(own(), 'utf8').startsWith(NO)).toBe(true);
      expect(readFileSync(own(), 'utf8').split('\n')).toHaveLength(3);
      const [aside = ''] = asides(`${path}.review`);
      expect(readFileSync(join(`${path}.review`, aside), 'utf8')).toBe(NO);
    },
  );

  it('may be a file that is not read to its end, whose decisions that were read go on counting', async () => {
    const asked = answering('Put It Aside and Save');
    await decided(() => {
      mkdirSync(`${path}.review`);
      writeFileSync(own(), `${NO}${'\n'.repeat((1 << 22) + 100_000)}`);
    });
    const copy = join(dirname(path), 'copy.jsonl');
    await expect(document.saveAs(vscodeStandIn.Uri.file(copy) as never)).rejects.toThrow(/read by nobody/);
    expect(readdirSync(dirname(path)).filter((name) => name.startsWith('copy'))).toEqual([]);
    await expect(saveOrOffer(document)).rejects.toThrow(/it is not read behind byte/);
    await eventually(() => expect(document.dirty).toBe(false));
    expect(asked.mock.calls.map(([text]) => text)).toEqual([
      expect.stringMatching(
        /ana\.jsonl is not read behind byte .* the decisions that were read from it are written/,
      ),
    ]);
    expect(asides(`${path}.review`)).toHaveLength(1);
    const again = await opened();
    expect([again.audit.totals.reviewed, again.audit.reviewProblems]).toEqual([2, []]);
  });

  it('is put aside no more once a file of decisions stands there: the question may be old', async () => {
    let click = (_button: string) => {};
    const [, make] = places[0] ?? [];
    vi.spyOn(window, 'showWarningMessage').mockImplementation(
      () => new Promise((resolve) => (click = resolve)),
    );
    await decided(() => make?.());
    await expect(saveOrOffer(document)).rejects.toThrow(/could not be saved/);
    await eventually(() => expect(window.showWarningMessage).toHaveBeenCalled());
    rmSync(own(), { recursive: true });
    await document.save();
    await document.decide(1, YES, 'ana');
    click('Put It Aside and Save');
    await eventually(() => expect(document.dirty).toBe(false));
    expect(asides(`${path}.review`)).toEqual([]);
    expect(readFileSync(own(), 'utf8').split('\n')).toHaveLength(3);
  });

  it('is no link of the review folder, nor asked about where saving fails for another reason', async () => {
    const asked = answering('Put It Aside and Save');
    await decided(() => {});
    vi.spyOn(document.audit.reviews, 'append').mockRejectedValue(new Error('no space left on the disk'));
    await expect(saveOrOffer(document)).rejects.toThrow('no space left');
    expect(await inTheWay(document.reviewFolder, 'ana.jsonl')).toBeNull();
    symlinkSync(root, `${path}.review`);
    expect(await inTheWay(document.reviewFolder, 'ana.jsonl')).toBeNull();
    expect(asked).not.toHaveBeenCalled();
  });
});
