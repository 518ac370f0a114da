/** Who is reviewing, as far as git knows. */
import { execFile } from 'node:child_process';
import { devNull } from 'node:os';
import { dirname } from 'node:path';

const TIMEOUT_MS = 5_000;

/** What names another repository or another file than git's own search would find. */
const REPOSITORY_VARIABLES = ['GIT_WORK_TREE', 'GIT_COMMON_DIR', 'GIT_CONFIG'];

/**
 * git's `user.email` as it holds in a folder, the configuration of a repository there included; null when it is not
 * set, git is missing or does not answer. For folders that are trusted.
 */
export function gitEmail(folder: string): Promise<string | null> {
  return ask(['-C', folder, 'config', 'user.email'], process.env);
}

/**
 * `user.email` of the user's own configuration and what it includes; null as above. No repository is looked for, so
 * nothing of one is read, and what is included only in certain repositories is not: a folder that somebody else made
 * could otherwise choose between the user's names, by a remote's address or a `.git` that points elsewhere.
 */
export function globalGitEmail(): Promise<string | null> {
  const env: NodeJS.ProcessEnv = { ...process.env, GIT_DIR: devNull };
  for (const name of REPOSITORY_VARIABLES) delete env[name];
  return ask(['config', '--global', '--includes', 'user.email'], env);
}

/** Windows looks for git.exe in the working directory first, so that is the folder of the program that runs us. */
function ask(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(
      'git',
      args,
      { cwd: dirname(process.execPath), env, timeout: TIMEOUT_MS, windowsHide: true },
      (error, stdout) => resolve(error ? null : stdout.trim() || null),
    );
  });
}
