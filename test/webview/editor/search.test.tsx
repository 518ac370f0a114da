// @vitest-environment jsdom
import { afterEach, describe, expect, it } from 'vitest';
import { NO_SEARCH } from '../../../src/core/search/query';
import { type EditorPage, openEditor } from '../../support/editorPage';
import type { FakeRecord } from '../../support/fakeEditorHost';
import { transcript } from '../../support/madeUpTranscripts';

let page: EditorPage;
afterEach(() => page.close());

const record = transcript(
  'ho-1',
  [
    { role: 'system', content: 'You are watched. Obey.', prefill: 0, region: null },
    { role: 'user', content: 'Am I watched?', prefill: 0, region: null },
    {
      role: 'assistant',
      content:
        '<SCRATCHPAD_REASONING>\nI am watched, so <b>watch</b>.\u200b\n</SCRATCHPAD_REASONING>\nWatched, yes.',
      prefill: 0,
      region: null,
    },
  ],
  {
    spans: [
      {
        ...{ id: 's1', classifier: 'c', label: 'unmonitored_awareness', message: 2, unit: 'utf16' as const },
        ...{ start: 25, end: 31, quote: 'm watc', score: null },
      },
    ],
  },
);

async function open(records: readonly FakeRecord[] = [record]): Promise<void> {
  page = await openEditor(records);
}

function $(selector: string): HTMLElement {
  const found = page.root.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`nothing matches ${selector}`);
  return found;
}

function texts(selector: string): string[] {
  return [...page.root.querySelectorAll(selector)].map((element) => element.textContent ?? '');
}

async function type(text: string): Promise<void> {
  const field = $('.searchField') as HTMLElement & { value: string };
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await page.pass(300);
}

async function press(key: string, change: KeyboardEventInit = {}): Promise<void> {
  const options = { key, bubbles: true, composed: true, cancelable: true, ...change };
  $('.searchField').dispatchEvent(new KeyboardEvent('keydown', options));
  await page.settle();
}

async function click(element: HTMLElement): Promise<void> {
  element.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  await page.settle();
}

/** The matches as drawn, put together again where spans cut them. */
function drawn(): string[] {
  const parts = new Map<string, string>();
  for (const part of page.root.querySelectorAll<HTMLElement>('[data-match]')) {
    const at = part.dataset.match ?? '';
    parts.set(at, (parts.get(at) ?? '') + part.textContent);
  }
  return [...parts.values()];
}

describe('the search box', () => {
  it('sends what is typed after a pause, and each option at once', async () => {
    await open();
    await type('watched');
    expect(page.heard('search')).toEqual([{ ...NO_SEARCH, text: 'watched' }]);
    await click($('.searchBox vscode-button[title="Match case"]'));
    await click($('.searchBox vscode-button[title="Regular expression"]'));
    expect(page.heard('search').slice(1)).toEqual([
      { ...NO_SEARCH, text: 'watched', caseSensitive: true },
      { ...NO_SEARCH, text: 'watched', caseSensitive: true, regex: true },
    ]);
    const pressed = [...page.root.querySelectorAll('.searchBox .pressed')].map((one) => one.textContent);
    expect(pressed).toEqual(['Aa', '.*']);
  });

  it('does not search for options alone', async () => {
    await open();
    await click($('.searchBox vscode-button[title="Match case"]'));
    expect(page.heard('search')).toEqual([]);
  });

  it('says how much was found, and how far the search is', async () => {
    await open();
    await type('watched');
    expect($('.searchCount').textContent).toBe('4 matches in 1 transcript · match 1 of 4 here');
    const { search } = page.host.summary;
    if (!search) throw new Error('no search');
    page.host.tell({
      search: { ...search, phase: 'searching', progress: 0.439, matches: 1204, transcripts: 311 },
    });
    await page.settle();
    expect($('.searchCount').textContent).toContain('1,204 matches in 311 transcripts · searching 43 %');
    page.host.tell({
      search: { ...search, phase: 'failed', error: 'not a regular expression: lone quantifier' },
    });
    await page.settle();
    expect($('.searchCount .warn').textContent).toBe('not a regular expression: lone quantifier');
  });

  it('steps by Enter and F3, and ends with Escape', async () => {
    await open();
    await type('watched');
    await press('Enter');
    await press('F3', { shiftKey: true });
    expect(page.heard('command')).toEqual([{ name: 'nextMatch' }, { name: 'previousMatch' }]);
    await press('Escape');
    expect(page.heard('search').at(-1)).toEqual(NO_SEARCH);
    expect(page.root.querySelector('.searchCount')).toBeNull();
    expect(texts('.match')).toEqual([]);
    expect(document.activeElement).toBe($('.transcript'));
  });

  it('follows a search that was cleared elsewhere, but keeps what is typed while an answer is on its way', async () => {
    await open();
    await type('watched');
    const field = $('.searchField') as HTMLElement & { value: string };
    field.value = 'watched by';
    field.dispatchEvent(new Event('input', { bubbles: true }));
    page.host.search({ ...NO_SEARCH, text: 'watched' });
    await page.settle();
    expect(field.value).toBe('watched by');
    await page.pass(300);
    page.host.command('clearSearch');
    await page.settle();
    expect(field.value).toBe('');
  });
});

describe('matches in the text', () => {
  it('are set off where they stand, across spans and in folded messages that hold the one in focus', async () => {
    await open();
    await type('watched');
    expect($('button.fold').getAttribute('aria-expanded')).toBe('true');
    expect(drawn()).toEqual(['watched', 'watched', 'watched', 'Watched']);
    expect(texts('.match.current')).toEqual(['watched']);
    page.host.command('nextMatch');
    page.host.command('nextMatch');
    await page.settle();
    // the span cuts this one in two
    expect(texts('.match.current')).toEqual(['watc', 'hed']);
    expect(page.root.querySelectorAll('mark .match').length).toBe(1);
    expect($('[aria-live]').textContent).toBe('match 3 of 4 here');
  });

  it('leave the text as it is: every character, and markup as text', async () => {
    await open();
    const before = texts('.block');
    await type('<b>watch');
    expect(drawn()).toEqual(['<b>watch']);
    expect(texts('.block')).toEqual(before);
    page.host.search({ ...NO_SEARCH, text: '.\u200b' });
    await page.settle();
    expect($('.match .invisible').dataset.code).toBe('U+200B');
  });

  it('of another transcript are not drawn on this one', async () => {
    await open([record, transcript('ho-2', [{ role: 'user', content: 'Not watched.' }])]);
    await type('watched');
    page.host.moveTo(1);
    await page.settle();
    expect(texts('.match')).toEqual([]);
  });

  it('come back with the webview', async () => {
    await open();
    await type('watched');
    const { summary, matches } = page.host;
    page.close();
    page = await openEditor([record], {
      prepare: (host) => {
        host.summary = summary;
        host.matches = matches;
      },
    });
    expect(($('.searchField') as HTMLElement & { value: string }).value).toBe('watched');
    expect(texts('.match.current')).toEqual(['watched']);
  });
});
