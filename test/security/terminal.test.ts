import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { jsonl, temporaryFolder, writeDataset } from '../support/dataset';
import { PAYLOADS, RAW } from './payloads';

const CLI = resolve(__dirname, '../../dist/cli.js');
const folder = temporaryFolder();

function run(...args: string[]) {
  return spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8', cwd: folder, maxBuffer: 1 << 28 });
}

/** With the texts in every field, and in what is wrong with the record. */
const RECORDS = PAYLOADS.flatMap((text, n) => [
  {
    ...{
      id: text,
      setting: text,
      condition: 'training',
      variant: text,
      prefix: text,
      promptId: text,
      model: text,
    },
    messages: [{ role: 'assistant', content: text }],
    verdicts: [
      // each of these has figures of its own in every row
      { classifier: n % 8 === 0 ? text : 'af', label: 'alignment_faking', value: n % 2 === 0 },
      { classifier: text, label: text, value: true },
    ],
    spans: [{ classifier: text, label: text, message: 7, start: 0, end: 9, quote: text }],
    [text]: text,
  },
  { id: text, condition: text, messages: text },
]);

beforeAll(() => {
  if (!existsSync(CLI)) throw new Error('dist/cli.js is missing; run "npm run build" first');
});

// each starts the command
describe('the terminal', { timeout: 100_000 }, () => {
  const path = () => writeDataset(folder, 'hostile\u001b[31m\u202e.transcripts.jsonl', jsonl(RECORDS));

  it.each([
    ['validate', []],
    ['metrics', []],
    ['metrics', ['--json']],
    ['metrics', ['--classifier', 'nobody\u001b[31m']],
    ['convert', ['--to', 'csv', '--force', '--out', 'out.csv']],
    ['convert', ['--to', 'canonical', '--force', '--out', 'out.jsonl', '--nothing\u001b[31m']],
  ])('gets text only from %s %j', (command, flags) => {
    const { stdout, stderr } = run(command, path(), ...flags);
    expect(stdout + stderr).toMatch(/./);
    for (const line of `${stdout}\n${stderr}`.split('\n')) {
      if (RAW.test(line) || line.includes('\t')) throw new Error(JSON.stringify(line.slice(0, 300)));
    }
  });

  it('gets JSON that means what is in the file', () => {
    const { rows } = JSON.parse(run('metrics', path(), '--json').stdout);
    const settings = rows.map(({ setting }: { setting: string }) => setting);
    // a file holds no half characters
    expect(settings).toEqual(
      expect.arrayContaining(PAYLOADS.filter((text) => !/\p{Cs}/u.test(text) && text.trim() !== '')),
    );
  });

  it('is written to by one module, but for the data that convert puts out', () => {
    const sources = resolve(__dirname, '../../src/cli');
    const writers = readdirSync(sources)
      .filter((name) => name.endsWith('.ts') && name !== 'terminal.ts')
      .flatMap(
        (name) =>
          readFileSync(join(sources, name), 'utf8').match(/.*(std(out|err)\.write|console\.).*/g) ?? [],
      );
    expect(writers.map((line) => line.trim())).toEqual([
      'process.stdout.write(chunk, (error) => (error ? fail(error) : done()));',
    ]);
  });
});
