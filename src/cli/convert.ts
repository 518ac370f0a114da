import { lstat, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve, sep } from 'node:path';
import { labelOrder } from '../core/dataset/labels';
import { canonicalEncoder } from '../core/export/canonicalLine';
import {
  type Chunk,
  type Encoder,
  type Exported,
  listed,
  type Overview,
  UnwritableError,
} from '../core/export/encoder';
import { inspectEncoder } from '../core/export/inspectScores';
import { SCOUT_FORMS, type ScoutForm, scoutEncoder } from '../core/export/scout';
import { webAnnotationEncoder } from '../core/export/webAnnotation';
import type { Audit } from '../node/audit';
import { pathOf } from '../node/besideFiles';
import { joinedFiles } from '../node/joins';
import { writeWhole } from '../node/outputFile';
import { isAmongDecisions, reviewFolder } from '../node/reviewStore';
import { UsageError } from './exit';
import { loadAudits, type ReadFlags } from './load';
import { exitStatus, problemLines, profileNotes } from './problems';
import { printError } from './terminal';

export const TARGETS = ['canonical', 'csv', 'parquet', 'scout', 'inspect', 'web-annotation'] as const;
export type Target = (typeof TARGETS)[number];

export interface ConvertFlags extends ReadFlags {
  readonly to: Target;
  /** A path, or `-` for standard output. */
  readonly out: string;
  /** Canonical only: whether the adjudicated labels stand among the verdicts. */
  readonly labels: 'classifier' | 'adjudicated';
  /** Scout and Inspect only: the one label to write. */
  readonly label?: string;
  readonly force?: boolean;
  /** CSV only: no mark before what a spreadsheet would run. */
  readonly raw?: boolean;
}

/**
 * Writes the files, taken together, in another format. Returns the exit status: 1 when records are bad (the others are
 * written), or when nothing could be written; why is on standard error.
 * @throws UsageError for a call that cannot be meant, before anything is written.
 */
export async function convert(files: readonly string[], flags: ConvertFlags): Promise<number> {
  if (flags.reviews !== undefined && files.length > 1) {
    throw new UsageError('--reviews goes with one file: every file has a review folder of its own');
  }
  if (flags.label !== undefined && flags.to !== 'scout' && flags.to !== 'inspect') {
    throw new UsageError('--label goes with --to scout and --to inspect');
  }
  if (flags.raw && flags.to !== 'csv') throw new UsageError('--raw goes with --to csv');
  if (flags.out === '-' && process.stdout.isTTY) {
    throw new UsageError(
      '--out - writes the data as it is, and a terminal may take parts of it for commands: pipe it, or name a file',
    );
  }
  const form = flags.to === 'scout' ? scoutForm(flags.out) : 'jsonl';
  const path = flags.out === '-' ? null : await outputPath(files, flags);
  const audits = await loadAudits(files, flags);
  if (path !== null) await assertUnread(flags.out, path, audits.flatMap(filesOf));
  const report = (lines: readonly string[]) => lines.forEach(printError);
  if (flags.profile === undefined) report(audits.flatMap(profileNotes));
  report(audits.flatMap(problemLines));
  if (audits.some(({ dataset }) => dataset.phase !== 'ready')) {
    report(['transcript-review: nothing was written, since not every file could be read']);
    return 1;
  }
  const overview = overviewOf(audits);
  assertLabel(overview, flags);
  const encoder = await encoderFor(flags, form, overview, audits);
  const conversion = new Conversion(audits, encoder);
  try {
    if (path === null) await print(conversion.chunks());
    else await writeWhole(path, conversion.chunks());
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EPIPE') return exitStatus(audits); // whoever reads may stop early, as head does
    report([`transcript-review: ${flags.out} was not written: ${message}`]);
    return 1;
  }
  const name = path === null ? 'standard output' : flags.out;
  report([
    ...conversion.problems,
    ...[...conversion.remarks(), ...encoder.remarks()].map((remark) => `${name}: ${remark}`),
    `${name}: written as ${flags.to}, from ${conversion.written} transcripts`,
  ]);
  return conversion.problems.length > 0 ? 1 : exitStatus(audits);
}

/** Every readable transcript of the datasets, through an encoder. */
class Conversion {
  /** What could be read and not written, a line each. */
  readonly problems: string[] = [];
  written = 0;
  private renamed = 0;

  constructor(
    private readonly audits: readonly Audit[],
    private readonly encoder: Encoder,
  ) {}

  async *chunks(): AsyncGenerator<Chunk> {
    yield this.encoder.begin();
    for await (const { item, audit, index } of this.transcripts()) {
      const chunk = this.add(item, audit, index);
      if (chunk !== null) yield chunk;
    }
    yield this.encoder.end();
  }

  remarks(): readonly string[] {
    return this.renamed === 0
      ? []
      : [
          `${this.renamed} ids stand in an earlier file, too, and got a number; decisions are kept by id, so those on them apply to the files they were made on only`,
        ];
  }

  private add(item: Exported, audit: Audit, index: number): Chunk | null {
    try {
      const chunk = this.encoder.add(item);
      this.written++;
      return chunk;
    } catch (error) {
      if (!(error instanceof UnwritableError)) throw error;
      const place = `${item.file}:${audit.dataset.columns.line(index)}`;
      this.problems.push(`${place}: error: ${item.transcript.id} not written: ${error.message}`);
      return null;
    }
  }

  private async *transcripts(): AsyncGenerator<{ item: Exported; audit: Audit; index: number }> {
    const taken = new Set<string>();
    for (const audit of this.audits) {
      const { columns } = audit.dataset;
      for (let index = 0; index < columns.count; index++) {
        if (columns.isBad(index)) continue;
        const record = await audit.dataset.record(index);
        if (record.kind === 'bad') throw new Error(`${audit.dataset.name} has changed: ${record.reason}`);
        const review = audit.log.review(record.transcript.id);
        const transcript = { ...record.transcript, id: this.uniqueId(taken, record.transcript.id) };
        const file = audit.dataset.files[columns.file(index)]?.name ?? audit.dataset.name;
        yield { item: { transcript, review, file }, audit, index };
      }
    }
  }

  /** One file's ids are unique already; those of several become so as they would in one. */
  private uniqueId(taken: Set<string>, id: string): string {
    if (this.audits.length === 1) return id;
    let unique = id;
    for (let times = 2; taken.has(unique); times++) unique = `${id}#${times}`;
    taken.add(unique);
    if (unique !== id) this.renamed++;
    return unique;
  }
}

function overviewOf(audits: readonly Audit[]): Overview {
  const sources = audits.flatMap(({ dataset }) => dataset.columns.sources);
  const unique = new Map(
    sources.map((source) => [JSON.stringify([source.classifier, source.label]), source]),
  );
  const decided = new Map<string, number>();
  for (const { log, dataset } of audits) {
    for (const id of log.reviewedTranscripts()) {
      if (dataset.columns.indexOf(id) < 0) continue;
      for (const [label, decisions] of log.review(id).labels)
        if (decisions.some(({ stale }) => !stale)) decided.set(label, (decided.get(label) ?? 0) + 1);
    }
  }
  return {
    sources: [...unique.values()],
    decidedLabels: new Map(labelOrder(decided.keys()).map((label) => [label, decided.get(label) ?? 0])),
    transcripts: audits.reduce((sum, { dataset: { columns } }) => sum + columns.count - columns.badCount, 0),
  };
}

function assertLabel({ sources, decidedLabels }: Overview, { label }: ConvertFlags): void {
  const known = labelOrder([...sources.map((source) => source.label), ...decidedLabels.keys()]);
  if (label === undefined || known.includes(label)) return;
  const there = known.length === 0 ? 'none' : listed(known);
  throw new UsageError(`no label is called "${label}" (there are: ${there})`);
}

/** The libraries of tables are loaded where a table is asked for. */
async function encoderFor(
  { to, labels, label, raw }: ConvertFlags,
  form: ScoutForm,
  overview: Overview,
  audits: readonly Audit[],
): Promise<Encoder> {
  if (to === 'canonical') return canonicalEncoder(labels === 'adjudicated');
  if (to === 'inspect') return inspectEncoder(overview, label ?? null);
  if (to === 'web-annotation') return webAnnotationEncoder(audits.map(({ dataset }) => dataset.name));
  if (to === 'parquet') {
    const { ParquetEncoder } = await import('../node/export/parquet');
    return new ParquetEncoder(overview);
  }
  const { csvEncoder, csvLine } = await import('../node/export/csv');
  return to === 'csv' ? csvEncoder(overview, raw) : scoutEncoder(overview, form, label ?? null, csvLine);
}

function scoutForm(out: string): ScoutForm {
  const extension = extname(out).slice(1).toLowerCase();
  const form = SCOUT_FORMS.find((known) => known === (extension === 'yml' ? 'yaml' : extension));
  if (form) return form;
  throw new UsageError(
    `the name that --out gives decides how a Scout validation set is written: ${SCOUT_FORMS.map((known) => `.${known}`).join(', ')}`,
  );
}

/**
 * Where to write. Never over an input or into a folder that is one, nor among the decisions; over another file only
 * with --force.
 */
async function outputPath(
  files: readonly string[],
  { out, reviews, profile, force }: ConvertFlags,
): Promise<string> {
  const folder = await realpath(dirname(out)).catch(() => {
    throw new UsageError(`the folder of ${out} is not there`);
  });
  const path = join(folder, basename(out));
  if ((await lstat(path).catch(() => null))?.isSymbolicLink())
    throw new UsageError(`${out} is a link; name the file that it leads to, or remove the link`);
  if (isAmongDecisions(path))
    throw new UsageError(`${out} lies in a folder of decisions, or in the place of one`);
  const decisions = reviews === undefined ? files.map((file) => pathOf(reviewFolder(file))) : [reviews];
  await assertUnread(out, path, [...files, ...decisions, ...(profile === undefined ? [] : [profile])]);
  const there = await stat(path).catch(() => null);
  if (there && !there.isFile())
    throw new UsageError(`${out} is there, and is no file that could be replaced`);
  if (there && !force) throw new UsageError(`${out} is there already; --force writes over it`);
  return path;
}

/** What a dataset is read from besides the path that names it: the files of a set, those that verdicts come from. */
function filesOf({ dataset }: Audit): readonly string[] {
  return dataset.files.flatMap((file) => [file.path, ...joinedFiles(file.profile, dataset.path)]);
}

/** @throws UsageError where the output's path is one of the sources, or in a folder that is one. */
async function assertUnread(out: string, path: string, sources: readonly string[]): Promise<void> {
  for (const source of new Set(sources)) {
    const taken = await realpath(source).catch(() => resolve(source));
    if (path === taken || path.startsWith(taken + sep))
      throw new UsageError(`${out} is, or lies in, ${source}, which is read here`);
  }
}

/** Waits for each chunk to be taken, so that a slow reader holds the conversion back. */
async function print(chunks: AsyncIterable<Chunk>): Promise<void> {
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    await new Promise<void>((done, fail) => {
      process.stdout.write(chunk, (error) => (error ? fail(error) : done()));
    });
  }
}
