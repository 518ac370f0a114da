import { dirname, resolve } from 'node:path';
import { type JoinedVerdicts, JoinRoom, VerdictJoin } from '../core/formats/join';
import { Looks } from '../core/formats/looks';
import { compilePatterns } from '../core/formats/pattern';
import type { JoinRule, Profile } from '../core/formats/profile';
import type { DatasetFile } from './datasetFiles';
import { leadsOutside } from './leadsOutside';
import { openSource } from './sources/open';
import { DatasetError, type RecordValue } from './sources/source';

/** So many lines of all joined files may be no JSON: each takes longer to read than its few bytes say. */
const MOST_UNREAD = 100_000;

export interface Joined {
  /** For each of the profile's joins, in their order; empty where it was refused. */
  readonly verdicts: readonly JoinedVerdicts[];
  /** Why joins were refused, in words. */
  readonly refused: readonly string[];
  /** What of the joined files was not read, or may say something else than was read, in words. */
  readonly doubtful: readonly string[];
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
  const doubtful: string[] = [];
  const byFile = new Map<string, VerdictJoin[]>();
  for (const join of joins) {
    const path = besideDataset(join.rule, dataset);
    byFile.set(path, [...(byFile.get(path) ?? []), join]);
  }
  const failures = new Map<string, string | null>();
  const unread = { left: MOST_UNREAD };
  for (const [path, ofFile] of byFile) {
    const doubts = new Doubts(unread);
    const reading = () => readThere(ofFile, dataset, path, doubts, signal);
    failures.set(path, unreadable ?? (await unlessRead(reading)));
    doubtful.push(...doubts.words(ofFile[0]?.rule.file ?? path));
  }
  const verdicts: JoinedVerdicts[] = [];
  const refused: string[] = [];
  for (const [index, join] of joins.entries()) {
    const { file } = join.rule;
    const failed = failures.get(besideDataset(join.rule, dataset)) ?? null;
    const result = join.finish();
    verdicts[index] = result.ok && failed === null ? result.joined : new Map();
    const reason = failed ?? (result.ok ? null : result.reason);
    if (reason !== null) refused.push(`the verdicts of ${file} are not joined: ${reason}`);
  }
  return { verdicts, refused, doubtful };
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
  for (const { path, name, within } of files) {
    await eachRecord(path, within, signal, (record, line) => {
      // One that is no value is told where the dataset is read.
      const looks = new Looks();
      if (record.ok)
        for (const join of joins) join.addHere(record.value, { file: name, line, ordinal: line }, looks);
      return joins.every(({ isRefused }) => isRefused);
    });
  }
}

/** Once for all joins that name the file. */
async function readThere(
  joins: readonly VerdictJoin[],
  dataset: string,
  path: string,
  doubts: Doubts,
  signal: AbortSignal | undefined,
): Promise<void> {
  const areRefused = () => joins.every(({ isRefused }) => isRefused);
  if (areRefused()) return;
  const folder = dirname(resolve(dataset));
  const [target] = await leadsOutside(folder, [path]);
  if (target) throw new DatasetError(`it leads through a link to ${target}, out of the dataset's folder`);
  const aboutWhole = await eachRecord(path, folder, signal, (record, line) => {
    doubts.add(record, line);
    if (record.ok)
      for (const join of joins) join.addThere(record.value, { file: join.rule.file, line, ordinal: line });
    return areRefused();
  });
  for (const words of aboutWhole) doubts.addOnWhole(words);
}

/** What is wrong with the records of a joined file: the first of each kind, and how many there are. */
class Doubts {
  private readonly whole: string[] = [];
  private readonly unread = { count: 0, first: '' };
  private readonly unsure = { count: 0, first: '' };

  /** @param left so many more may be unread, of all joined files */
  constructor(private readonly unreadLeft: { left: number }) {}

  /** @throws DatasetError when too many cannot be read */
  add(record: RecordValue, line: number): void {
    const reason = record.ok ? record.warnings[0] : record.reason;
    if (reason === undefined) return;
    const kind = record.ok ? this.unsure : this.unread;
    if (kind.count++ === 0) kind.first = `line ${line}: ${reason}`;
    if (!record.ok && --this.unreadLeft.left < 0)
      throw new DatasetError(`over ${MOST_UNREAD} lines of the joined files cannot be read`);
  }

  addOnWhole(reason: string): void {
    this.whole.push(reason);
  }

  words(file: string): readonly string[] {
    const { unread, unsure } = this;
    const lines = ({ count }: { readonly count: number }) => (count === 1 ? '1 line' : `${count} lines`);
    return [
      ...this.whole,
      ...(unread.count > 0 ? [`verdicts of ${lines(unread)} are not joined; ${unread.first}`] : []),
      ...(unsure.count > 0 ? [`${lines(unsure)} may not say what was read; ${unsure.first}`] : []),
    ].map((words) => `${file}: ${words}`);
  }
}

/** Paths of the files that hold a dataset's verdicts, and none of its transcripts. */
export function joinedFiles(profile: Profile | null, dataset: string): ReadonlySet<string> {
  return new Set((profile?.joins ?? []).map((rule) => besideDataset(rule, dataset)));
}

function besideDataset({ file }: JoinRule, dataset: string): string {
  return resolve(dirname(resolve(dataset)), file);
}

/**
 * Until a visit says that it is enough.
 * @param within see `openSource`
 * @returns what is wrong with the file as a whole, or doubtful, in words; of one that was read to its end
 */
async function eachRecord(
  path: string,
  within: string | null,
  signal: AbortSignal | undefined,
  visit: (record: RecordValue, line: number) => boolean,
): Promise<readonly string[]> {
  const source = await openSource(path, within);
  let problem: string | null = null;
  const warnings: string[] = [];
  try {
    for await (const { records, frameProblem, fileWarnings = [] } of source.chunks(signal)) {
      problem = frameProblem ?? problem;
      for (const warning of fileWarnings) warnings.push(warning);
      for (const { range, value } of records) if (visit(value(), range.line)) return [];
    }
    return problem === null ? warnings : [problem, ...warnings];
  } finally {
    await source.close();
  }
}
