/** What the host does to show the next transcript: read its bytes, parse, anchor, cut into runs, and post it. */
import { open } from 'node:fs/promises';
import { NO_REVIEW } from '../../src/core/review/fold';
import { recordView } from '../../src/core/view';
import { Dataset } from '../../src/node/dataset';
import { inProcess } from '../../src/node/runIndex';
import { textHash } from '../../src/node/textHash';
import { inTurn, megabytes, percentiles, ratio, row, spread, time } from './measure';
import { datasets, settings } from './settings';

const STEPS = 1_000;

async function indexed(path: string): Promise<Dataset> {
  const dataset = new Dataset(path);
  await dataset.index(inProcess, new AbortController().signal);
  return dataset;
}

/** The view as VS Code sends it to a webview: as JSON. */
async function show(dataset: Dataset, index: number): Promise<string> {
  const record = await dataset.record(index);
  if (record.kind === 'bad') throw new Error(record.reason);
  const labels = [...new Set(dataset.columns.sources.map(({ label }) => label))];
  const line = dataset.columns.line(index);
  const hash = await textHash(record.transcript.messages);
  const place = { hash, index, line, review: NO_REVIEW, reviewer: 'ana', labels };
  return JSON.stringify(recordView({ ...place, transcript: record.transcript, problems: record.warnings }));
}

/** The least that anyone could do: read the same bytes and parse them. */
async function readAndParse(dataset: Dataset, index: number): Promise<unknown> {
  const file = await open(dataset.path);
  const bytes = Buffer.alloc(dataset.columns.length(index));
  await file.read(bytes, 0, bytes.length, dataset.columns.offset(index));
  await file.close();
  return JSON.parse(bytes.toString());
}

async function walk(): Promise<void> {
  const dataset = await indexed(datasets.full);
  const [shown, parsed]: [number[], number[]] = [[], []];
  for (let step = 0; step < Math.min(STEPS, settings.transcripts); step++) {
    parsed.push(await time(() => readAndParse(dataset, step)));
    shown.push(await time(() => show(dataset, step)));
  }
  row(
    `next transcript, read and made into a view, ${shown.length} in a row`,
    percentiles(shown),
    ratio(shown, 'reading and `JSON.parse`', parsed),
    'under 50 ms at p95, with painting',
  );
}

async function showLarge(): Promise<void> {
  const rounds = Array.from({ length: settings.runs + 1 }, () => indexed(datasets.large));
  // a dataset keeps the records it has read: each round has its own
  const fresh = await Promise.all(rounds);
  const times = await inTurn(settings.runs + 1, {
    parse: () => fresh[0] && readAndParse(fresh[0], 0),
    show: () => {
      const dataset = fresh.pop();
      return dataset && show(dataset, 0);
    },
  });
  row(
    `a transcript of 1 MB with 2,000 overlapping spans (${megabytes(datasets.large)} with its quotes)`,
    spread(times.show),
    ratio(times.show, 'reading and `JSON.parse`', times.parse),
  );
}

async function main(): Promise<void> {
  await walk();
  await showLarge();
}

void main();
