import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileStamp } from './source';

/** A folder with this file in it is one scan of Inspect Scout, and read as a whole. */
export const SCAN_FILE = '_scan.json';
export const SUMMARY_FILE = '_summary.json';
const TABLE = /\.parquet$/i;

/** The tables in the folder of a scan, in order. @throws the file system's error */
export async function scanTables(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => TABLE.test(name)).sort();
}

/** What is read of the folder of a scan. @throws the file system's error */
export async function scanMembers(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter(
    (name) => name === SCAN_FILE || name === SUMMARY_FILE || TABLE.test(name),
  );
}

/** A scan's folder is as new as the newest of its tables, and as large as all of them; one that cannot be read counts 0. */
export async function scanStamp(folder: string): Promise<FileStamp> {
  const nothing = { size: 0, mtimeMs: 0 };
  const tables = await scanTables(folder);
  const all = await Promise.all(tables.map((name) => stat(join(folder, name)).catch(() => nothing)));
  return {
    size: all.reduce((sum, { size }) => sum + size, 0),
    mtimeMs: all.reduce((newest, { mtimeMs }) => Math.max(newest, mtimeMs), 0),
  };
}
