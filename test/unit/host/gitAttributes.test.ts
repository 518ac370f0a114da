import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { offerGitAttributes, writeGitAttributes } from '../../../src/host/gitAttributes';
import { pathOf } from '../../../src/node/besideFiles';
import { reviewFolder } from '../../../src/node/reviewStore';
import { temporaryFolder } from '../../support/dataset';
import { memento, vscodeStandIn } from '../../support/vscodeStandIn';

vi.mock('vscode', async () => (await import('../../support/vscodeStandIn')).vscodeStandIn);

const { window, workspace } = vscodeStandIn;
const folder = temporaryFolder();
const repository = join(folder, 'repository');
const document = {
  uri: vscodeStandIn.Uri.file(join(repository, 'run-42.jsonl')) as never,
  reviewFolder: reviewFolder(join(repository, 'run-42.jsonl')),
};
const file = pathOf(document.reviewFolder, '.gitattributes');
const LINE = '*.jsonl merge=union text eol=lf -filter -ident -working-tree-encoding\n';

beforeEach(() => {
  rmSync(repository, { recursive: true, force: true });
  mkdirSync(join(repository, '.git'), { recursive: true });
  mkdirSync(pathOf(document.reviewFolder));
  workspace.isTrusted = true;
});
afterEach(() => vi.restoreAllMocks());

const clicking = (button: string | undefined) =>
  vi.spyOn(window, 'showInformationMessage').mockResolvedValue(button);

describe('offerGitAttributes', () => {
  it('writes on a click', async () => {
    clicking('Write .gitattributes');
    await offerGitAttributes(document, memento());
    expect(readFileSync(file, 'utf8')).toBe(LINE);
  });

  it('offers once for each dataset, and writes nothing without a click', async () => {
    const offered = clicking(undefined);
    const memory = memento();
    await offerGitAttributes(document, memory);
    await offerGitAttributes(document, memory);
    expect(offered).toHaveBeenCalledTimes(1);
    expect(existsSync(file)).toBe(false);
  });

  it('offers nothing in Restricted Mode, outside of repositories, or where git has been told', async () => {
    const offered = clicking(undefined);
    const memory = memento();
    workspace.isTrusted = false;
    await offerGitAttributes(document, memory);
    workspace.isTrusted = true;
    writeFileSync(file, LINE);
    await offerGitAttributes(document, memory);
    rmSync(file);
    rmSync(join(repository, '.git'), { recursive: true });
    await offerGitAttributes(document, memory);
    expect(offered).not.toHaveBeenCalled();
    mkdirSync(join(repository, '.git'));
    await offerGitAttributes(document, memory);
    expect(offered).toHaveBeenCalledTimes(1);
  });

  it('tells once of a file that cannot be read', async () => {
    const told = vi.spyOn(window, 'showWarningMessage');
    mkdirSync(file);
    const memory = memento();
    await offerGitAttributes(document, memory);
    await offerGitAttributes(document, memory);
    expect(told).toHaveBeenCalledTimes(1);
  });
});

describe('writeGitAttributes', () => {
  it('shows the line before it adds it to a file that is there', async () => {
    writeFileSync(file, '*.csv -text');
    const asked = vi.spyOn(window, 'showWarningMessage').mockResolvedValue(undefined);
    await writeGitAttributes(document);
    expect(readFileSync(file, 'utf8')).toBe('*.csv -text');
    expect(asked.mock.calls[0]?.[1]).toEqual({ modal: true, detail: LINE.trim() });
    asked.mockResolvedValue('Add the Line');
    await writeGitAttributes(document);
    expect(readFileSync(file, 'utf8')).toBe(`*.csv -text\n${LINE}`);
  });

  it.each([
    ['says already', () => writeFileSync(file, LINE)],
    ['is in no git repository', () => rmSync(join(repository, '.git'), { recursive: true })],
  ])('says %s', async (words, prepare) => {
    prepare();
    const told = clicking(undefined);
    await writeGitAttributes(document);
    expect(told).toHaveBeenCalledWith(expect.stringContaining(words));
  });
});
