/** Entry for `extensionTestsPath`: VS Code loads this in its extension host and calls `run`. */
import { appendFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';

/**
 * Runs every `*.test.js` beside this file; with TRANSCRIPT_REVIEW_RESTRICTED set, every `*.restricted.js` instead.
 *
 * With TRANSCRIPT_REVIEW_RESULTS set, mocha's report goes to `report.txt` in that folder and the counts to
 * `counts.json`: VS Code's server has no other way to tell how it went. Without (desktop), to the console.
 * @throws when a test failed, for runners that look at that
 */
export async function run(): Promise<void> {
  const results = process.env.TRANSCRIPT_REVIEW_RESULTS;
  if (results !== undefined) {
    const report = path.join(results, 'report.txt');
    Mocha.reporters.Base.consoleLog = (...args: unknown[]) => appendFileSync(report, `${format(...args)}\n`);
  }

  const mocha = new Mocha({ ui: 'bdd', reporter: 'spec', timeout: 120_000, slow: 2_000, forbidOnly: true });
  const grep = process.env.TRANSCRIPT_REVIEW_GREP;
  if (grep) mocha.grep(new RegExp(grep));
  const restricted = Boolean(process.env.TRANSCRIPT_REVIEW_RESTRICTED);
  for (const name of readdirSync(__dirname).sort()) {
    if (name.endsWith(restricted ? '.restricted.js' : '.test.js')) mocha.addFile(path.join(__dirname, name));
  }

  const skipped: string[] = [];
  const stats = await new Promise<Mocha.Stats | undefined>((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats));
    runner.on('pending', (test) => skipped.push(test.fullTitle()));
  });
  const { passes = 0, failures = 1 } = stats ?? {};
  if (results !== undefined) {
    const counts = { passed: passes, failed: failures, skipped };
    // Renamed into place, for whoever waits for it never to read half a file.
    writeFileSync(path.join(results, 'counts.part'), JSON.stringify(counts));
    renameSync(path.join(results, 'counts.part'), path.join(results, 'counts.json'));
  }
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
