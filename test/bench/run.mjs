/**
 * `npm run bench`: what the extension costs, one part after the other, each in a process of its own so that none
 * measures what another left in memory. Prints a Markdown table.
 *
 * `-- --transcripts N` for another size than 20,000, `-- --runs N` for another number of runs than 5,
 * `-- --only indexing,memory` for some parts.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { cache, node, npm, root, runMain, SetupError, step } from '../support/shell.mjs';

const DUCKDB = '1.5.6-r.1';
const PARTS = [
  'indexing',
  'skimming',
  'firstTranscript',
  'blocking',
  'memory',
  'decision',
  'decisionsAtOpening',
  'followed',
  'messages',
  'facets',
  'nextTranscript',
  'search',
  'activation',
];
const folder = path.join(cache, 'bench');

await runMain(async () => {
  const { values } = parseArgs({
    options: {
      transcripts: { type: 'string', default: '20000' },
      runs: { type: 'string', default: '5' },
      only: { type: 'string', default: PARTS.join(',') },
    },
  });
  const parts = values.only.split(',');
  const unknown = parts.filter((part) => !PARTS.includes(part));
  if (unknown.length > 0)
    throw new SetupError(`No such part: ${unknown.join(', ')}. There are ${PARTS.join(', ')}.`);
  const settings = {
    transcripts: Number(values.transcripts),
    runs: Number(values.runs),
    folder,
    root,
    duckdb: parts.includes('indexing') ? await installDuckDb() : null,
  };
  if (!(settings.transcripts >= 150) || !(settings.runs >= 1))
    throw new SetupError('At least 150 transcripts and 1 run are needed.');

  step('Building what is shipped, and the benches');
  if ((await node(['esbuild.mjs', '--production'])) !== 0) throw new SetupError('The build failed.');
  mkdirSync(folder, { recursive: true });
  await bundleParts();

  step(`Writing ${settings.transcripts} transcripts`);
  if ((await runPart('write', settings)) !== 0) throw new SetupError('The datasets could not be written.');
  console.log(`\n${machine()}\nMedians of ${settings.runs} runs unless said otherwise, (least to most).\n`);
  console.log('| what | measured | against, in the same run | budget |\n| --- | --- | --- | --- |');
  let status = 0;
  for (const part of parts) status = (await runPart(part, settings)) || status;
  rmSync(folder, { recursive: true });
  return status;
});

/** A peer that nothing but this bench needs, at 70 MB too large for a development dependency. */
async function installDuckDb() {
  const home = path.join(cache, 'duckdb');
  const entry = path.join(home, 'package.json');
  mkdirSync(home, { recursive: true });
  writeFileSync(entry, '{"private": true}');
  if (existsSync(path.join(home, 'node_modules/@duckdb/node-api'))) return entry;
  step('Installing DuckDB');
  const args = ['install', '--no-audit', '--no-fund', '--prefix', home, `@duckdb/node-api@${DUCKDB}`];
  return (await npm(args)) === 0 ? entry : null;
}

function bundleParts() {
  return build({
    absWorkingDir: root,
    entryPoints: ['write', ...PARTS].map((part) => `test/bench/${part}.ts`),
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'warning',
  });
}

function runPart(part, settings) {
  return node(['--expose-gc', path.join(folder, `${part}.js`), JSON.stringify(settings)]);
}

function machine() {
  const cpus = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  const load = os.loadavg()[0].toFixed(1);
  return `${cpus.length} x ${cpus[0]?.model.trim()}, ${memory} GB, ${os.type()} ${os.release()}, Node ${process.version}, load ${load}.`;
}
