import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Session, startSession } from './session';
import type { Workbench } from './workbench';

describe('the packaged extension in a fresh profile', () => {
  let session: Session;
  let workbench: Workbench;

  beforeAll(async () => {
    session = await startSession({ name: 'install' });
    workbench = await session.open();
  });
  afterAll(() => session?.stop());

  it('opens the sample dataset from the palette', async () => {
    await workbench.runCommand('Transcript Review: Open Sample Dataset');
    await workbench.tab('transcripts.jsonl').waitFor();
    await (await workbench.editor()).locator('body').waitFor();
    expect(await workbench.isDirty('transcripts.jsonl')).toBe(false);
  });
});
