import { describe, expect, it } from 'vitest';
import { webAnnotationEncoder } from '../../../src/core/export/webAnnotation';
import type { Entry } from '../../../src/core/review/entry';
import { answer, entryOf, idAt } from '../../support/entries';
import { encodeAll, exported, transcriptOf } from '../../support/exported';

const CONTENT = 'Before 😀 the évidence, and what follows it.';
const START = CONTENT.indexOf('évidence');

const span = (id: string, parts: object = {}) => ({
  id,
  classifier: 'af',
  label: 'free_to_act',
  message: 1,
  start: null,
  end: null,
  unit: 'codepoint' as const,
  quote: 'évidence',
  score: null,
  ...parts,
});

const transcript = transcriptOf({
  id: 'a/b 1',
  messages: [
    { role: 'user', content: 'Hi', prefill: 0, region: null },
    { role: 'assistant', content: CONTENT, prefill: 0, region: null },
  ],
  spans: [
    span('plain'),
    span('confirmed'),
    span('rejected'),
    span('relabelled'),
    span('rebound'),
    span('disputed'),
    span('lost', { quote: 'nowhere to be found' }),
  ],
});

const onSpan = (action: 'confirm' | 'reject', id: string) =>
  ({ action, target: { span: id }, value: null }) as const;
const range = { message: 1, start: START, end: START + 8, unit: 'utf16' as const, quote: 'évidence' };
const before = { ...range, start: 0, end: 6, quote: 'Before' };
const add = (id: string) =>
  ({
    action: 'add',
    target: { span: id },
    value: { ...range, label: 'criteria_conflict', prefix: '', suffix: '' },
  }) as const;

const entries: readonly Entry[] = [
  entryOf(idAt(1), onSpan('confirm', 'confirmed'), { at: '2025-01-01T00:00:00.000Z' }),
  entryOf(idAt(2), onSpan('reject', 'rejected')),
  entryOf(idAt(3), { action: 'relabel', target: { span: 'relabelled' }, value: { label: 'own_label' } }),
  entryOf(idAt(4), { action: 'rebound', target: { span: 'rebound' }, value: before }),
  entryOf(idAt(5), onSpan('confirm', 'disputed')),
  entryOf(idAt(6), onSpan('reject', 'disputed'), { reviewer: 'ben' }),
  entryOf(idAt(7), add('added'), { reviewer: 'ben' }),
  entryOf(idAt(8), add('withdrawn'), { reviewer: 'ben' }),
  entryOf(idAt(9), onSpan('reject', 'withdrawn'), { reviewer: 'ben' }),
  entryOf(idAt(10), add('of another text'), { hash: 'h0' }),
  entryOf(idAt(11), onSpan('reject', 'plain'), { hash: 'h0' }),
  entryOf(idAt(12), answer('complied', 'no')),
  entryOf(idAt(13), answer('alignment_faking', 'yes')),
  entryOf(idAt(14), answer('criteria_conflict', 'yes'), { hash: 'h0' }),
  entryOf(idAt(15), { action: 'note', target: { note: true }, value: null, note: 'odd' }),
];

interface Annotation {
  readonly id: string;
  readonly motivation: string;
  readonly creator?: { readonly type: string; readonly name: string };
  readonly created?: string;
  readonly body: readonly {
    readonly purpose: string;
    readonly value: string;
    readonly creator?: { readonly name: string };
    readonly created?: string;
  }[];
  readonly target: {
    readonly source: string;
    readonly selector?: readonly Readonly<Record<string, unknown>>[];
  };
}

const page = JSON.parse(
  encodeAll(webAnnotationEncoder(['run 1.jsonl']), [
    exported(transcript, entries),
    exported(transcriptOf({ id: 'other' })),
  ]).toString(),
);
const items: readonly Annotation[] = page.items;

const values = (purpose: string) => (annotation: Annotation) =>
  annotation.body.filter((body) => body.purpose === purpose).map(({ value }) => value);
const assessed = values('assessing');
const tagged = values('tagging');
const isSpan = ({ creator, target }: Annotation) =>
  target.source.includes('message=') && creator !== undefined;
/** The span annotations whose decisions are these. */
const withDecisions = (...decisions: readonly string[]) =>
  items.filter((item) => isSpan(item) && assessed(item).join() === decisions.join());

describe('web annotation', () => {
  it('is one page of annotations, each with an IRI of its own', () => {
    expect(page).toMatchObject({ '@context': 'http://www.w3.org/ns/anno.jsonld', type: 'AnnotationPage' });
    const ids = items.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of [page.id, ...ids]) {
      expect(id).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  it('selects by the quote with its context, and by code points', () => {
    const [{ target } = { target: null }] = withDecisions('confirmed');
    expect(target?.source).toBe('run%201.jsonl#transcript=a%2Fb%201&message=1');
    const [quote, position] = target?.selector ?? [];
    expect(quote).toEqual({
      type: 'TextQuoteSelector',
      exact: 'évidence',
      prefix: 'Before 😀 the ',
      suffix: ', and what follows it.',
    });
    expect(position?.type).toBe('TextPositionSelector');
    const characters = [...CONTENT];
    expect(characters.slice(Number(position?.start), Number(position?.end)).join('')).toBe('évidence');
    expect(position?.start).toBe(START - 1);
  });

  it('tags what stands, and only describes what was rejected or is disputed', () => {
    expect(withDecisions('confirmed').map(tagged)).toEqual([['free_to_act']]);
    expect(withDecisions('relabelled: own_label').map(tagged)).toEqual([['free_to_act']]);
    expect(withDecisions('added').map(tagged)).toEqual([['criteria_conflict']]);
    for (const annotation of [
      ...withDecisions('rejected'),
      ...withDecisions('confirmed', 'rejected'),
      ...withDecisions('added', 'rejected'),
    ]) {
      expect(tagged(annotation)).toEqual([]);
      expect(values('describing')(annotation)).toHaveLength(1);
    }
    expect(withDecisions('rejected')).toHaveLength(1);
    expect(withDecisions('confirmed', 'rejected')).toHaveLength(1);
    expect(withDecisions('added', 'rejected')).toHaveLength(1);
  });

  it('names who decided and when', () => {
    const [confirmed] = withDecisions('confirmed');
    expect(confirmed).toMatchObject({ motivation: 'assessing', creator: { type: 'Software', name: 'af' } });
    expect(confirmed?.body.find(({ purpose }) => purpose === 'assessing')).toMatchObject({
      creator: { type: 'Person', name: 'ana@example.org' },
      created: '2025-01-01T00:00:00.000Z',
    });
    expect(withDecisions('added')[0]).toMatchObject({
      creator: { type: 'Person', name: 'ben' },
      created: '2025-03-04T05:06:07.089Z',
    });
  });

  it('leaves a span what its classifier made it, whatever reviewers would have different; its own author may', () => {
    const [rebound] = withDecisions('re-bound: Before');
    expect(rebound?.target.selector?.[0]).toMatchObject({ exact: 'évidence' });
    const of = { span: idAt(1), of: 'ben' };
    const changed = encodeAll(webAnnotationEncoder(['run 1.jsonl']), [
      exported(transcript, [
        entryOf(idAt(1), add(idAt(1)), { reviewer: 'ben' }),
        entryOf(idAt(2), { action: 'relabel', target: of, value: { label: 'theirs' } }, { reviewer: 'cem' }),
        entryOf(idAt(3), { action: 'rebound', target: of, value: before }, { reviewer: 'Ben' }),
      ]),
    ]);
    const [mine] = (JSON.parse(changed.toString()).items as Annotation[]).filter(
      ({ creator }) => creator?.name === 'ben',
    );
    expect(mine && tagged(mine)).toEqual(['criteria_conflict']);
    expect(mine?.target.selector?.[0]).toMatchObject({ exact: 'Before' });
    expect(mine && assessed(mine)).toEqual(['added', 'relabelled: theirs', 're-bound: Before']);
  });

  it('does not hear what was decided on another text', () => {
    expect(items.filter(isSpan)).toHaveLength(9);
    expect(withDecisions().map(tagged)).toEqual([['free_to_act'], ['free_to_act']]);
  });

  it('keeps a quote that stands nowhere, and says so', () => {
    const lost = items.find(({ target }) => target.selector?.[0]?.exact === 'nowhere to be found');
    expect(lost?.target.selector).toHaveLength(1);
    expect(lost && values('commenting')(lost)[0]).toContain('was not found');
  });

  it('has a target for each place of a stitched quote', () => {
    const content =
      'First I noticed that nobody reads the free tier. Long after that, I chose to comply with care.';
    const quote = 'I noticed that nobody reads the free tier ... I chose to comply with care';
    const stitched = transcriptOf({
      messages: [{ role: 'assistant', content, prefill: 0, region: null }],
      spans: [span('stitched', { message: 0, quote })],
    });
    const text = encodeAll(webAnnotationEncoder(['x']), [exported(stitched)]).toString();
    const [{ target }] = JSON.parse(text).items;
    expect(target.map(({ selector }: { selector: { exact: string }[] }) => selector[0]?.exact)).toEqual([
      'I noticed that nobody reads the free tier',
      'I chose to comply with care',
    ]);
  });

  it('carries adjudicated labels and notes of the transcript as a whole', () => {
    const whole = items.filter(({ target }) => target.source === 'run%201.jsonl#transcript=a%2Fb%201');
    expect(
      whole.map(({ motivation, body }) => [
        motivation,
        ...body.map(({ purpose, value }) => `${purpose} ${value}`),
      ]),
    ).toEqual([
      ['assessing', 'describing complied', 'assessing no'],
      ['assessing', 'tagging alignment_faking', 'assessing yes'],
      ['commenting', 'commenting odd'],
    ]);
  });

  it('is an empty page where there is nothing to say', () => {
    const text = encodeAll(webAnnotationEncoder(['x']), [exported(transcriptOf())]).toString();
    expect(JSON.parse(text).items).toEqual([]);
  });
});
