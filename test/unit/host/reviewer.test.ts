import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkReviewerSetting, EditorReviewer, Reviewers } from '../../../src/host/reviewer';
import { temporaryFolder } from '../../support/dataset';
import { memento, vscodeStandIn } from '../../support/vscodeStandIn';

vi.mock('vscode', async () => (await import('../../support/vscodeStandIn')).vscodeStandIn);

const { window, workspace } = vscodeStandIn;
/** Each test starts git several times. */
const PATIENT = { timeout: 60_000 };
const folder = temporaryFolder();
const repository = join(folder, 'repository');
const dataset = vscodeStandIn.Uri.file(join(repository, 'run-42.jsonl')) as never;
const email = (name: string) => `[user]\n\temail = ${name}\n`;

let reviewers: Reviewers;
beforeEach(() => {
  vi.stubEnv('GIT_CONFIG_GLOBAL', join(folder, 'gitconfig'));
  vi.stubEnv('GIT_CONFIG_NOSYSTEM', '1');
  writeFileSync(join(folder, 'gitconfig'), email('ana@global'));
  mkdirSync(repository, { recursive: true });
  execFileSync('git', ['init', '--quiet', repository]);
  execFileSync('git', ['-C', repository, 'config', 'user.email', 'ana@repository']);
  workspace.isTrusted = true;
  workspace.folder = repository;
  workspace.settings.clear();
  reviewers = new Reviewers(memento());
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Decides once, answering what is asked, and returns the name that was decided under. */
async function decideOnce(who = new EditorReviewer(reviewers, dataset)): Promise<string | null> {
  const reviewer = await who.settled();
  if (reviewer) await who.used(reviewer);
  return reviewer?.name ?? null;
}

const { user } = vscodeStandIn;
const picking = (label: string | undefined) => vi.spyOn(user, 'picks').mockReturnValue(label);
const typing = (text: string | undefined) => vi.spyOn(user, 'types').mockReturnValue(text);

describe('the name that decisions are made under', PATIENT, () => {
  it("is a repository's own in a trusted workspace", async () => {
    expect(await decideOnce()).toBe('ana@repository');
  });

  it("is the user's own in Restricted Mode, and outside of the workspace's folders", async () => {
    workspace.isTrusted = false;
    expect(await decideOnce()).toBe('ana@global');
    workspace.isTrusted = true;
    workspace.folder = join(folder, 'elsewhere');
    expect(await decideOnce()).toBe('ana@global');
  });

  it('is learned again when trust is granted', async () => {
    workspace.isTrusted = false;
    const who = new EditorReviewer(reviewers, dataset);
    await who.learn();
    expect(who.name).toBe('ana@global');
    workspace.isTrusted = true;
    await who.learn();
    expect(who.name).toBe('ana@repository');
  });

  it('is that of the setting before any other', async () => {
    workspace.settings.set('reviewer', ' ana ');
    expect(await decideOnce()).toBe('ana');
  });

  it('is asked for when nobody is named, and kept', async () => {
    workspace.isTrusted = false;
    writeFileSync(join(folder, 'gitconfig'), '');
    const asked = typing(' ana ');
    expect(await decideOnce()).toBe('ana');
    expect(await decideOnce()).toBe('ana');
    expect(asked).toHaveBeenCalledTimes(1);
    expect(workspace.settings.get('reviewer')).toBe('ana');
  });

  it('is refused where it is typed', async () => {
    workspace.isTrusted = false;
    writeFileSync(join(folder, 'gitconfig'), '');
    const asked = typing(undefined);
    expect(await decideOnce()).toBeNull();
    const [[box] = []] = asked.mock.calls;
    box?.type('é'.repeat(125));
    expect(box?.validationMessage).toMatch(/too long/);
    box?.type(' ');
    expect(box?.validationMessage).toMatch(/is needed/);
    box?.type('ana');
    expect(box?.validationMessage).toBeUndefined();
  });

  it('is refused where it is set, and not decided under', async () => {
    const told = vi.spyOn(window, 'showWarningMessage');
    workspace.settings.set('reviewer', 'x'.repeat(250));
    checkReviewerSetting();
    expect(told).toHaveBeenCalledWith(expect.stringContaining('too long'));
    const asked = typing(undefined);
    expect(await decideOnce()).toBeNull();
    expect(asked.mock.calls[0]?.[0].prompt).toContain('too long');
    typing('ana');
    expect(await decideOnce()).toBe('ana');
  });
});

describe('another name than last time', PATIENT, () => {
  /** ana has decided here; now git says ben. */
  async function benComes() {
    expect(await decideOnce()).toBe('ana@repository');
    execFileSync('git', ['-C', repository, 'config', 'user.email', 'ben']);
  }

  it('is asked about before a decision, once', async () => {
    await benComes();
    const asked = picking('ben');
    expect(await decideOnce()).toBe('ben');
    expect(asked.mock.calls[0]?.[0].title).toBe(
      "You decided as ana@repository here last time; git's user.email now says ben. Decide as:",
    );
    expect(await decideOnce()).toBe('ben');
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('can be turned down, for as long as it is the same', async () => {
    await benComes();
    const asked = picking('ana@repository');
    expect(await decideOnce()).toBe('ana@repository');
    expect(await decideOnce()).toBe('ana@repository');
    expect(asked).toHaveBeenCalledTimes(1);
    execFileSync('git', ['-C', repository, 'config', 'user.email', 'carl']);
    await decideOnce();
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('can be a third one, for this dataset', async () => {
    await benComes();
    picking('Other…');
    typing('dora');
    expect(await decideOnce()).toBe('dora');
    expect(workspace.settings.get('reviewer')).toBeUndefined();
    expect((await reviewers.look(dataset)).kind).toBe('known');
  });

  it('is not taken when the question is left, and asked about again', async () => {
    await benComes();
    const asked = picking(undefined);
    expect(await decideOnce()).toBeNull();
    expect(await decideOnce()).toBeNull();
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('is not asked about on another dataset', async () => {
    await benComes();
    const asked = picking(undefined);
    const other = vscodeStandIn.Uri.file(join(repository, 'run-43.jsonl')) as never;
    expect(await decideOnce(new EditorReviewer(reviewers, other))).toBe('ben');
    expect(asked).not.toHaveBeenCalled();
  });

  it('is not asked about after it was given by the command', async () => {
    expect(await decideOnce()).toBe('ana@repository');
    const asked = typing('ben');
    const picked = picking(undefined);
    await reviewers.change(dataset);
    expect(asked.mock.calls[0]?.[0].prompt).toContain("You decide as ana@repository (git's user.email).");
    expect(asked.mock.calls[0]?.[0].offered).toBe('ana@repository');
    expect(workspace.settings.get('reviewer')).toBe('ben');
    expect(await decideOnce()).toBe('ben');
    expect(picked).not.toHaveBeenCalled();
  });

  it('stands against the settings of the workspace, which are told of', async () => {
    workspace.settings.set('reviewer', 'team');
    vi.spyOn(workspace.settings, 'set').mockReturnThis(); // the workspace's settings hide the user's
    const told = vi.spyOn(window, 'showWarningMessage');
    typing('ana');
    await reviewers.change(dataset);
    expect(told).toHaveBeenCalledWith(expect.stringContaining('name team as the reviewer'));
    expect(await decideOnce()).toBe('ana');
  });
});

describe('the reviewer of an editor', PATIENT, () => {
  it('is the newest that was learned, in whatever order the answers come', async () => {
    const who = new EditorReviewer(reviewers, dataset);
    const first = who.learn();
    workspace.settings.set('reviewer', 'ben');
    await Promise.all([first, who.learn()]);
    expect(who.name).toBe('ben');
  });

  it('is asked for once by two decisions that come together', async () => {
    workspace.isTrusted = false;
    writeFileSync(join(folder, 'gitconfig'), '');
    const asked = typing('ana');
    const who = new EditorReviewer(reviewers, dataset);
    expect(await Promise.all([decideOnce(who), decideOnce(who)])).toEqual(['ana', 'ana']);
    expect(asked).toHaveBeenCalledTimes(1);
  });
});
