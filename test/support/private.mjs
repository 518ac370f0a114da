/** Files and folders that only this account may read, on a machine that others use too. */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';

/** @returns {string} 128 random bits in hexadecimal digits */
export function newToken() {
  return randomBytes(16).toString('hex');
}

/**
 * Makes a folder, and those above it that are missing, for this account alone; one that is there is closed to others.
 * @param {string} folder
 */
export function makePrivateFolder(folder) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
}

/**
 * Writes a new file for this account alone.
 * @param {string} file
 * @param {string} text
 * @throws when there is something by that name, a link included
 */
export function writePrivateFile(file, text) {
  // By the call that creates it: a file that is closed to others later has been open for a moment.
  writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
}
