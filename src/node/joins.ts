import { dirname, resolve } from 'node:path';
import { type JoinedVerdicts, VerdictJoin } from '../core/formats/join';
import type { JoinRule, Profile } from '../core/formats/profile';
import type { DatasetFile } from './datasetFiles';
import { openSource } from './sources/open';
import { DatasetError } from './sources/source';

export interface Joined {
  /** For each of the profile's joins, in their order; empty where it was refused. */
  readonly verdicts: readonly JoinedVerdicts[];
  /** Why joins were refused, in words. */
  readonly refused: readonly string[];
}

/**
 * Reads the verdicts that a profile says stand in other files. One that cannot be verified record by record is refused:
 * a verdict on the wrong transcript is worse than none.
 * @param dataset path of the dataset, beside which the other files are.
 * @throws AbortError when cancelled.
 */
export async function readJoins(
  profile: Profile,
  dataset: string,
  files: readonly DatasetFile[],
  signal?: AbortSignal,
): Promise<Joined> {
  const verdicts: JoinedVerdicts[] = [];
  const refused: string[] = [];
  for (const rule of profile.joins ?? []) {
    const refuse = (reason: string) => {
      verdicts.push(new Map());
      refused.push(`the verdicts of ${rule.file} are not joined: ${reason}`);
    };
    try {
      const result = await joinFiles(rule, dataset, files, signal);
      if (result.ok) verdicts.push(result.joined);
      else refuse(result.reason);
    } catch (error) {
      if (!(error instanceof DatasetError)) throw error;
      refuse(error.message);
    }
  }
  return { verdicts, refused };
}

/** Paths of the files that hold a dataset's verdicts, and none of its transcripts. */
export function joinedFiles(profile: Profile | null, dataset: string): ReadonlySet<string> {
  return new Set((profile?.joins ?? []).map((rule) => besideDataset(rule, dataset)));
}

function besideDataset({ file }: JoinRule, dataset: string): string {
  return resolve(dirname(resolve(dataset)), file);
}

async function joinFiles(
  rule: JoinRule,
  dataset: string,
  files: readonly DatasetFile[],
  signal: AbortSignal | undefined,
) {
  const join = new VerdictJoin(rule);
  const other = besideDataset(rule, dataset);
  for (const { path, name } of files) {
    await eachRecord(path, signal, (record, line) =>
      join.addHere(record, { file: name, line, ordinal: line }),
    );
  }
  await eachRecord(other, signal, (record, line) =>
    join.addThere(record, { file: rule.file, line, ordinal: line }),
  );
  return join.finish();
}

/** Records that are no values are in no join, as they are in no count. */
async function eachRecord(
  path: string,
  signal: AbortSignal | undefined,
  visit: (record: unknown, line: number) => void,
): Promise<void> {
  const source = await openSource(path);
  try {
    for await (const { records } of source.chunks(signal)) {
      for (const { range, value } of records) {
        const record = value();
        if (record.ok) visit(record.value, range.line);
      }
    }
  } finally {
    await source.close();
  }
}
