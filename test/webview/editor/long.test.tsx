// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Message, Transcript } from '../../../src/core/dataset/model';
import { NO_SEARCH } from '../../../src/core/search/query';
import type { TranscriptView } from '../../../src/core/viewModel';
import { storedIn } from '../../security/looked';
import { type EditorPage, openEditor } from '../../support/editorPage';
import { quoted, seen, transcript, verdict } from '../../support/madeUpTranscripts';

let page: EditorPage;
afterEach(() => {
  page.close();
  vi.restoreAllMocks();
});

/** What a page of a short transcript has, many times over, and far less than one element for each thing of a long one. */
const FEW = 15_000;

function elements(): number {
  return page.root.querySelectorAll('*').length;
}

function texts(selector: string): string[] {
  return [...page.root.querySelectorAll(selector)].map((element) => element.textContent ?? '');
}

function storedText(): string {
  return texts('[data-block]').join('|');
}

const MANY = 100_000;
const manyMessages: readonly Partial<Message>[] = Array.from({ length: MANY }, (_, n) => ({
  role: n % 2 ? 'assistant' : 'user',
  content: n === MANY - 1 ? 'It ends with a needle.' : `number ${n}`,
}));

function long(change: Partial<Transcript> = {}): Transcript {
  return transcript('long', manyMessages, change);
}

describe('a transcript of a hundred thousand messages', { timeout: 240_000 }, () => {
  it('is drawn from its beginning, and says of the rest that it follows', async () => {
    page = await openEditor([long()]);
    expect(elements()).toBeLessThan(FEW);
    expect(texts('[data-message="0"]')).toEqual(['number 0']);
    expect(texts('.later').at(-1)).toMatch(/^Messages [\d,]+ to 100,000: drawn when in sight$/);
    const drawn = Number(
      page.root.querySelector('.chunk:not(.later) + .later')?.textContent?.match(/\d+/)?.[0],
    );
    expect(texts('[data-message]')).toHaveLength(drawn - 1);
  });

  it('brings the span in focus on screen, wherever it stands', async () => {
    const [start, end] = [15, 21];
    const span = { quote: null, message: MANY - 1, start, end };
    page = await openEditor([long({ spans: [quoted('s', 'free_to_act', '', span)] })]);
    expect(texts('mark')).toEqual([]);
    page.host.command('nextSpan');
    await page.settle();
    expect(texts('mark.focused')).toEqual(['needle']);
    expect(elements()).toBeLessThan(FEW);
  });

  it('brings the match in focus on screen', async () => {
    page = await openEditor([long()]);
    page.host.search({ ...NO_SEARCH, text: 'needle' });
    await page.settle();
    expect(texts('.match.current')).toEqual(['needle']);
    expect(elements()).toBeLessThan(FEW);
  });

  it('comes back where it was', async () => {
    const top = { message: MANY - 1, start: 0, below: 0 };
    const state = { v: 1, index: 0, id: 'long', top, listTop: 0, expanded: [], draft: null };
    page = await openEditor([long()], { state });
    expect(texts(`[data-message="${MANY - 1}"]`)).toEqual(['It ends with a needle.']);
    expect(elements()).toBeLessThan(FEW);
  });

  it('is drawn further where one looks, and only so far where nobody does', async () => {
    let scrolled = 0;
    const height = 1000;
    vi.spyOn(Element.prototype, 'getBoundingClientRect').mockImplementation(function (this: Element) {
      if (!this.classList.contains('chunk')) return new DOMRect(0, 0, 500, 480);
      const at = Array.prototype.indexOf.call(document.getElementsByClassName('chunk'), this);
      return new DOMRect(0, at * height - scrolled, 500, height);
    });
    const messages = manyMessages.slice(-20_000);
    page = await openEditor([transcript('t', messages)]);
    await page.pass(3_000);
    const chunks = page.root.querySelectorAll('.chunk').length;
    const unasked = page.root.querySelectorAll('.chunk:not(.later)').length;
    expect(Math.abs(unasked - 100)).toBeLessThan(5);
    expect(chunks).toBeGreaterThan(130);
    scrolled = (chunks - 1) * height;
    page.root.querySelector('.transcript')?.dispatchEvent(new Event('scroll'));
    await page.settle();
    expect(texts(`[data-message="${messages.length - 1}"]`)).toEqual(['It ends with a needle.']);
    expect(page.root.querySelectorAll('.chunk:not(.later)').length).toBe(unasked + 2);
  });
});

describe('a long transcript', { timeout: 240_000 }, () => {
  const lines = Array.from({ length: 12_000 }, (_, n) => `line ${n} of many\n`).join('');
  const tags = Array.from({ length: 1_000 }, (_, n) => `<think>${n}</think> `).join('');
  it.each([
    ['messages', Array.from({ length: 1_000 }, (_, n) => `number ${n}`)],
    ['text in one message', [lines.repeat(8), 'end']],
    ['regions in one message', [tags]],
    ['characters that cannot be seen', [`${'\u202e'.repeat(3_000)}\n`.repeat(8)]],
  ])('of %s is drawn piece by piece until all of it is there', async (_, contents) => {
    const messages = contents.map((content) => ({ role: 'assistant', content }));
    page = await openEditor([transcript('t', messages), transcript('u', messages)]);
    expect(page.root.querySelector('.transcript')?.getAttribute('aria-busy')).toBe('true');
    expect(page.root.querySelector('.later')).not.toBeNull();
    const rest = async () => {
      await page.pass(2_000);
      expect(page.root.querySelector('.later')).toBeNull();
      expect(page.root.querySelector('.transcript')?.getAttribute('aria-busy')).toBe('false');
      const drawn = contents.map(() => '');
      for (const block of page.root.querySelectorAll<HTMLElement>('[data-block]'))
        drawn[Number(block.dataset.message)] += storedIn(block);
      expect(drawn).toEqual(contents);
      expect(texts('.message:not(.resumed)')).toHaveLength(contents.length);
    };
    await rest();
    const before = texts('.who');
    // the next one begins anew
    page.host.command('nextTranscript');
    await page.pass(20);
    expect(page.root.querySelector('.later')).not.toBeNull();
    await rest();
    expect(texts('.who')).toEqual(before);
  });

  it('keeps what is drawn when a decision brings it again', async () => {
    const messages = Array.from({ length: 1_000 }, (_, n) => ({ content: `number ${n}` }));
    const long = transcript('t', messages);
    page = await openEditor([long]);
    await page.pass(2_000);
    const before = storedText();
    page.host.command('answerYes');
    await page.pass(0);
    expect(page.heard('decide')).toHaveLength(0);
    page.host.decide({ kind: 'label', ...seen(long), label: 'complied', answer: 'yes' });
    await page.pass(0);
    expect(texts('.card .status')[0]).toBe('yes');
    expect(storedText()).toBe(before);
  });
});

describe('of a record with twenty thousand', { timeout: 240_000 }, () => {
  const numbers = Array.from({ length: 20_000 }, (_, n) => n);

  /** What the webview gets, with something put in the place of what the host said. */
  async function show(change: (record: TranscriptView) => Partial<TranscriptView>, label = 'complied') {
    const record = page.host.record() as TranscriptView;
    page.host.tellRecord({ ...record, ...change(record) }, { label });
    await page.settle();
  }

  it('labels, those around the one in focus are cards, and the rest is counted', async () => {
    const verdicts = numbers.map((n) => verdict('c', `label ${n}`, true));
    page = await openEditor([transcript('t', [{ content: 'a' }], { verdicts })]);
    expect(elements()).toBeLessThan(FEW);
    await show(() => ({}));
    expect(texts('.card h3 button').slice(0, 2)).toEqual(['Complied', 'Alignment faking']);
    const all = 2_000;
    expect(texts('.card')).toHaveLength(60);
    expect(texts('.side > vscode-button')).toEqual([`${(all - 60).toLocaleString('en')} later labels…`]);
    page.host.command('previousLabel');
    await page.settle();
    expect(texts('.card.focused h3 button')).toEqual(['Label 999']);
    expect(texts('.side > p')).toEqual(['18,005 more labels not listed']);
    expect(texts('.side > vscode-button')).toEqual(['1,939 earlier labels…']);
    page.root.querySelector<HTMLElement>('.side > vscode-button')?.click();
    await page.settle();
    expect(texts('.side > vscode-button')).toEqual(['1,699 earlier labels…']);
    expect(texts('.card')).toHaveLength(all - 1_699);
    expect(elements()).toBeLessThan(FEW);
  });

  it('verdicts, decisions and notes of others, or problems, some are shown and the rest is counted', async () => {
    page = await openEditor([
      transcript('t', [{ content: 'a' }], { verdicts: [verdict('c', 'complied', true)] }),
    ]);
    const [template] = (page.host.record() as TranscriptView).labels[0]?.verdicts ?? [];
    if (!template) throw new Error('no verdict');
    await show(({ labels }) => ({
      labels: labels.map((label) => ({
        ...label,
        verdicts: numbers.map((n) => ({ ...template, classifier: `c${n}` })),
        others: numbers.map((n) => ({ reviewer: `r${n}`, answer: 'yes' as const })),
      })),
      otherNotes: numbers.map((n) => ({ reviewer: `r${n}`, text: `note\n${n}`, stale: false })),
      problems: numbers.map(() => 'the same problem'),
    }));
    expect(elements()).toBeLessThan(FEW);
    const more = () =>
      texts('.card.focused > vscode-button, .side > vscode-button, .problems > vscode-button');
    expect(more()).toEqual([
      '19,980 more classifiers…',
      '19,980 more reviewers…',
      '19,950 more notes…',
      '19,950 more problems…',
    ]);
    expect(texts('.otherNote')[1]).toBe('r1: note\n1');
    for (const button of page.root.querySelectorAll<HTMLElement>('.card.focused > vscode-button'))
      button.click();
    await page.settle();
    expect(more().slice(0, 2)).toEqual(['19,960 more classifiers…', '19,960 more reviewers…']);
    expect(texts('.card.focused .verdict .name').filter((name) => name.startsWith('c'))).toHaveLength(40);
  });
});
