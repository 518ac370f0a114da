import { dirname, resolve } from 'node:path';
import { type JoinedVerdicts, JoinRoom, VerdictJoin } from '../core/formats/join';
import { compilePatterns } from '../core/formats/pattern';
import type { JoinRule, Profile } from '../core/formats/profile';
import type { DatasetFile } from './datasetFiles';
import { leadsOutside } from './leadsOutside';
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
 * @throws AbortError when cancelled; PatternError.
 */
export async function readJoins(
  profile: Profile,
  dataset: string,
  files: readonly DatasetFile[],
  signal?: AbortSignal,
): Promise<Joined> {
  const rules = profile.joins ?? [];
  const patterns = await compilePatterns(profile);
  const room = new JoinRoom();
  const joins = rules.map((rule) => new VerdictJoin(rule, { patterns, room }));
  const unreadable = await unlessRead(() => readHere(joins, files, signal));
  const verdicts: JoinedVerdicts[] = [];
  const refused: string[] = [];
  for (const [index, join] of joins.entries()) {
    const { file } = join.rule;
    const other = besideDataset(join.rule, dataset);
    const failed = unreadable ?? (await unlessRead(() => readThere(join, dataset, other, signal)));
    const result = join.finish();
    verdicts[index] = result.ok && failed === null ? result.joined : new Map();
    const reason = failed ?? (result.ok ? null : result.reason);
    if (reason !== null) refused.push(`the verdicts of ${file} are not joined: ${reason}`);
  }
  return { verdicts, refused };
}

/** Why files cannot be read, in words; null when they were. */
async function unlessRead(read: () => Promise<void>): Promise<string | null> {
  try {
    await read();
    return null;
  } catch (error) {
    if (error instanceof DatasetError) return error.message;
    throw error;
  }
}

/** Once for all joins, of which there may be many. */
async function readHere(
  joins: readonly VerdictJoin[],
  files: readonly DatasetFile[],
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const { path, name } of files) {
    await eachRecord(path, signal, (record, line) => {
      for (const join of joins) join.addHere(record, { file: name, line, ordinal: line });
      return joins.every(({ isRefused }) => isRefused);
    });
  }
}

async function readThere(
  join: VerdictJoin,
  dataset: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (join.isRefused) return;
  const [target] = await leadsOutside(dirname(resolve(dataset)), [path]);
  if (target) throw new DatasetError(`it leads through a link to ${target}, out of the dataset's folder`);
  await eachRecord(path, signal, (record, line) => {
    join.addThere(record, { file: join.rule.file, line, ordinal: line });
    return join.isRefused;
  });
}

/** Paths of the files that hold a dataset's verdicts, and none of its transcripts. */
export function joinedFiles(profile: Profile | null, dataset: string): ReadonlySet<string> {
  return new Set((profile?.joins ?? []).map((rule) => besideDataset(rule, dataset)));
}

function besideDataset({ file }: JoinRule, dataset: string): string {
  return resolve(dirname(resolve(dataset)), file);
}

/** Until a visit says that it is enough. Records that are no values are in no join, as they are in no count. */
async function eachRecord(
  path: string,
  signal: AbortSignal | undefined,
  visit: (record: unknown, line: number) => boolean,
): Promise<void> {
  const source = await openSource(path);
  try {
    for await (const { records } of source.chunks(signal)) {
      for (const { range, value } of records) {
        const record = value();
        if (record.ok && visit(record.value, range.line)) return;
      }
    }
  } finally {
    await source.close();
  }
}
