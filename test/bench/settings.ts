/** What the runner tells each part. */
import { join } from 'node:path';

export interface Settings {
  /** In the dataset that most parts measure. */
  readonly transcripts: number;
  readonly runs: number;
  /** Where datasets and bundles are. */
  readonly folder: string;
  /** The repository. */
  readonly root: string;
  /** A file of the folder in which DuckDB is installed; null where it could not be. */
  readonly duckdb: string | null;
}

export const settings: Settings = JSON.parse(process.argv[2] ?? '{}');

const dataset = (name: string) => join(settings.folder, `${name}.transcripts.jsonl`);

/** Datasets that `write` makes. */
export const datasets = {
  /** All transcripts, 5 to 10 KB each. */
  full: dataset('full'),
  /** The first tenth and 150th of `full`: 15 MB and 1 MB when that is 150 MB. */
  tenth: dataset('tenth'),
  small: dataset('small'),
  /** As many transcripts as `full`, without the text that makes them long. */
  short: dataset('short'),
  /** One transcript of 1 MB with 2,000 overlapping spans. */
  large: dataset('large'),
} as const;

/** The worker as it is shipped. */
export const workerScript = join(settings.root, 'dist/indexWorker.js');
export const searchScript = join(settings.root, 'dist/searchWorker.js');
