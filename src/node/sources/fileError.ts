import { basename } from 'node:path';

/** Why a file could not be opened or read, in words. */
export function describeFileError(path: string, error: NodeJS.ErrnoException): string {
  const name = basename(path) || path;
  if (error.code === 'ENOENT') return `${name} is not there (any more)`;
  if (error.code === 'EACCES' || error.code === 'EPERM') return `${name} may not be read by you`;
  return `${name} cannot be read: ${error.message}`;
}
