/** The pass over a whole dataset, against counting its lines, parsing them, and DuckDB reading the same columns. */
import { spawnSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { Dataset } from '../../src/node/dataset';
import { inProcess, inWorker, type RunIndex } from '../../src/node/runIndex';
import { inTurn, megabytes, ratio, row, spread } from './measure';
import { datasets, settings, workerScript } from './settings';

/** Of one reading: until every transcript was listed and counted, and until every record was checked, in ms. */
interface Reading {
  readonly listed: number;
  readonly checked: number;
}

async function index(run: RunIndex): Promise<Reading> {
  const start = performance.now();
  let listed: number | null = null;
  const dataset = new Dataset(datasets.full);
  await dataset.index(run, new AbortController().signal, {
    checked: () => {
      listed ??= performance.now() - start;
    },
  });
  if (dataset.columns.count !== settings.transcripts || dataset.columns.badCount > 0)
    throw new Error(`indexed ${dataset.columns.count} transcripts, ${dataset.columns.badCount} bad`);
  const checked = performance.now() - start;
  return { listed: listed ?? checked, checked };
}

/** What anyone would write: parses each line and keeps nothing. */
async function parseLines(): Promise<void> {
  let rest = '';
  for await (const text of createReadStream(datasets.full, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) JSON.parse(line);
  }
}

function countLines(): void {
  const { error, status } = spawnSync('wc', ['-l', datasets.full]);
  if (error || status !== 0) throw error ?? new Error('wc failed');
}

interface DuckDb {
  run(sql: string): Promise<unknown>;
}

/** DuckDB, where it could be installed for the occasion. */
async function duckDb(): Promise<DuckDb | null> {
  if (settings.duckdb === null) return null;
  const { DuckDBInstance } = createRequire(settings.duckdb)('@duckdb/node-api');
  return (await DuckDBInstance.create(':memory:')).connect();
}

const DUCKDB_COLUMNS =
  "{id: 'VARCHAR', setting: 'VARCHAR', condition: 'VARCHAR', variant: 'VARCHAR', prefix: 'VARCHAR', " +
  "verdicts: 'STRUCT(classifier VARCHAR, label VARCHAR, value BOOLEAN)[]'}";

function readColumns(duck: DuckDb): Promise<unknown> {
  const options = `columns = ${DUCKDB_COLUMNS}, format = 'newline_delimited', maximum_object_size = 1000000000`;
  return duck.run(
    `CREATE OR REPLACE TABLE transcripts AS SELECT * FROM read_json('${datasets.full.replaceAll("'", "''")}', ${options})`,
  );
}

async function main(): Promise<void> {
  const duck = await duckDb();
  const readings: Record<'process' | 'worker', Reading[]> = { process: [], worker: [] };
  const times = await inTurn(settings.runs, {
    wc: countLines,
    parse: parseLines,
    duck: () => duck && readColumns(duck),
    process: async () => readings.process.push(await index(inProcess)),
    worker: async () => readings.worker.push(await index(inWorker(workerScript))),
  });
  const what = `${settings.transcripts.toLocaleString('en')} transcripts, ${megabytes(datasets.full)}`;
  const peers = (values: readonly number[]) =>
    [
      ratio(values, '`wc -l`', times.wc),
      duck ? ratio(values, "DuckDB's `read_json`", times.duck) : 'DuckDB could not be installed',
      ratio(values, '`JSON.parse` a line', times.parse),
    ].join(', ');
  const [inside, worker] = [readings.process, readings.worker].map((all) => all.map(({ listed }) => listed));
  row(
    `list and count ${what}, on this thread`,
    spread(inside ?? []),
    peers(inside ?? []),
    'under 2 x `wc -l`, ahead of DuckDB',
  );
  row(`list and count ${what}, in the worker`, spread(worker ?? []), peers(worker ?? []), 'the same');
  const checked = readings.worker.map((each) => each.checked);
  row(`… and check every record in full`, spread(checked), peers(checked));
}

void main();
