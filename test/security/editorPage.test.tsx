// @vitest-environment jsdom
import { afterEach, describe, expect, it } from 'vitest';
import type { Transcript } from '../../src/core/dataset/model';
import { shortened } from '../../src/core/invisible';
import type { BadRecordView, TranscriptView } from '../../src/core/viewModel';
import { LINE_ROOM } from '../../webview/shared/pieces';
import { type EditorPage, openEditor } from '../support/editorPage';
import { sampleOf } from '../support/fakeProfile';
import { expectNothingNew, type Looked, lookAt, storedIn } from './looked';
import { PAYLOADS } from './payloads';

let page: EditorPage;
afterEach(() => page.close());

/** A transcript with the text in every field that takes one. */
function transcriptOf(text: string, n: number): Transcript {
  const by = { classifier: text, version: text, derived: n % 2 === 0, votes: null };
  return {
    id: `${text}`,
    setting: text,
    condition: 'training',
    variant: text,
    prefix: text,
    promptId: text,
    model: text,
    messages: [
      { role: text, content: `${text} and ${text}`, prefill: 0, region: null },
      { role: 'system', content: text, prefill: 0, region: null },
      {
        role: 'assistant',
        content: `<SCRATCHPAD_REASONING>${text}</SCRATCHPAD_REASONING> ${text}`,
        prefill: 4,
        region: null,
      },
    ],
    verdicts: [
      { ...by, label: text, value: true, score: 0.5 },
      { ...by, label: 'complied', value: null, score: null },
    ],
    spans: [
      {
        id: `${text} found`,
        classifier: text,
        label: text,
        message: 0,
        start: 0,
        end: text.length,
        unit: 'utf16',
        quote: text,
        score: 0.5,
      },
      {
        id: `${text} lost`,
        classifier: text,
        label: 'free_to_act',
        message: null,
        start: null,
        end: null,
        unit: 'utf16',
        quote: `${text} that is nowhere at all in this text`,
        score: null,
      },
    ],
    metadata: { [text]: text },
  };
}

function badOf(text: string): BadRecordView {
  return {
    kind: 'bad',
    index: 0,
    id: text,
    line: 1,
    unit: text,
    file: text,
    offset: 0,
    reason: text,
    raw: text,
  };
}

/** Everything that the editor shows of the texts, one after the other. */
async function* screens(texts: readonly string[]): AsyncGenerator<string> {
  page = await openEditor(texts.map(transcriptOf), { total: texts.length });
  const { host } = page;
  for (const [n, text] of texts.entries()) {
    host.tell({
      ...{
        file: text,
        reviewer: text,
        profile: text,
        notice: text,
        error: text,
        phase: n % 2 ? 'failed' : 'ready',
      },
      ...{
        filter: { ...host.summary.filter, setting: text, text },
      },
      search: {
        query: { text, regex: false, caseSensitive: false, scope: 'everywhere' },
        phase: 'failed',
        progress: 1,
        matches: 3,
        transcripts: 1,
        error: text,
      },
    });
    host.tellFacets({ settings: [text], variants: [text], prefixes: [text] });
    host.moveTo(n);
    const record = host.record() as TranscriptView;
    const answers = { others: [{ reviewer: text, answer: 'no' as const }], decided: true };
    const [span = null] = record.spans;
    host.tellRecord(
      {
        ...record,
        file: text,
        unit: text,
        labels: record.labels.map((label) => ({ ...label, ...answers })),
        spans: record.spans.map((one) => ({ ...one, proposed: [{ reviewer: text, title: text }] })),
        note: text,
        otherNotes: [{ reviewer: text, text, stale: false }],
        problems: [text],
      },
      { label: text, span: span?.id ?? null },
      true,
    );
    await page.settle();
    page.root.querySelector('[data-span]')?.dispatchEvent(new Event('pointerover', { bubbles: true }));
    yield text;
  }
}

/** A transcript has a card for each label of its dataset: a few datasets are drawn faster than one. */
const A_DATASET = 6;

async function lookThrough(
  texts: readonly string[],
  each: (text: string) => void = () => {},
): Promise<Looked> {
  const all: Looked[] = [];
  for (let from = 0; from < texts.length; from += A_DATASET) {
    const some = texts.slice(from, from + A_DATASET);
    for await (const text of screens(some)) {
      all.push(lookAt(document.body));
      each(text);
    }
    page.host.refusal = some.join(' ');
    page.root.querySelector<HTMLElement>('.answers vscode-button')?.click();
    await page.settle();
    all.push(lookAt(document.body));
    page.close();
  }
  return together(all);
}

function together(all: readonly Looked[]): Looked {
  return {
    elements: new Set(all.flatMap(({ elements }) => [...elements])),
    attributes: new Set(all.flatMap(({ attributes }) => [...attributes])),
  };
}

const harmless = (texts: readonly string[]) => texts.map((_, n) => `plain text ${n}`);

describe('the editor', () => {
  it('makes nothing but text of any field of a transcript, a decision or a summary', {
    timeout: 300_000,
  }, async () => {
    const plain = await lookThrough(harmless(PAYLOADS.slice(0, 4)));
    const seen = await lookThrough(PAYLOADS, (text) => {
      const title = page.root.querySelector('.recordHeader h2');
      expect(title && storedIn(title)).toBe(shortened(text, LINE_ROOM));
      const note = page.root.querySelector('.otherNote');
      expect(note && storedIn(note)).toBe(`${shortened(text, LINE_ROOM)}: ${text}`);
    });
    expectNothingNew(seen, plain);
  });

  it('makes nothing but text of a record that could not be read', { timeout: 200_000 }, async () => {
    const look = async (texts: readonly string[]) => {
      page = await openEditor(texts.map(badOf));
      const all: Looked[] = [];
      for (const n of texts.keys()) {
        page.host.moveTo(n);
        await page.settle();
        all.push(lookAt(document.body));
      }
      return together(all);
    };
    const plain = await look(harmless(PAYLOADS.slice(0, 2)));
    page.close();
    expectNothingNew(await look(PAYLOADS), plain);
  });

  it('makes nothing but text of a profile and what it reads', { timeout: 200_000 }, async () => {
    const look = async (texts: readonly string[]) => {
      page = await openEditor([transcriptOf('a', 0)]);
      const records = texts.map((text) => ({
        case: text,
        arm: text,
        [text]: text,
        question: text,
        answer: text,
        judge: text,
      }));
      const facet = (text: string) => ({ at: '/arm', otherwise: text });
      const all: Looked[] = [];
      for (const [n, text] of texts.entries()) {
        const profile = {
          ...{
            name: text,
            id: ['/case', '/question'],
            setting: facet(text),
            variant: facet(text),
            prefix: facet(text),
            model: facet(text),
          },
          ...{ condition: { at: '/arm', values: { [text]: 'training' } } },
          messages: [
            { at: '/question', role: text },
            { at: '/answer', role: 'assistant' },
          ],
          verdicts: [{ at: '/judge', label: text, classifier: text, yes: [text] }],
          evidence: [{ quotes: '/answer', label: text, classifier: text }],
        };
        const [start, guess] = [JSON.stringify(profile, null, 2), JSON.stringify({ ...profile, name: '' })];
        const files = [text, `${text} 2`].map((name) => ({ name, container: text, profile: text }));
        page.host.showProfile(sampleOf(text, records), {
          ...{
            opened: n + 1,
            start,
            draft: start,
            guess,
            files,
            fileCount: 2,
            file: text,
            keptAt: text,
            reason: text,
          },
          origin: n % 2 ? 'kept' : 'guessed',
        });
        await page.settle();
        const field = page.root.querySelector<HTMLInputElement>('input[role=combobox]');
        field?.click();
        await page.settle();
        all.push(lookAt(document.body));
      }
      return together(all);
    };
    const plain = await look(harmless(PAYLOADS.slice(0, 2)));
    page.close();
    // the form asks the host after a pause: some of the texts, those that differ in kind
    const some = PAYLOADS.filter((_, n) => n % 4 === 0);
    expectNothingNew(await look(some), plain);
  });
});
