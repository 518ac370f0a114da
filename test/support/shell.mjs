/** Running other programs, for scripts that must work before anything is installed: Node's own modules only. */
import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Everything fetched or written by running tests; ignored by git and by the packaging. */
export const cache = path.join(root, '.vscode-test');

/** Something that a person has to do; its message is all they need, so it is printed without a stack. */
export class SetupError extends Error {}

/**
 * Prints a heading for what is about to happen.
 * @param {string} text
 */
export function step(text) {
  console.log(`\n> ${text}`);
}

/**
 * Runs a program to its end with its output passed on and no input.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined> }} [options] `env` is added to this process's
 * @returns {Promise<number>} its exit status; 127 when it could not be started, 1 when a signal ended it
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    // Windows starts .cmd files through its shell only.
    const shell = process.platform === 'win32' && !command.endsWith('.exe');
    const child = spawn(shell ? `"${command}"` : command, shell ? args.map((arg) => `"${arg}"`) : args, {
      cwd: options.cwd ?? root,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'inherit', 'inherit'],
      shell,
    });
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(127);
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/**
 * Runs a script with this Node.
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined> }} [options]
 */
export function node(args, options) {
  return run(process.execPath, args, options);
}

/**
 * Runs the npm that started us, else the one on PATH.
 * @param {readonly string[]} args
 * @param {{ cwd?: string }} [options]
 */
export function npm(args, options) {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js') ? node([script, ...args], options) : run('npm', args, options);
}

/**
 * Where a program stands on PATH.
 * @param {string} name without a suffix
 * @returns {string | null}
 */
export function onPath(name) {
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    for (const suffix of suffixes) {
      const file = path.join(folder, name + suffix);
      if (folder !== '' && isProgram(file)) return file;
    }
  }
  return null;
}

/**
 * Whether a file exists that may be run.
 * @param {string} file
 */
export function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * Runs a script's main function: a SetupError ends it with its message alone, anything else with its stack.
 * @param {() => Promise<number>} main resolves to the exit status
 */
export async function runMain(main) {
  // Through process.exit, so that what was started is stopped by its 'exit' handlers.
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  process.once('SIGHUP', () => process.exit(129));
  // npm passes a signal to the shell between us, and that does not: being left by it is the signal then.
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || process.exit(143), 500).unref();
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(error instanceof SetupError ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}
