import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { NO_FILTER } from '../../../src/core/dataset/filterModel';
import type { EditorSession } from '../../../src/host/editorSession';
import { summaryOf } from '../../../src/host/summary';
import { pathOf } from '../../../src/node/besideFiles';
import { reviewFolder } from '../../../src/node/reviewStore';
import { canonicalRecord, jsonl, loadedAudit, temporaryFolder, writeDataset } from '../../support/dataset';

const folder = temporaryFolder();

it('names file, line and reason of a decision that cannot be read', async () => {
  const path = writeDataset(folder, 'run.jsonl', jsonl([canonicalRecord()]));
  mkdirSync(pathOf(reviewFolder(path)));
  writeFileSync(pathOf(reviewFolder(path), 'ben.jsonl'), '\n<<<<<<< ours\n>>>>>>> theirs\n');
  const session = {
    audit: await loadedAudit(path),
    document: { notice: null, dirty: false },
    list: { length: 1, filter: NO_FILTER },
    search: { view: null },
    reviewer: 'ana',
    revision: 1,
  } as unknown as EditorSession;
  expect(summaryOf(session).notice).toBe(
    'ben.jsonl, line 2: decision not read: conflict marker of a git merge (and 1 more)',
  );
});
