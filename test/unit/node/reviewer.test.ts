import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gitEmail } from '../../../src/node/reviewer';

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
