import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { CONTAINERS, writeContainer } from '../support/containers';
import { temporaryFolder } from '../support/dataset';

/** What the built code does reach while it opens every kind of file, written down by Node's own hooks. */
const ROOT = resolve(__dirname, '../..');
const DIST = join(ROOT, 'dist');
const RECORDER = join(__dirname, 'recordReach.cjs');
const folder = temporaryFolder();
const timeout = 300_000;

interface Ran {
  readonly status: number | null;
  readonly output: string;
  readonly reached: readonly string[];
}

/** Output goes to a file: a pipe would be a connection. */
async function recorded(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const own = temporaryFolder();
  const [reached, output] = [join(own, 'reached'), join(own, 'output')];
  const out = openSync(output, 'w');
  const child = spawn(process.execPath, ['--no-deprecation', '--require', RECORDER, ...args], {
    cwd: folder,
    env: { ...process.env, ...env, REACHED: reached },
    stdio: ['ignore', out, out],
  });
  closeSync(out);
  const [status] = await once(child, 'exit');
  return {
    status,
    output: readFileSync(output, 'utf8'),
    reached: existsSync(reached) ? readFileSync(reached, 'utf8').trim().split('\n') : [],
  };
}

const GIVEN = [1, 2, 3].map((id) => ({ id: `t${id}`, text: `see https://example.org/${id} and $(touch x)` }));
const datasets = CONTAINERS.map((container, i) =>
  writeContainer(join(folder, `container ${i}`), container, container.files(GIVEN)),
);

describe('nothing is reached', { timeout }, () => {
  const script = join(folder, 'openEverything.js');
  beforeAll(async () => {
    await build({
      entryPoints: [join(__dirname, 'openEverything.ts')],
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'error',
    });
  });

  // As many transcripts as all of them hold: none was left out.
  it.each([
    ['validate', [], /^(.+: 3 transcripts \(.+\), 0 bad.*\n){10}$/],
    ['metrics', [], /^30 transcripts, 0 bad/m],
    ['convert', ['--to', 'canonical', '--out', join(folder, 'converted.jsonl')], /from 30 transcripts/],
  ])('by the command %s, with every kind of file', async (command, options, said) => {
    const { reached, output } = await recorded([join(DIST, 'cli.js'), command, ...options, ...datasets]);
    expect(output).toMatch(said);
    expect(reached).toEqual([]);
  });

  it('by reading, searching and counting on the threads of the extension, but git about the reviewer', async () => {
    const { status, output, reached } = await recorded([script, DIST, ...datasets]);
    expect(output).toBe('ready 3 3\n'.repeat(datasets.length));
    expect(status).toBe(0);
    expect(reached).toEqual([expect.stringMatching(/^program git (-C .+ )?config .*user\.email$/)]);
  });

  it('by activating the extension', async () => {
    const activate =
      'require(process.argv[1]).activate(Object.assign(Object.create(require("vscode")), { subscriptions: [] }))';
    const stubs = { NODE_PATH: join(ROOT, 'test/bench/stubs') };
    const { status, output, reached } = await recorded(['-e', activate, join(DIST, 'extension.js')], stubs);
    expect({ status, output, reached }).toEqual({ status: 0, output: '', reached: [] });
  });
});

describe('the recorder', { timeout }, () => {
  it.each([
    ['fetch("http://127.0.0.1:65001/").catch(() => {})', /^network TCP/],
    ['require("net").connect(65001, "127.0.0.1").on("error", () => {})', /^network TCP/],
    ['require("http").createServer().listen(0).close()', /^network TCP/],
    ['require("dns").lookup("localhost", () => {})', /^network GETADDRINFO/],
    ['require("dgram").createSocket("udp4").close()', /^network UDP/],
    ['require("child_process").exec("exit 0")', /^program .*exit 0/],
    ['require("child_process").spawn(process.execPath, ["-v"])', /^program .*-v/],
    ['require("child_process").execFileSync(process.execPath, ["-v"])', /^program .*-v/],
  ])('sees %s, on a thread as well', async (text, line) => {
    const thread = `new (require("worker_threads").Worker)(${JSON.stringify(text)}, { eval: true })`;
    const { reached } = await recorded(['-e', `${text}; ${thread}`]);
    expect(reached.filter((each) => line.test(each)).length).toBeGreaterThanOrEqual(2);
  });
});
