import { utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { NO_FILTER } from '../../../src/core/dataset/filterModel';
import { NO_SEARCH } from '../../../src/core/search/query';
import { EditorSearch, type SearchedEditor } from '../../../src/host/search';
import { TranscriptList } from '../../../src/host/transcriptList';
import type { Audit } from '../../../src/node/audit';
import type { CursorView } from '../../../src/protocol/editor';
import type { MatchesView } from '../../../src/protocol/search';
import { jsonl, loadedAudit, temporaryFolder, writeDataset } from '../../support/dataset';
import { bundleSearchWorker } from '../../support/searchScript';

const folder = temporaryFolder();
let script = '';
beforeAll(async () => {
  script = await bundleSearchWorker(folder);
});

/** An editor as far as a search knows it: a list, a cursor, and what it was told. */
class FakeEditor implements SearchedEditor {
  readonly list: TranscriptList;
  readonly search: EditorSearch;
  focus: CursorView = { position: 0, index: 0, label: null, span: null };
  matches: MatchesView | null = null;
  focused: string | null = null;

  constructor(readonly audit: Audit) {
    this.list = new TranscriptList(audit, () => 'ana');
    this.list.apply(NO_FILTER);
    this.search = new EditorSearch(this, script);
  }

  async moveTo(position: number): Promise<void> {
    this.focus = { ...this.focus, position, index: this.list.at(position) };
    this.search.show(true);
  }

  async focusPart(part: 'search'): Promise<void> {
    this.focused = part;
  }

  followList(): void {
    this.focus = { ...this.focus, position: this.list.positionOf(this.focus.index) };
  }

  sendMatches(matches: MatchesView | null): void {
    this.matches = matches;
  }

  get listed(): number[] {
    return Array.from({ length: this.list.length }, (_, position) => this.list.at(position));
  }

  /** Transcript and number of the match in focus. */
  get place(): readonly [number, number] | null {
    return this.matches && [this.matches.index, this.matches.current];
  }

  async find(text: string, regex = false): Promise<void> {
    this.search.set({ ...NO_SEARCH, text, regex });
    await expect.poll(() => this.search.view?.phase).not.toBe('searching');
  }
}

const open: FakeEditor[] = [];
afterEach(() => {
  for (const editor of open.splice(0)) editor.search.dispose();
});

async function editorOf(name: string, texts: readonly string[]): Promise<FakeEditor> {
  const records = texts.map((content, i) => ({ id: `t${i}`, messages: [{ role: 'assistant', content }] }));
  const editor = new FakeEditor(await loadedAudit(writeDataset(folder, name, jsonl(records))));
  open.push(editor);
  return editor;
}

const TEXTS = ['a cat', 'a dog', 'cat and cat', 'dog', 'Cat'];

describe('a search in the editor', () => {
  it('leaves in the list what it has found, until it is cleared', async () => {
    const editor = await editorOf('list.transcripts.jsonl', TEXTS);
    await editor.find('cat');
    expect(editor.listed).toEqual([0, 2, 4]);
    expect(editor.search.view).toMatchObject({
      phase: 'done',
      progress: 1,
      matches: 4,
      transcripts: 3,
      error: null,
    });
    await editor.find('dog');
    expect(editor.listed).toEqual([1, 3]);
    editor.search.set(NO_SEARCH);
    expect(editor.listed).toEqual([0, 1, 2, 3, 4]);
    expect(editor.search.view).toBeNull();
    expect(editor.matches).toBeNull();
  });

  it('keeps to the filter', async () => {
    const editor = await editorOf('filter.transcripts.jsonl', TEXTS);
    editor.list.apply({ ...NO_FILTER, text: 't2' });
    await editor.find('cat');
    expect(editor.listed).toEqual([2]);
    editor.list.apply(NO_FILTER);
    expect(editor.listed).toEqual([0, 2, 4]);
  });

  it('goes from match to match and around, both ways', async () => {
    const editor = await editorOf('steps.transcripts.jsonl', TEXTS);
    await editor.find('cat');
    await expect.poll(() => editor.place).toEqual([0, 0]);
    const steps = async (by: 1 | -1, times: number) => {
      const places: unknown[] = [];
      for (let i = 0; i < times; i++) {
        await editor.search.step(by);
        await expect.poll(() => editor.matches?.index === editor.focus.index).toBe(true);
        places.push(editor.place);
      }
      return places;
    };
    expect(await steps(1, 4)).toEqual([
      [2, 0],
      [2, 1],
      [4, 0],
      [0, 0],
    ]);
    expect(await steps(-1, 3)).toEqual([
      [4, 0],
      [2, 1],
      [2, 0],
    ]);
    expect(editor.matches?.places).toEqual([0, 0, 3, 0, 8, 11]);
  });

  it('goes on when keys come faster than matches are found', async () => {
    const editor = await editorOf('fast.transcripts.jsonl', TEXTS);
    await editor.find('cat');
    await editor.search.step(1);
    await editor.search.step(1);
    await editor.search.step(1);
    await expect.poll(() => editor.place).toEqual([4, 0]);
  });

  it('without a search, asks for one', async () => {
    const editor = await editorOf('none.transcripts.jsonl', TEXTS);
    await editor.search.step(1);
    expect(editor.focused).toBe('search');
  });

  it('says why an expression is none, and leaves the list alone', async () => {
    const editor = await editorOf('wrong.transcripts.jsonl', TEXTS);
    await editor.find('cat(', true);
    expect(editor.search.view).toMatchObject({
      phase: 'failed',
      error: 'not a regular expression: unterminated group',
    });
    expect(editor.listed).toHaveLength(5);
  });

  it('tells where the cursor goes from a transcript that is not found', async () => {
    const editor = await editorOf('target.transcripts.jsonl', TEXTS);
    editor.search.set({ ...NO_SEARCH, text: 'cat' });
    expect(editor.search.target(1)).toBeNull(); // it may still be found
    await editor.find('cat');
    expect(editor.search.target(1)).toBe(1);
    expect(editor.search.target(9)).toBe(2);
    expect(editor.search.target(-1)).toBe(0);
    await editor.find('bird');
    expect(editor.search.target(1)).toBe('nowhere');
  });

  it('fails when the file has changed meanwhile: what it found may stand elsewhere', async () => {
    const editor = await editorOf('changed.transcripts.jsonl', TEXTS);
    const { path } = editor.audit.dataset;
    writeFileSync(path, jsonl([{ messages: [{ role: 'user', content: 'cat'.repeat(100) }] }]));
    utimesSync(path, new Date(), new Date(Date.now() + 5_000));
    await editor.find('cat');
    expect(editor.search.view?.error).toContain('has changed on disk since it was read');
  });

  it('starts over when the dataset is read again', async () => {
    const editor = await editorOf('again.transcripts.jsonl', TEXTS);
    await editor.find('cat');
    writeFileSync(
      editor.audit.dataset.path,
      jsonl([
        { messages: [{ role: 'user', content: 'dog' }] },
        { messages: [{ role: 'user', content: 'cat' }] },
      ]),
    );
    editor.audit.onChange((change) => {
      editor.search.follow();
      if (change.type === 'grown') editor.list.grow(change.first);
      else editor.list.apply(editor.list.filter);
    });
    await editor.audit.load(new AbortController().signal);
    await expect.poll(() => editor.search.view).toMatchObject({ phase: 'done', matches: 1, transcripts: 1 });
    expect(editor.listed).toEqual([1]);
  });
});
