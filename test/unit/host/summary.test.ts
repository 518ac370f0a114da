import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { NO_FILTER } from '../../../src/core/dataset/filterModel';
import type { EditorSession } from '../../../src/host/editorSession';
import { metricsSnapshot } from '../../../src/host/metricsSnapshot';
import { summaryOf } from '../../../src/host/summary';
import type { Audit } from '../../../src/node/audit';
import { pathOf } from '../../../src/node/besideFiles';
import { reviewFolder } from '../../../src/node/reviewStore';
import { canonicalRecord, jsonl, loadedAudit, temporaryFolder, writeDataset } from '../../support/dataset';

const folder = temporaryFolder();

function sessionOf(audit: Audit): EditorSession {
  return {
    audit,
    document: { notice: null, dirty: false },
    list: { length: 1, filter: NO_FILTER },
    search: { view: null },
    reviewer: 'ana',
    revision: 1,
  } as unknown as EditorSession;
}

it('names file, line and reason of a decision that cannot be read', async () => {
  const path = writeDataset(folder, 'run.jsonl', jsonl([canonicalRecord()]));
  mkdirSync(pathOf(reviewFolder(path)));
  writeFileSync(pathOf(reviewFolder(path), 'ben.jsonl'), '\n<<<<<<< ours\n>>>>>>> theirs\n');
  expect(summaryOf(sessionOf(await loadedAudit(path))).notice).toBe(
    'ben.jsonl, line 2: decision not read: conflict marker of a git merge (and 1 more)',
  );
});

it('says what of a dataset is missing: one of its files, or one whose verdicts are joined', async () => {
  const runs = join(folder, 'runs');
  mkdirSync(runs);
  writeDataset(runs, 'a.jsonl', jsonl([canonicalRecord({ id: 'a' })]));
  writeFileSync(join(runs, 'b.parquet'), 'PAR1 and nothing else');
  const inPart = await loadedAudit(runs);
  const options = { labels: 'adjudicated', classifier: null, conditioning: 'both' } as const;
  expect(summaryOf(sessionOf(inPart))).toMatchObject({
    total: 1,
    faults: 1,
    notice: expect.stringMatching(/^b\.parquet: skipped: /),
  });
  expect(metricsSnapshot(inPart, options, 0).dataset?.faults).toMatch(/^b\.parquet: skipped: /);

  const joining = writeDataset(folder, 'joining.jsonl', jsonl([canonicalRecord({ id: 'a' })]));
  mkdirSync(pathOf(reviewFolder(joining)));
  const verdicts = [{ at: '/v', label: 'complied', classifier: 'judge' }];
  const joins = [{ file: 'gone.csv', by: 'id', here: '/id', there: '/id', verdicts }];
  const profile = { version: 1, name: 'x', reads: 'mapped', id: ['/id'], joins };
  writeFileSync(
    pathOf(reviewFolder(joining), 'profile.json'),
    JSON.stringify({ ...profile, messages: [{ at: '/id', role: 'user' }] }),
  );
  const audit = await loadedAudit(joining);
  expect(summaryOf(sessionOf(audit))).toMatchObject({
    faults: 1,
    notice: expect.stringMatching(/gone\.csv/),
  });
  expect(metricsSnapshot(audit, options, 0).dataset?.faults).toMatch(
    /the verdicts of gone\.csv are not joined/,
  );
});

it('counts a file of data that was skipped as missing from the figures, and nothing that is none', async () => {
  const runs = join(folder, 'mixed');
  mkdirSync(join(runs, 'more'), { recursive: true });
  writeDataset(runs, 'a.jsonl', jsonl([canonicalRecord({ id: 'a' })]));
  const others = ['README.md', 'LICENSE', '.DS_Store', 'notes.txt.gz', '.hidden.jsonl.gz'];
  for (const name of others) writeDataset(runs, name, 'none');
  if (process.platform !== 'win32') symlinkSync('gone', join(runs, 'gone.md'));
  const options = { labels: 'adjudicated', classifier: null, conditioning: 'both' } as const;
  const faults = async () => metricsSnapshot(await loadedAudit(runs), options, 0).dataset?.faults;
  expect(await faults()).toBe(null);
  writeDataset(join(runs, 'more'), 'b.jsonl', '{"of": "no known shape"}\n');
  expect(await faults()).toMatch(/^b\.jsonl: skipped: b\.jsonl is of no known shape /);
  writeDataset(runs, 'c.jsonl.gz', 'packed');
  expect(await faults()).toBe('c.jsonl.gz: skipped: c.jsonl.gz is compressed; unpack it first (and 1 more)');
  // No error of the dataset's: its status line and the command line's exit say what they did.
  expect(summaryOf(sessionOf(await loadedAudit(runs)))).toMatchObject({ faults: 0, notice: null });
});
