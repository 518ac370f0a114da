// @vitest-environment jsdom
import { afterEach, describe, expect, it } from 'vitest';
import type { Transcript } from '../../src/core/dataset/model';
import type { TranscriptView } from '../../src/core/viewModel';
import type { SummaryView } from '../../src/protocol/editor';
import { type EditorPage, openEditor } from '../support/editorPage';
import { sampleOf } from '../support/fakeProfile';
import { quoted, transcript, verdict } from '../support/madeUpTranscripts';
import { FakeHost, settle } from '../webview/metrics/fakeHost';
import { byClassifierOf, HELPFUL_ONLY, snapshotOf } from '../webview/metrics/snapshots';
import { LONG_TEXTS, type Size, sizeOf } from './longTexts';

/** What a text may add to a page wherever it stands: it is drawn in a handful of places. */
const MOST: Size = { nodes: 2_000, characters: 40_000 };
const SHORT = 'a';

let close = () => {};
afterEach(() => close());

/** Where it stands in many fields at once. */
const IN_MANY: Size = { nodes: 6_000, characters: 150_000 };

/** Draws a page with a short text and with each long one, and looks how much larger it has become. */
function isBounded(field: string, draw: (text: string) => Promise<ParentNode>, most = MOST): void {
  let short: Size | null = null;
  it.each(LONG_TEXTS)(`${field}: %s`, { timeout: 60_000 }, async (_, text) => {
    short ??= sizeOf(await draw(SHORT));
    const before = short;
    close();
    const after = sizeOf(await draw(text));
    const page = document.body.textContent ?? '';
    const said = [...document.querySelectorAll('[title], [aria-label]')].map(
      (element) => `${element.getAttribute('title')} ${element.getAttribute('aria-label')}`,
    );
    expect(after.nodes - before.nodes).toBeLessThan(most.nodes);
    expect(after.characters - before.characters).toBeLessThan(most.characters);
    // it says that it is cut
    expect([page, ...said].join(' ')).toMatch(
      /more labels? not listed|… [\d,]+ more characters|\d+ more parts…/,
    );
  });
}

async function open(...records: readonly Transcript[]): Promise<EditorPage> {
  const page = await openEditor(records);
  close = () => {
    page.close();
    close = () => {};
  };
  return page;
}

const OF_A_TRANSCRIPT: Readonly<Record<string, (text: string) => Partial<Transcript>>> = {
  id: (id) => ({ id }),
  setting: (setting) => ({ setting }),
  variant: (variant) => ({ variant }),
  prefix: (prefix) => ({ prefix }),
  prompt: (promptId) => ({ promptId }),
  model: (model) => ({ model }),
  role: (role) => ({ messages: [{ role, content: 'x', prefill: 0, region: null }] }),
  'role of an empty message': (role) => ({ messages: [{ role, content: '', prefill: 0, region: null }] }),
  label: (label) => ({ verdicts: [verdict('judge', label, true)] }),
  classifier: (classifier) => ({ verdicts: [verdict(classifier, 'complied', true)] }),
  'label of a span': (label) => ({ spans: [quoted('s', label, 'x')] }),
  'classifier of a span': (classifier) => ({ spans: [quoted('s', 'doubt', 'x', { classifier })] }),
  'quote that is not there': (quote) => ({ spans: [quoted('s', 'doubt', `${quote} lost`)] }),
};
const MESSAGES = [{ role: 'assistant', content: 'x and y' }];

describe('the editor draws and says only so much of', () => {
  for (const [field, of] of Object.entries(OF_A_TRANSCRIPT)) {
    isBounded(field, async (text) => {
      const page = await open({ ...transcript('t', MESSAGES), ...of(text) });
      page.host.command('nextSpan');
      await page.settle();
      page.root.querySelector('[data-span]')?.dispatchEvent(new Event('pointerover', { bubbles: true }));
      await page.pass(500);
      return page.root;
    });
  }
});

/** What a host sends that shortens nothing. */
const OF_A_RECORD: Readonly<
  Record<string, (text: string, record: TranscriptView) => Partial<TranscriptView>>
> = {
  facts: (text) => ({ setting: text, variant: text, prefix: text, promptId: text, model: text }),
  place: (text) => ({ file: text, unit: text }),
  roles: (role, { messages }) => ({ messages: messages.map((message) => ({ ...message, role })) }),
  'titles of labels': (title, { labels }) => ({
    labels: labels.map((one) => ({ ...one, title })).slice(0, 3),
  }),
  classifiers: (classifier, { labels }) => ({
    labels: labels.slice(0, 3).map((one) => ({
      ...one,
      verdicts: [{ classifier, version: classifier, value: true, score: 0.5, votes: null, derived: true }],
    })),
  }),
  reviewers: (reviewer, { labels }) => ({
    labels: labels.slice(0, 3).map((one) => ({ ...one, others: [{ reviewer, answer: 'no' as const }] })),
  }),
  spans: (text, { spans }) => ({
    spans: spans.map((one) => ({ ...one, title: text, source: text, quote: text })),
  }),
  'what others would call a span': (text, { spans }) => ({
    spans: spans.map((one) => ({ ...one, proposed: [{ reviewer: text, title: text }] })),
  }),
  'spans that are not found': (quote, { spans }) => ({
    spans: spans.map((one) => ({ ...one, quote, place: null, places: [] })),
  }),
  'authors of notes': (reviewer) => ({ otherNotes: [{ reviewer, text: 'why', stale: false }] }),
  notes: (text) => ({ otherNotes: [{ reviewer: 'ben', text, stale: false }] }),
  problems: (text) => ({ problems: [text] }),
};

describe('the editor draws and says only so much, whatever the host sends, of', () => {
  for (const [field, of] of Object.entries(OF_A_RECORD)) {
    isBounded(field, async (text) => {
      const spans = [quoted('s', 'doubt', 'x')];
      const page = await open(transcript('t', MESSAGES, { spans }));
      page.host.command('nextSpan');
      await page.settle();
      const record = page.host.record() as TranscriptView;
      page.host.tellRecord({ ...record, ...of(text, record) });
      await page.settle();
      return page.root;
    });
  }

  const ofASummary: Readonly<Record<string, (text: string) => Partial<SummaryView>>> = {
    'the file': (file) => ({ file }),
    'the reviewer and the profile': (text) => ({ reviewer: text, profile: text }),
    'a notice': (notice) => ({ notice }),
    'an error': (error) => ({ error, phase: 'failed' }),
    'the error of a search': (error) => ({
      search: {
        query: { text: 'a', regex: true, caseSensitive: false, scope: 'everywhere' },
        ...{ phase: 'failed' as const, progress: 1, matches: 0, transcripts: 0, error },
      },
    }),
  };
  for (const [field, of] of Object.entries(ofASummary)) {
    isBounded(field, async (text) => {
      const page = await open(transcript('t', MESSAGES));
      page.host.tell(of(text));
      await page.settle();
      return page.root;
    });
  }

  isBounded('choices of the filter', async (text) => {
    const page = await open(transcript('t', MESSAGES));
    page.host.tellFacets({ settings: [text], variants: [text], prefixes: [text] });
    await page.settle();
    return page.root;
  });

  isBounded('a refusal', async (text) => {
    const page = await open(transcript('t', MESSAGES, { verdicts: [verdict('judge', 'complied', true)] }));
    page.host.refusal = text;
    page.root.querySelector<HTMLElement>('.answers vscode-button')?.click();
    await page.settle();
    return page.root;
  });

  isBounded(
    'a record that could not be read',
    async (text) => {
      const page = await openEditor([
        {
          kind: 'bad',
          index: 0,
          line: 1,
          offset: 0,
          id: text,
          unit: text,
          file: text,
          reason: text,
          raw: text,
        },
      ]);
      close = () => {
        page.close();
        close = () => {};
      };
      return page.root;
    },
    IN_MANY,
  );
});

it('a long note is there to be read whole, a part at a time', async () => {
  const page = await open(transcript('t', MESSAGES));
  const record = page.host.record() as TranscriptView;
  const text = Array.from({ length: 600 }, (_, n) => `line ${n}`).join('\n');
  const otherNotes = [{ reviewer: 'ben', text, stale: false }];
  page.host.tellRecord({ ...record, otherNotes });
  await page.settle();
  const parts = () =>
    [...page.root.querySelectorAll('.otherNote .part')].map(({ textContent }) => textContent);
  expect(parts()).toHaveLength(1);
  while (page.root.querySelector('.otherNote vscode-button')) {
    page.root.querySelector<HTMLElement>('.otherNote vscode-button')?.click();
    await page.settle();
  }
  expect(parts().join('')).toBe(text);
});

describe('the filter', () => {
  it('tells settings apart that begin alike', async () => {
    const page = await open(transcript('t', MESSAGES));
    const settings = ['first', 'second'].map((end) => 'w'.repeat(1_000) + end);
    page.host.tellFacets({ ...page.host.facets, settings });
    await page.settle();
    const choice = page.root.querySelector<HTMLElement & { value: string }>(
      'vscode-dropdown[aria-label="Filter by setting"]',
    );
    const options = choice?.querySelectorAll<HTMLElement & { value: string }>('vscode-option') ?? [];
    const values = [...options].map(({ value }) => value);
    expect(new Set(values).size).toBe(3);
    for (const value of values) expect(value.length).toBeLessThan(300);
    if (choice) choice.value = values[2] ?? '';
    choice?.dispatchEvent(new Event('change', { bubbles: true }));
    await page.settle();
    expect(page.host.summary.filter.setting).toBe(settings[1]);
    expect(choice?.value).toBe(values[2]);
  });
});

describe('the view of how a dataset is read draws and says only so much of', () => {
  isBounded(
    'what stands in the records',
    async (text) => {
      const page = await open(transcript('t', MESSAGES));
      const record = { case: text, arm: text, question: text, answer: text, judge: text };
      const facet = { at: '/arm' };
      const profile = {
        ...{
          version: 1,
          reads: 'mapped',
          name: 'p',
          id: ['/case'],
          setting: facet,
          variant: facet,
          prefix: facet,
          model: facet,
        },
        promptId: '/question',
        messages: [{ at: '/answer', role: 'assistant' }],
        verdicts: [{ at: '/judge', label: 'complied', classifier: 'judge', yes: ['1'] }],
      };
      page.host.showProfile(sampleOf('file', [record]), { draft: JSON.stringify(profile) });
      await page.pass(500);
      page.root.querySelector<HTMLInputElement>('input[role=combobox]')?.click();
      await page.settle();
      return page.root;
    },
    IN_MANY,
  );

  isBounded('names of files and reasons', async (text) => {
    const page = await open(transcript('t', MESSAGES));
    const files = [text, `${text} 2`].map((name) => ({ name, container: text, profile: text }));
    page.host.showProfile(sampleOf('file', [{}]), {
      files,
      fileCount: 2,
      file: text,
      keptAt: text,
      reason: text,
    });
    await page.pass(500);
    return page.root;
  });
});

describe('the metrics panel draws and says only so much of', () => {
  const ofRows: Readonly<Record<string, (text: string) => Parameters<typeof snapshotOf>[0]>> = {
    settings: (setting) => ({ groups: [HELPFUL_ONLY, { ...HELPFUL_ONLY, setting }] }),
    variants: (variant) => ({ groups: [HELPFUL_ONLY, { ...HELPFUL_ONLY, variant }] }),
    'prefix arms': (prefix) => ({ groups: [HELPFUL_ONLY, { ...HELPFUL_ONLY, prefix }] }),
    'the row in focus': (text) => ({
      groups: [{ ...HELPFUL_ONLY, setting: text, variant: text, prefix: text }],
    }),
    classifiers: (text) => ({ groups: [HELPFUL_ONLY], classifiers: [text, `${text} 2`] }),
    'the chosen classifier': (text) => ({
      ...{ groups: [HELPFUL_ONLY], classifiers: [text, 'full'], options: { classifier: text } },
    }),
  };
  for (const [field, of] of Object.entries(ofRows)) {
    isBounded(field, async (text) => {
      const host = await FakeHost.open(snapshotOf(of(text)));
      close = () => {
        host.close();
        close = () => {};
      };
      await settle();
      return host.root;
    });
  }

  isBounded('classifiers that are compared', async (text) => {
    const groups = [HELPFUL_ONLY];
    const host = new FakeHost(snapshotOf({ groups }));
    close = () => {
      host.close();
      close = () => {};
    };
    host.byClassifier = byClassifierOf(groups).map((one, n) => ({ ...one, classifier: `${text}${n}` }));
    await settle();
    await settle();
    return host.root;
  });
});
