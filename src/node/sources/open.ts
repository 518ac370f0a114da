import { type FileHandle, open, stat } from 'node:fs/promises';
import { describeFileError } from './fileError';
import { JsonFile } from './jsonFile';
import { DatasetError, type Source } from './source';

const MAGIC_BYTES = 4;

/**
 * Opens a file of a dataset by what it is: its first bytes where these tell, else its name. Readers of other containers
 * than JSON are loaded when the first is met. A folder is one scan of Inspect Scout.
 * @param within the folder that the logs which a scan takes its texts from have to lie in, not through links either; null
 * for the folders around the scan
 * @throws DatasetError when it cannot be read.
 */
export async function openSource(path: string, within: string | null): Promise<Source> {
  const kind = await kindOf(path);
  switch (kind) {
    case 'folder':
      return (await import('./scoutScan')).openScan(path, within);
    case 'zip':
      return (await import('./inspectLog')).openInspectLog(path);
    case 'parquet': {
      const rows = await (await import('./parquet')).openParquet(path);
      return (await import('./scoutTranscripts')).asScoutTranscripts(rows);
    }
    case 'csv':
      return (await import('./csv')).openCsv(path);
    case 'inspect json':
      return (await import('./inspectJson')).openInspectJson(path);
    case 'json':
      return JsonFile.open(path);
  }
}

type Kind = 'folder' | 'zip' | 'parquet' | 'csv' | 'inspect json' | 'json';

async function kindOf(path: string): Promise<Kind> {
  const unreadable = (error: NodeJS.ErrnoException) => {
    throw new DatasetError(describeFileError(path, error));
  };
  const stats = await stat(path).catch(unreadable);
  if (stats.isDirectory()) return 'folder';
  if (!stats.isFile()) return 'json'; // a pipe or a device, which JsonFile refuses in words
  const magic = await firstBytes(await open(path, 'r').catch(unreadable)).catch(unreadable);
  if (magic.startsWith('PK\u0003\u0004') || magic.startsWith('PK\u0005\u0006')) return 'zip';
  if (magic === 'PAR1') return 'parquet';
  if (/\.eval$/i.test(path)) return 'zip'; // cut off or damaged, as its reader says
  if (/\.parquet$/i.test(path)) return 'parquet';
  if (/\.[ct]sv$/i.test(path)) return 'csv';
  if (/\.json$/i.test(path) && (await (await import('./inspectJson')).isInspectJson(path)))
    return 'inspect json';
  return 'json';
}

async function firstBytes(handle: FileHandle): Promise<string> {
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAGIC_BYTES), 0, MAGIC_BYTES, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
