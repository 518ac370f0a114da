/** Loading and activating the extension as it is shipped, in fresh processes without VS Code. */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { row, spread } from './measure';
import { settings } from './settings';

const extension = join(settings.root, 'dist/extension.js');
/** Holds a `vscode` that answers anything; NODE_PATH is where Node looks when it is nowhere else. */
const stubs = join(settings.root, 'test/bench/stubs');

const SCRIPT = `
const vscode = require('vscode');
const start = performance.now();
const extension = require(process.argv[1]);
const loaded = performance.now();
extension.activate(Object.assign(Object.create(vscode), { subscriptions: [] }));
console.log(JSON.stringify([loaded - start, performance.now() - loaded]));
`;

function activate(): [number, number] {
  const env = { ...process.env, NODE_PATH: stubs };
  return JSON.parse(execFileSync(process.execPath, ['-e', SCRIPT, extension], { env, encoding: 'utf8' }));
}

const times = Array.from({ length: settings.runs * 3 }, activate);
const kilobytes = Math.round(statSync(extension).size / 1000);
row(
  `load the extension (${kilobytes} KB) in a new process, ${times.length} times`,
  spread(times.map(([load]) => load)),
  '',
  'under 50 ms with activation',
);
row('activate it, VS Code replaced by a stub', spread(times.map(([, activation]) => activation)));
