import { execFileSync } from 'node:child_process';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gitEmail, globalGitEmail } from '../../../src/node/reviewer';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reviewer-'));
  // The machine's own configuration must not answer.
  vi.stubEnv('GIT_CONFIG_GLOBAL', join(folder, 'none'));
  vi.stubEnv('GIT_CONFIG_NOSYSTEM', '1');
  execFileSync('git', ['init', '--quiet', folder]);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe('gitEmail', () => {
  it('is the e-mail that git is configured with in the folder', async () => {
    execFileSync('git', ['-C', folder, 'config', 'user.email', 'ana@example.org']);
    expect(await gitEmail(folder)).toBe('ana@example.org');
  });

  it('is null when none is configured, or an empty one', async () => {
    expect(await gitEmail(folder)).toBeNull();
    execFileSync('git', ['-C', folder, 'config', 'user.email', '']);
    expect(await gitEmail(folder)).toBeNull();
  });

  it('is null when the folder or git is missing', async () => {
    execFileSync('git', ['-C', folder, 'config', 'user.email', 'ana@example.org']);
    expect(await gitEmail(join(folder, 'gone'))).toBeNull();
    vi.stubEnv('PATH', folder);
    expect(await gitEmail(folder)).toBeNull();
  });
});

describe('globalGitEmail', () => {
  let global: string;
  beforeEach(async () => {
    global = join(folder, 'global');
    vi.stubEnv('GIT_CONFIG_GLOBAL', global);
    execFileSync('git', ['-C', folder, 'config', 'user.email', 'mallory@example.org']);
  });

  it('is what the user configured, whatever a repository says', async () => {
    await writeFile(global, '[user]\n\temail = ana@example.org\n');
    expect(await globalGitEmail()).toBe('ana@example.org');
    // The environment of an editor that was started from a hook names that repository.
    for (const name of ['GIT_DIR', 'GIT_COMMON_DIR']) vi.stubEnv(name, join(folder, '.git'));
    vi.stubEnv('GIT_WORK_TREE', folder);
    vi.stubEnv('GIT_CONFIG', join(folder, '.git', 'config'));
    expect(await globalGitEmail()).toBe('ana@example.org');
    await writeFile(global, '');
    expect(await globalGitEmail()).toBeNull();
  });

  it('is found in included files, but not in those that a repository could choose', async () => {
    await writeFile(join(folder, 'always'), '[user]\n\temail = ana@example.org\n');
    await writeFile(join(folder, 'sometimes'), '[user]\n\temail = ana@work.example\n');
    execFileSync('git', ['-C', folder, 'config', 'remote.origin.url', 'https://work.example/x']);
    await writeFile(global, '[include]\n\tpath = always\n');
    for (const condition of [
      `gitdir:${folder}/`,
      'gitdir:**',
      'hasconfig:remote.*.url:https://work.example/**',
    ]) {
      await appendFile(global, `[includeIf "${condition}"]\n\tpath = sometimes\n`);
    }
    expect(await gitEmail(folder)).toBe('mallory@example.org');
    expect(await globalGitEmail()).toBe('ana@example.org');
    vi.stubEnv('GIT_DIR', join(folder, '.git'));
    expect(await globalGitEmail()).toBe('ana@example.org');
  });
});
