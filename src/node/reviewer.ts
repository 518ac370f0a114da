/** Who is reviewing, as far as git knows. */
import { execFile } from 'node:child_process';

const TIMEOUT_MS = 5_000;

/**
 * git's `user.email` as it holds in a folder; null when it is not set, git is missing or does not answer.
 * The folder is passed to git rather than made the working directory: Windows would look there for git.exe.
 */
export function gitEmail(cwd: string): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(
      'git',
      ['-C', cwd, 'config', 'user.email'],
      { timeout: TIMEOUT_MS, windowsHide: true },
      (error, stdout) => resolve(error ? null : stdout.trim() || null),
    );
  });
}
