/**
 * `npm test`: installs what is missing, then runs every layer and ends with the runners' own summaries.
 *
 *   npm test                          everything
 *   npm test -- --only unit,suite     some layers (check, unit, suite, e2e)
 *   npm test -- --grep undo           only tests whose title matches
 *   npm run test:deep                 the properties only, with ten fresh seeds: ten times as many values as in CI;
 *                                     TRANSCRIPT_REVIEW_SEED=N npm run test:deep tries a seed again
 */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { ensureChromium, ensureGit, ensureModules, ensureServer } from './ensure.mjs';
import { cache, node, npm, root, runMain, SetupError, step } from './shell.mjs';

/**
 * What a layer came to. `counts` is null when its runner gave none: then the layer failed as a whole. `skipped` are
 * titles, which say what is missing.
 * @typedef {{ passed: number, failed: number, skipped: readonly string[] }} Counts
 * @typedef {{ ok: boolean, counts: Counts | null, summary: readonly string[] }} Outcome
 */

const LAYERS = { check, unit, suite, e2e };
/** @type {ReturnType<typeof ensureServer> | undefined} */
let server;
/** For one run of vitest: what hangs is ended. */
const LAYER_MINUTES = 45;

await runMain(async () => {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, grep: { type: 'string' }, deep: { type: 'boolean' } },
  });
  if (values.deep) return deep(values.grep);
  const names = values.only?.split(',') ?? Object.keys(LAYERS);
  const unknown = names.filter((name) => !(name in LAYERS));
  if (unknown.length > 0) {
    throw new SetupError(
      `No such layer: ${unknown.join(', ')}. There are ${Object.keys(LAYERS).join(', ')}.`,
    );
  }

  await ensureModules();
  // Beside what is installed, which waits for the network most of the time.
  const checked = names.includes('check') ? attempt(check) : null;
  // Beside the layers that do without it; whoever needs it has the error.
  if (names.includes('suite') || names.includes('e2e')) fetchedServer().catch(() => {});
  if (names.some((name) => name !== 'check')) await prepare();
  const outcomes = new Map();
  for (const name of names)
    outcomes.set(name, await (name === 'check' ? checked : attempt(LAYERS[name], values.grep)));
  return conclude(outcomes);
});

/** VS Code's server, fetched once. */
function fetchedServer() {
  server ??= ensureServer();
  return server;
}

/** What tests need but the modules. */
async function prepare() {
  await ensureGit();
  await ensureChromium();
  step('build');
  if ((await node(['esbuild.mjs', '--tests'])) !== 0) throw new SetupError('The build failed (see above).');
}

/** The properties, with ten seeds that were never tried; or with the one that is given. */
async function deep(grep) {
  await ensureModules();
  await prepare();
  const given = process.env.TRANSCRIPT_REVIEW_SEED;
  const seeds = given === undefined ? Array.from({ length: 10 }, () => String(randomInt(2 ** 31))) : [given];
  const outcomes = new Map();
  for (const seed of seeds) {
    step(`properties with the seed ${seed} (vitest)`);
    process.env.TRANSCRIPT_REVIEW_SEED = seed;
    outcomes.set(`seed ${seed}`, await vitest('deep', 'vitest.config.ts', grep, propertyFiles()));
  }
  const status = conclude(outcomes);
  console.log('A seed again: TRANSCRIPT_REVIEW_SEED=N npm run test:deep');
  return status;
}

function propertyFiles() {
  return ['test/unit', 'test/security', 'test/webview'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.test\.tsx?$/.test(file))
      .map((file) => path.join(folder, file))
      .filter((file) => readFileSync(path.join(root, file), 'utf8').includes("from 'fast-check'")),
  );
}

/** A layer that cannot even start must not hide what the others have to say. */
async function attempt(layer, grep) {
  try {
    return await layer(grep);
  } catch (error) {
    console.error(error instanceof SetupError ? error.message : error);
    return { ok: false, counts: null, summary: [] };
  }
}

/** Types of every zone, then lint and format. */
async function check() {
  step('check: types and lint');
  const ok = (await npm(['run', '--silent', 'check'])) === 0;
  return {
    ok,
    counts: { passed: 0, failed: 0, skipped: [] },
    summary: [ok ? 'no problems' : 'problems, see above'],
  };
}

/** Core, protocol, node, cli, and the webviews in jsdom. */
async function unit(grep) {
  step('unit: core, protocol, node, cli and webviews (vitest)');
  return vitest('unit', 'vitest.config.ts', grep);
}

/** The extension host's view: mocha inside VS Code. */
async function suite(grep) {
  await fetchedServer();
  step('suite: inside the extension host of VS Code (mocha)');
  const { reportOf, runRestricted, runSuite } = await import('./suite.mjs');
  const runs = [await runSuite(grep), await runRestricted(grep)];
  const summary = ['suite', 'restricted'].flatMap((name) =>
    readFileSync(reportOf(name), 'utf8')
      .split('\n')
      .filter((line) => /^ +\d+ (passing|failing|pending)/.test(line)),
  );
  const counts = runs.every((each) => each !== null)
    ? runs.reduce((sum, each) => ({
        passed: sum.passed + each.passed,
        failed: sum.failed + each.failed,
        skipped: [...sum.skipped, ...each.skipped],
      }))
    : null;
  return { ok: counts !== null && counts.failed === 0, counts, summary };
}

/** The user's view: the packaged VSIX in a fresh profile, driven from outside. */
async function e2e(grep) {
  await fetchedServer();
  step('e2e: the packaged extension in a fresh VS Code (vitest and playwright)');
  if ((await npm(['run', '--silent', 'package'])) !== 0)
    throw new SetupError('Packaging failed (see above).');
  return vitest('e2e', 'vitest.e2e.config.ts', grep);
}

/**
 * @param {readonly string[]} files none means all
 * @returns {Promise<Outcome>}
 */
async function vitest(name, config, grep, files = []) {
  const results = path.join(cache, `results/${name}.json`);
  mkdirSync(path.dirname(results), { recursive: true });
  rmSync(results, { force: true });
  const { status, output } = await runAndKeep([
    path.join(root, 'node_modules/vitest/vitest.mjs'),
    ...['run', '--config', config, '--reporter=default', '--reporter=json', `--outputFile.json=${results}`],
    ...(grep === undefined ? [] : ['--testNamePattern', grep]),
    ...files,
  ]);
  const summary = output.split('\n').filter((line) => /^ *(Test Files|Tests|Errors) {2}/.test(line));
  return { ok: status === 0, counts: readCounts(results, grep), summary };
}

function readCounts(results, grep) {
  try {
    const json = JSON.parse(readFileSync(results, 'utf8'));
    return {
      passed: json.numPassedTests,
      failed: json.numFailedTests,
      // What --grep leaves out was not to be run.
      skipped: grep === undefined ? skippedTitles(json) : [],
    };
  } catch {
    return null;
  }
}

function skippedTitles({ testResults }) {
  return testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status !== 'passed' && status !== 'failed')
    .map(({ fullName }) => fullName.trim());
}

/** Runs a script of node_modules, showing its output while keeping a plain copy. */
function runAndKeep(args) {
  return new Promise((resolve) => {
    // The runner sees a pipe; whether colours make sense is up to where its output ends.
    const colours = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' };
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...colours },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const stop = () => child.kill();
    process.once('exit', stop);
    const limit = setTimeout(() => {
      console.error(`\nEnded: this took more than ${LAYER_MINUTES} minutes.`);
      stop();
    }, LAYER_MINUTES * 60_000);
    let output = '';
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
      output += chunk;
    });
    child.on('close', (code) => {
      process.off('exit', stop);
      clearTimeout(limit);
      resolve({ status: code ?? 1, output: stripVTControlCharacters(output) });
    });
  });
}

/**
 * Prints each runner's own summary and the sum of their counts.
 * @param {ReadonlyMap<string, Outcome>} outcomes
 * @returns {number} the exit status
 */
function conclude(outcomes) {
  step('Summary');
  const total = { passed: 0, failed: 0 };
  const skipped = [];
  const broken = [];
  for (const [name, { ok, counts, summary }] of outcomes) {
    console.log(`${name}: ${ok ? 'ok' : 'FAILED'}`);
    for (const line of summary) console.log(`    ${line.trim()}`);
    if (!ok) broken.push(name);
    for (const key of Object.keys(total)) total[key] += counts?.[key] ?? 0;
    skipped.push(...(counts?.skipped ?? []).filter((title) => !skipped.includes(title)));
  }
  if (broken.length > 0) console.log(`\nFailed: ${broken.join(', ')}`);
  if (skipped.length > 0) {
    console.log(`\nSkipped here, since what they need is missing:\n    ${skipped.join('\n    ')}`);
  }
  const others = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
  console.log(`\n${total.passed} passed, ${total.failed} failed${others}`);
  return broken.length > 0 ? 1 : 0;
}
