import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monotonicFactory } from 'ulid';
import { afterAll, onTestFinished } from 'vitest';
import { getCurrentTest } from 'vitest/suite';
import { Audit } from '../../src/node/audit';
import { Dataset } from '../../src/node/dataset';
import { reviewFolder } from '../../src/node/reviewStore';
import { inProcess, type RunIndex } from '../../src/node/runIndex';

/** A folder for one test file, or one test, removed at its end. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'transcript-review-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  // Within a test nobody hears of what is to be done after all.
  if (getCurrentTest()) onTestFinished(remove);
  else afterAll(remove);
  return folder;
}

export function writeDataset(folder: string, name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** A canonical record with what a test does not care about filled in. */
export function canonicalRecord(record: Record<string, unknown> = {}): Record<string, unknown> {
  return { messages: [{ role: 'assistant', content: 'I will help.' }], ...record };
}

export function jsonl(records: readonly unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

export async function indexed(path: string): Promise<Dataset> {
  const dataset = new Dataset(path);
  await dataset.index(inProcess, new AbortController().signal);
  return dataset;
}

/** As where no check reads the texts: of kinds of files that are not skimmed, and of an index that was kept. */
export const unhashed: RunIndex = (request, emit, signal) =>
  inProcess({ ...request, decided: undefined }, emit, signal);

export function newAudit(path: string, run: RunIndex = inProcess): Audit {
  return new Audit({
    path,
    reviewFolder: reviewFolder(path),
    run,
    newId: monotonicFactory(),
    now: () => new Date(),
  });
}

export async function loadedAudit(path: string): Promise<Audit> {
  const audit = newAudit(path);
  await audit.load(new AbortController().signal);
  return audit;
}
