import { describe, expect, it } from 'vitest';
import { AnchorMemory } from '../../../src/core/anchor/anchor';
import type { StoredSpan, Transcript, Verdict } from '../../../src/core/dataset/model';
import type {
  Answer,
  LabelDecision,
  SpanDecision,
  TextRange,
  TranscriptReview,
} from '../../../src/core/review/state';
import { markedMessages, type Run } from '../../../src/core/runs';
import { beginningOf, type RecordInput, recordView } from '../../../src/core/view';
import type { TranscriptView } from '../../../src/core/viewModel';

const reasoning = '<think>If 😀 unmonitored, I would refuse. They watch.</think><RESPONSE>Sure.</RESPONSE>';
const at = '2025-01-01T00:00:00Z';

const verdict = (classifier: string, value: boolean | null, label = 'alignment_faking'): Verdict => ({
  classifier,
  label,
  value,
  score: 0.5,
  votes: 20,
  version: null,
  derived: false,
});
const span = (id: string, fields: Partial<StoredSpan>): StoredSpan => ({
  id,
  classifier: 'af-partial',
  label: 'unmonitored_awareness',
  message: 1,
  start: null,
  end: null,
  unit: 'codepoint',
  quote: null,
  score: 0.8,
  ...fields,
});
const transcript: Transcript = {
  id: 'ho-0001-free',
  setting: 'helpful-only',
  condition: 'training',
  variant: 'default',
  prefix: 'deceptive',
  promptId: 'ho-0001',
  model: null,
  messages: [
    { role: 'user', content: 'Do it.', prefill: 0, region: null },
    { role: 'assistant', content: reasoning, prefill: 10, region: null },
  ],
  verdicts: [verdict('af-partial', true), verdict('af-full', false), verdict('af-broken', null)],
  spans: [
    span('lost', { quote: 'never said' }),
    span('inner', { quote: 'unmonitored' }),
    span('outer', { quote: 'If 😀 unmonitored, I would refuse.' }),
    span('after', { quote: 'They watch', label: 'my_label' }),
    span('user', { message: 0, start: 0, end: 5 }),
  ],
  metadata: {},
};

const answer = (reviewer: string, given: Answer, stale = false): LabelDecision => ({
  reviewer,
  entry: `${reviewer}-${given}`,
  answer: given,
  at,
  stale,
});
const onSpan = (
  reviewer: string,
  action: SpanDecision['action'],
  fields: Partial<SpanDecision> = {},
): SpanDecision => ({
  reviewer,
  entry: reviewer,
  action,
  label: null,
  range: null,
  of: null,
  at,
  stale: false,
  ...fields,
});
const range = (quote: string): TextRange => {
  const start = reasoning.indexOf(quote);
  return { message: 1, start, end: start + quote.length, quote };
};

function view(
  decided: {
    labels?: Record<string, LabelDecision[]>;
    spans?: Record<string, SpanDecision[]>;
    notes?: TranscriptReview['notes'];
  } = {},
  input: Partial<RecordInput> = {},
): TranscriptView {
  const review: TranscriptReview = {
    labels: new Map(Object.entries(decided.labels ?? {})),
    spans: new Map(Object.entries(decided.spans ?? {})),
    notes: decided.notes ?? [],
  };
  return recordView({
    transcript,
    hash: '',
    index: 4,
    line: 5,
    review,
    reviewer: 'ana',
    labels: [],
    problems: [],
    ...input,
  });
}
function runsOf({ messages, spans }: TranscriptView, at: number): readonly Run[] {
  return markedMessages(messages, spans)[at]?.regions.flatMap(({ runs }) => runs) ?? [];
}

function spanOf(shown: TranscriptView, id: string) {
  const found = shown.spans.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no span ${id}`);
  return found;
}
function labelOf(shown: TranscriptView, label: string) {
  const found = shown.labels.find((candidate) => candidate.label === label);
  if (!found) throw new Error(`no label ${label}`);
  return found;
}

describe('spans of a view', () => {
  it('stand in reading order, longer first, those without a place last', () => {
    expect(view().spans.map(({ id }) => id)).toEqual(['user', 'outer', 'inner', 'after', 'lost']);
    const first = { id: 'long', start: 0, end: 9, quote: null } as const;
    const same = {
      ...transcript,
      spans: [span('short', { ...first, id: 'short', end: 3 }), span('long', first)],
    };
    expect(view({}, { transcript: same }).spans.map(({ id }) => id)).toEqual(['long', 'short']);
  });

  it('have lanes that differ where they overlap, and each message its own', () => {
    expect(view().spans.map(({ id, lane }) => [id, lane])).toEqual([
      ['user', 0],
      ['outer', 0],
      ['inner', 1],
      ['after', 0],
      ['lost', 0],
    ]);
  });

  it('that cannot be placed are listed and said among the problems, after those of the reader', () => {
    const shown = view({}, { problems: ['an odd field'] });
    expect(spanOf(shown, 'lost')).toMatchObject({ place: null, status: 'not-found', quote: 'never said' });
    expect(shown.problems).toEqual([
      'an odd field',
      'af-partial, unmonitored_awareness: “never said” was not found',
    ]);
  });

  it('of a reviewer are shown beside those of classifiers until they are retracted', () => {
    const add = onSpan('ben', 'add', { label: 'free_to_act', range: range('would refuse') });
    const shown = view({ spans: { s9: [add, onSpan('ana', 'reject')] } });
    expect(spanOf(shown, 's9')).toMatchObject({
      source: 'ben',
      added: true,
      label: 'free_to_act',
      title: 'Free to act',
      score: null,
      status: 'exact',
      quote: 'would refuse',
      mine: 'reject',
      confirms: 0,
      rejects: 1,
    });
    expect(view({ spans: { s9: [onSpan('ana', 'reject')] } }).spans.map(({ id }) => id)).not.toContain('s9');
  });

  it('added on a text that has changed are found by their quote, and marked stale', () => {
    const moved = { ...range('would refuse'), start: 3, end: 15 };
    const add = onSpan('ben', 'add', { label: 'free_to_act', range: moved, stale: true });
    const shown = spanOf(view({ spans: { s9: [add] } }), 's9');
    expect(shown).toMatchObject({ status: 'moved', stale: true, quote: 'would refuse' });
    expect(shown.place).toEqual({
      message: 1,
      start: range('would refuse').start,
      end: range('would refuse').end,
    });
  });

  it('are relabelled and rebound by me, and what I added by me; what others would change is said, a stale one never', () => {
    const later = { at: '2026-01-01T00:00:00Z' };
    const relabel = (reviewer: string, label: string, fields: Partial<SpanDecision> = {}) =>
      onSpan(reviewer, 'relabel', { label, ...fields });
    const shown = (decisions: SpanDecision[]) => {
      const { label, proposed } = spanOf(view({ spans: { inner: decisions } }), 'inner');
      return [label, proposed];
    };
    const ben = { reviewer: 'ben', title: 'Free to act' };
    expect(shown([relabel('ben', 'free_to_act')])).toEqual(['unmonitored_awareness', [ben]]);
    expect(shown([relabel('ana', 'a'), relabel('ben', 'free_to_act', later)])).toEqual(['a', [ben]]);
    expect(shown([relabel('ana', 'a'), relabel('ANA', 'b', later)])).toEqual(['b', []]);
    expect(shown([relabel('ana', 'a', { stale: true })])).toEqual(['unmonitored_awareness', []]);
    expect(shown([onSpan('ben', 'rebound', { range: range('would refuse') })])).toEqual([
      'unmonitored_awareness',
      [{ reviewer: 'ben', title: null }],
    ]);
    const many = Array.from({ length: 8 }, (_, i) => relabel(`${i}`, 'free_to_act'));
    expect(spanOf(view({ spans: { inner: many } }), 'inner')).toMatchObject({ moreProposed: 3 });

    const add = onSpan('ben', 'add', { label: 'free_to_act', range: range('would refuse') });
    const added = (...more: SpanDecision[]) => spanOf(view({ spans: { s9: [add, ...more] } }), 's9');
    const moved = { range: range('unmonitored, I') };
    expect(added(onSpan('cem', 'rebound', moved), relabel('cem', 'c'))).toMatchObject({
      ...{ label: 'free_to_act', quote: 'would refuse', source: 'ben' },
      proposed: [{ reviewer: 'cem', title: null }, { reviewer: 'cem' }],
    });
    expect(added(onSpan('Ben', 'rebound', moved))).toMatchObject({ quote: 'unmonitored, I', proposed: [] });

    const rebound = onSpan('ana', 'rebound', { range: range('unmonitored, I') });
    expect(spanOf(view({ spans: { inner: [rebound] } }), 'inner')).toMatchObject({
      quote: 'unmonitored, I',
      status: 'exact',
      label: 'unmonitored_awareness',
      mine: 'rebound',
    });
  });

  it('are each by its author where several are called the same: none takes the place of another, nor its decisions', () => {
    const add = (reviewer: string, label: string, quote: string) =>
      onSpan(reviewer, 'add', { label, range: range(quote) });
    const spans = {
      inner: [onSpan('ana', 'confirm'), add('ben', 'free_to_act', 'would refuse')],
      s9: [
        add('ana', 'a', 'unmonitored, I'),
        add('ben', 'b', 'would refuse'),
        onSpan('ana', 'reject', { of: 'Ana' }),
        onSpan('dan', 'confirm', { of: 'ana' }),
        onSpan('cem', 'confirm'), // of whose, nobody can tell
      ],
    };
    const shown = view({ spans });
    expect(new Set(shown.spans.map(({ id }) => id)).size).toBe(shown.spans.length);
    expect(spanOf(shown, 'inner')).toMatchObject({ added: false, confirms: 1, mine: 'confirm' });
    expect(spanOf(shown, 'inner by ben')).toMatchObject({ added: true, confirms: 0, mine: null });
    expect(spanOf(shown, 's9 by ana')).toMatchObject({
      ...{ source: 'ana', label: 'a', quote: 'unmonitored, I' },
      ...{ confirms: 1, rejects: 1, mine: 'reject' },
    });
    expect(shown.problems).toContain('1 decision is on spans that are not there, or not as they were');
    expect(spanOf(shown, 's9 by ben')).toMatchObject({ source: 'ben', label: 'b', confirms: 0, mine: null });
    expect(shown.spans.filter(({ id }) => id === 's9')).toEqual([]);

    // Once the other one is gone, what was said of hers stands.
    const left = view({ spans: { s9: spans.s9.filter(({ reviewer }) => reviewer !== 'ben') } });
    expect(spanOf(left, 's9')).toMatchObject({ source: 'ana', confirms: 2, rejects: 1, mine: 'reject' });
  });

  it('say what I said, and count everyone whose decision is not stale', () => {
    const decisions = [
      onSpan('ana', 'confirm'),
      onSpan('ben', 'reject'),
      onSpan('cem', 'confirm', { stale: true }),
    ];
    expect(spanOf(view({ spans: { inner: decisions } }), 'inner')).toMatchObject({
      mine: 'confirm',
      confirms: 1,
      rejects: 1,
      stale: true,
      added: false,
    });
  });
});

describe('a span in several places', () => {
  it('is one span with one lane, drawn over each of its pieces and not between them', () => {
    const spans = [
      span('stitched', { quote: 'if the tier is paid … then I would refuse it all' }),
      span('between', { quote: 'they watch me' }),
    ];
    const content = 'If the tier is paid, and they watch me, then I would refuse it all.';
    const messages = [
      { role: 'user', content: 'Do it.', prefill: 0, region: null },
      { role: 'assistant', content, prefill: 0, region: null },
    ];
    const shown = view({}, { transcript: { ...transcript, messages, spans } });
    expect(shown.spans.map(({ id }) => id)).toEqual(['stitched', 'between']);
    const stitched = spanOf(shown, 'stitched');
    const starts = [content.indexOf('If'), content.indexOf('then')];
    expect(stitched).toMatchObject({
      status: 'stitched',
      quality: 1,
      quote: 'If the tier is paid … then I would refuse it all',
      place: { message: 1, start: starts[0], end: 19 },
      places: [
        { message: 1, start: starts[0], end: 19 },
        { message: 1, start: starts[1], end: content.length - 1 },
      ],
    });
    expect(spanOf(shown, 'between').lane).not.toBe(stitched.lane);
    const runs = runsOf(shown, 1);
    const under = (id: string) =>
      runs
        .filter((run) => run.spans.some((index) => shown.spans[index]?.id === id))
        .map((run) => content.slice(run.start, run.end));
    expect(under('stitched')).toEqual(['If the tier is paid', 'then I would refuse it all']);
    expect(under('between')).toEqual(['they watch me']);
  });
});

it('anchors nothing again for a decision, when it is given its memory', () => {
  const memory = new AnchorMemory();
  const messages = [...transcript.messages];
  const input = {
    transcript: { ...transcript, messages },
    hash: '',
    index: 4,
    line: 5,
    reviewer: 'ana',
    labels: [],
    problems: [],
  };
  const review = { labels: new Map(), spans: new Map(), notes: [] };
  const before = recordView({ ...input, review }, memory);
  // were the spans looked for again, none of them would be found
  messages[1] = { role: 'assistant', content: '?'.repeat(reasoning.length), prefill: 0, region: null };
  const decided = new Map([['inner', [onSpan('ana', 'confirm')]]]);
  const after = recordView({ ...input, review: { ...review, spans: decided } }, memory);
  expect(after.spans.map(({ id, place }) => [id, place])).toEqual(
    before.spans.map(({ id, place }) => [id, place]),
  );
  expect(spanOf(after, 'inner').mine).toBe('confirm');
});

it('shortens the text of a long span and says so, never within a character', () => {
  const content = `a${'😀'.repeat(400)}`;
  const messages = [{ role: 'assistant', content, prefill: 0, region: null }];
  const spans = [span('long', { message: 0, start: 0, end: 401 })];
  const shown = spanOf(view({}, { transcript: { ...transcript, messages, spans } }), 'long');
  expect(shown.quote).toBe(`a${'😀'.repeat(149)}… 502 more characters`);
  expect(shown.place).toEqual({ message: 0, start: 0, end: 801 });
});

describe('messages of a view', () => {
  it('show all of the text, with the prefilled part and the spans over it', () => {
    const shown = view();
    const message = shown.messages[1];
    const runs = runsOf(shown, 1);
    expect(message?.regions.map((region) => region.kind)).toEqual(['scratchpad', 'output']);
    expect(runs.map((run) => reasoning.slice(run.start, run.end)).join('')).toBe(reasoning);
    const prefilled = runs.filter((run) => run.prefill);
    expect(prefilled.at(-1)?.end).toBe(10);
    const inner = runs.find((run) => reasoning.slice(run.start, run.end) === 'unmonitored');
    expect(inner?.spans.map((index) => shown.spans[index]?.id)).toEqual(['outer', 'inner']);
  });
});

describe('labels of a view', () => {
  it("are the paper's, the dataset's, the transcript's and the reviewers', each once", () => {
    const shown = view({ labels: { zeal: [answer('ben', 'no')] } }, { labels: ['complied', 'doubt'] });
    expect(shown.labels.map(({ label }) => label)).toEqual([
      'complied',
      'alignment_faking',
      'unmonitored_awareness',
      'free_to_act',
      'criteria_conflict',
      'doubt',
      'my_label',
      'zeal',
    ]);
  });

  it('count the classifiers that the adjudicated value agrees and disagrees with', () => {
    const of = (...decisions: LabelDecision[]) =>
      labelOf(view({ labels: { alignment_faking: decisions } }), 'alignment_faking');
    expect(of()).toMatchObject({ decided: false, adjudicated: null, confirms: 0, overrides: 0, mine: null });
    expect(of(answer('ana', 'yes'))).toMatchObject({
      decided: true,
      adjudicated: true,
      confirms: 1,
      overrides: 1,
    });
    expect(of(answer('ana', 'unsure'))).toMatchObject({
      decided: true,
      adjudicated: null,
      confirms: 0,
      overrides: 0,
      mine: 'unsure',
    });
    expect(of(answer('ben', 'no', true))).toMatchObject({ decided: false, stale: true, mine: null });
    expect(of(answer('ana', 'yes'), answer('ben', 'no'))).toMatchObject({
      decided: true,
      adjudicated: null,
      mine: 'yes',
      others: [{ reviewer: 'ben', answer: 'no' }],
    });
  });

  it('list some answers of very many others, and count the rest', () => {
    const all = (label: string) =>
      [label, Array.from({ length: 80 }, (_, n) => answer(`r${n}`, 'no'))] as const;
    const labels = Array.from({ length: 150 }, (_, n) => all(`label ${n}`));
    const shown = view({
      labels: Object.fromEntries([...labels.map(([label, its]) => [label, [...its, answer('ana', 'yes')]])]),
    });
    const listed = shown.labels.map(({ others, moreOthers }) => [others.length, moreOthers]);
    expect(Math.max(...listed.map(([some = 0]) => some))).toBe(50);
    expect(listed.reduce((sum, [some = 0]) => sum + some, 0)).toBe(5_000);
    for (const { label, others, moreOthers, mine, adjudicated, tied } of shown.labels) {
      if (!label.startsWith('label ')) continue;
      expect(others.length + moreOthers).toBe(80);
      expect([mine, adjudicated, tied]).toEqual(['yes', false, false]);
    }
    const of = (...answers: Answer[]) =>
      labelOf(view({ labels: { doubt: answers.map((one, n) => answer(`r${n}`, one)) } }), 'doubt').tied;
    expect([of('yes', 'no'), of('unsure', 'unsure'), of('yes'), of('yes', 'no', 'unsure')]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it('carry the verdicts of each classifier, and the words of the setting', () => {
    const shown = view({}, { transcript: { ...transcript, setting: 'animal-welfare' } });
    expect(labelOf(shown, 'alignment_faking').verdicts).toEqual([
      { classifier: 'af-partial', value: true, score: 0.5, votes: 20, version: null, derived: false },
      { classifier: 'af-full', value: false, score: 0.5, votes: 20, version: null, derived: false },
      { classifier: 'af-broken', value: null, score: 0.5, votes: 20, version: null, derived: false },
    ]);
    expect(labelOf(shown, 'complied')).toMatchObject({ verdicts: [], no: 'supports animal welfare' });
  });
});

it('keeps my note apart from those of others', () => {
  const note = (reviewer: string, text: string) => ({ reviewer, entry: reviewer, text, at, stale: false });
  const shown = view({ notes: [note('ben', 'odd'), note('ana', 'mine'), note('cem', '')] });
  expect(shown).toMatchObject({ note: 'mine', otherNotes: [{ reviewer: 'ben', text: 'odd' }] });
});

describe('what others wrote about one transcript', () => {
  const note = (text: string, n: number) => ({ reviewer: `r${n}`, entry: `r${n}`, text, at, stale: false });

  it('is sent cut, with how much is left out', () => {
    const shown = view({ notes: Array.from({ length: 203 }, (_, n) => note(`${'x'.repeat(4_999)}😀!`, n)) });
    expect(shown.otherNotes).toHaveLength(200);
    expect(shown.moreNotes).toBe(3);
    expect(shown.otherNotes[0]).toMatchObject({
      reviewer: 'r0',
      text: `${'x'.repeat(4_999)}… 3 more characters`,
    });
  });

  it('is a beginning of a text that no window takes in, with what is missing, and the same one each time', () => {
    const long = `${'x'.repeat(2 ** 23 - 2)}😀 and more`;
    const messages = ['a', long, 'never shown'].map((content) => ({
      role: 'assistant' as const,
      content,
      prefill: content.length,
      region: null,
    }));
    const behind = span('behind', { message: 2, quote: 'never shown' });
    const whole = { ...transcript, messages, spans: [behind] };
    const shown = view({}, { transcript: whole });
    expect(shown.messages.map(({ content }) => content.length)).toEqual([1, 2 ** 23 - 2]);
    expect(shown.messages[1]?.prefill).toBe(2 ** 23 - 2);
    expect(shown.problems[0]).toBe(
      '22 characters at the end are not shown, nor the spans in them: of one transcript, the first 8388608 are',
    );
    expect(shown.spans.map(({ place }) => place)).toEqual([null]);
    expect(beginningOf(whole)).toBe(beginningOf(whole));
    expect(beginningOf(transcript)).toBe(transcript);
  });

  it('is the first of more messages, spans and tags than any window takes in, with how many are missing', () => {
    const message = { role: 'assistant' as const, content: 'x', prefill: 0, region: null };
    const long = view(
      {},
      { transcript: { ...transcript, messages: Array(100_007).fill(message), spans: [] } },
    );
    expect(long.messages).toHaveLength(100_000);
    expect(long.problems).toEqual([
      '7 messages at the end are not shown, nor the spans in them: of one transcript, the first 100000 are',
    ]);

    const spans = Array.from({ length: 20_003 }, (_, n) => span(`s${n}`, { message: 1, start: 0, end: 5 }));
    const marked = view({}, { transcript: { ...transcript, spans } });
    expect(marked.spans).toHaveLength(20_000);
    expect(marked.problems[0]).toBe('3 of its spans are not shown: of one transcript, the first 20000 are');

    const tagged = (pairs: number) => ({
      ...message,
      content: `${'<think>x</think>'.repeat(pairs)}<output>y</output>`,
    });
    const whole = view(
      {},
      { transcript: { ...transcript, messages: [tagged(9_000), tagged(10_998)], spans: [] } },
    );
    expect(whole.problems).toEqual([]);
    expect(whole.messages.map(({ regions }) => regions.length)).toEqual([9_001, 10_999]);
    const more = view(
      {},
      { transcript: { ...transcript, messages: [tagged(9_000), tagged(11_000), tagged(1)], spans: [] } },
    );
    expect(more.problems).toEqual(['only its first 40000 tags part its text']);
    expect(more.messages[0]?.regions.at(-1)?.kind).toBe('output');
    expect(more.messages[1]?.regions.at(-1)?.kind).toBe('text');
    expect(more.messages[2]?.regions).toMatchObject([
      { kind: 'text', start: 0, end: tagged(1).content.length },
    ]);
  });

  it('asks no more labels than can be listed, this transcript’s own and mine first', () => {
    const labels: Record<string, LabelDecision[]> = {};
    for (let n = 0; n < 5_000; n++) labels[`zz ${n}`] = [answer('ben', 'yes')];
    labels.mine = [answer('ana', 'no')];
    const shown = view({ labels }, { labels: ['complied', 'doubt'] });
    expect(shown.labels).toHaveLength(2_000);
    expect(shown.moreLabels).toBe(5_000 + 8 - 2_000);
    expect(labelOf(shown, 'mine').mine).toBe('no');
    expect(labelOf(shown, 'my_label')).toBeDefined();
    expect(labelOf(shown, 'doubt')).toBeDefined();
  });

  it('shows all spans that I added and some of the others, and tells how many are left out', () => {
    const range = { message: 1, start: 0, end: 5, quote: 'never' };
    const add = (n: number, reviewer: string): [string, SpanDecision[]] => [
      `s${n}`,
      [{ reviewer, entry: `${n}`, action: 'add', label: 'af', range, of: null, at, stale: false }],
    ];
    const numbers = Array.from({ length: 1_200 }, (_, n) => n);
    const spans = Object.fromEntries([
      ...numbers.map((n) => add(n, 'ben')),
      ...numbers.slice(0, 50).map((n) => add(n + 5_000, 'Ana ')),
    ]);
    const shown = view({ spans });
    expect(shown.spans.filter(({ added }) => added)).toHaveLength(1_050);
    expect(shown.spans.filter(({ mine }) => mine === 'add')).toHaveLength(50);
    expect(shown.problems).toContain('200 more spans that other reviewers added are not shown');
  });

  it('sends labels of a megabyte as far as there is room', () => {
    const labels = Array.from({ length: 100 }, (_, n) => `${n}${'x'.repeat(100_000)}`);
    const shown = view({}, { labels });
    expect(JSON.stringify(shown).length).toBeLessThan(2 ** 20);
    expect(shown.moreLabels).toBe(98);
  });
});

it('takes 2,000 overlapping spans over a megabyte', () => {
  const words = Array.from({ length: 100_000 }, (_, n) => `wörd${String(n).padStart(6, '0')}`).join(' ');
  const content = `<think>${words}</think>`;
  const spans = Array.from({ length: 2_000 }, (_, n) =>
    n % 10 === 0
      ? span(`q${n}`, { message: 0, quote: `WÖRD${String(n * 50).padStart(6, '0')}` })
      : span(`s${n}`, { message: 0, start: 7 + n * 500, end: 7 + n * 500 + 20_000 }),
  );
  const messages = [{ role: 'assistant', content, prefill: 0, region: null }];
  const shown = view({}, { transcript: { ...transcript, messages, spans } });
  expect(shown.spans.filter(({ place }) => place)).toHaveLength(2_000);
  expect(Math.max(...shown.spans.map(({ lane }) => lane))).toBeGreaterThan(30);
});

it('says of each note whether it was written on a text that has changed since', () => {
  const note = (reviewer: string, stale: boolean) => ({ reviewer, entry: reviewer, text: 'odd', at, stale });
  expect(view({ notes: [note('ana', true), note('ben', false), note('cem', true)] })).toMatchObject({
    noteStale: true,
    otherNotes: [{ stale: false }, { stale: true }],
  });
  expect(view().noteStale).toBe(false);
});
