import { basename } from 'node:path';
import { reasonOf } from '../fileReason';

/** Why a file could not be opened or read, in words. */
export function describeFileError(path: string, error: NodeJS.ErrnoException): string {
  const name = basename(path) || path;
  if (error.code === 'ENOENT') return `${name} is not there (any more)`;
  if (error.code === 'EACCES' || error.code === 'EPERM') return `${name} may not be read by you`;
  return `${name} cannot be read: ${reasonOf(error)}`;
}

/** Why bytes could not be decoded. What the machine says of its own troubles with them tells nobody anything. */
export function describeDamage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
    return 'it unpacks to more than it declares';
  return error instanceof RangeError || error instanceof TypeError ? 'its bytes are damaged' : error.message;
}
