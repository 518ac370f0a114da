import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Session, startSession } from './session';
import type { Workbench } from './workbench';

const CONTENTS = [
  ...['.vsixmanifest', 'LICENSE.txt', 'changelog.md'],
  ...['dist/cli.js', 'dist/extension.js', 'dist/indexWorker.js', 'dist/searchWorker.js'],
  ...['dist/third-party-notices.txt', 'dist/webview/editor.css', 'dist/webview/editor.js'],
  ...['dist/webview/metrics.css', 'dist/webview/metrics.js'],
  ...['media/icon.png', 'media/readme/', 'media/sample/', 'package.json', 'readme.md'],
];

describe('the packaged extension in a fresh profile', () => {
  let session: Session;
  let workbench: Workbench;

  beforeAll(async () => {
    session = await startSession({ name: 'install' });
    workbench = await session.open();
  });
  afterAll(() => session?.stop());

  it('holds what it needs, its notices included, and nothing else', () => {
    const installed = path.join(session.profile, 'extensions');
    const name = readdirSync(installed).find((folder) => folder.startsWith('transcript-review.')) ?? '';
    const files = readdirSync(path.join(installed, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(path.join(installed, name), path.join(entry.parentPath, entry.name)));
    const folders = (file: string) => file.replaceAll(path.sep, '/').replace(/^(media\/[^/]+)\/.*/, '$1/');
    expect([...new Set(files.map(folders))].sort()).toEqual(CONTENTS);
    const notices = readFileSync(path.join(installed, name, 'dist/third-party-notices.txt'), 'utf8');
    expect(notices).toMatch(/^zod \d+\.\d+\.\d+ \(MIT\)\n\nMIT License/m);
  });

  it('opens the sample dataset from the palette', async () => {
    await workbench.runCommand('Transcript Review: Open Sample Dataset');
    await workbench.tab('transcripts.jsonl').waitFor();
    await (await workbench.editor()).locator('body').waitFor();
    expect(await workbench.isDirty('transcripts.jsonl')).toBe(false);
  });
});
