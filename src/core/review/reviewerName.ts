/** A reviewer's name, and the name of the file that it makes. */

import { reviewerKey } from './reviewerKey';

export const REVIEW_EXTENSION = '.jsonl';

/** What common file systems take for one name: UTF-8 bytes on Linux, UTF-16 units on Windows and macOS. */
const MAX_FILE_NAME = 255;

/** The first letter of a name that Windows keeps for a device, whatever extension follows. */
const DEVICE = /^(?=(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³]) *(?:\.|$))./i;

/**
 * The name of a reviewer's file. Characters that some file system refuses, and names that Windows keeps for
 * devices, are percent-encoded, so different reviewers have different files; the true name stands in each entry.
 */
export function reviewFileName(reviewer: string): string {
  const name = reviewer
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get into a file name
    .replace(/[%/\\:*?"<>|\u0000-\u001f\u007f-\u009f]/g, percent)
    .replace(/^\.+/, (dots) => dots.replaceAll('.', percent))
    .replace(DEVICE, percent);
  return name + REVIEW_EXTENSION;
}

/** Key of the reviewer whose file has this name. */
export function fileOwner(fileName: string): string {
  const name = fileName.slice(0, -REVIEW_EXTENSION.length);
  return reviewerKey(
    name.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  );
}

/** Why nobody can decide under a name, in a sentence; null when it can be used. */
export function reviewerNameProblem(name: string): string | null {
  if (name.trim() === '') return 'A name is needed, so that decisions can be told apart.';
  if (/[\p{Cc}\u2028\u2029]/u.test(name)) return 'A name cannot hold line breaks or control characters.';
  // Half a surrogate pair: file systems keep all of these as the same character, and two reviewers would share a file.
  if (/\p{Cs}/u.test(name)) return 'A name cannot hold half a character.';
  // Of the key, which may be longer than the name: some letters have no composed form.
  const file = reviewFileName(reviewerKey(name));
  const length = Math.max(file.length, new TextEncoder().encode(file).length);
  if (length <= MAX_FILE_NAME) return null;
  return `This name is too long: its file's name would take ${length} bytes, and file systems keep ${MAX_FILE_NAME}.`;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
