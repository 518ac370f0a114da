/** What an editor's page is sent of a transcript of 1 MB with 2,000 spans: at first, as the focus moves, and with a decision. */
import { AnchorMemory } from '../../src/core/anchor/anchor';
import { NO_REVIEW } from '../../src/core/review/fold';
import type { TranscriptReview } from '../../src/core/review/state';
import { reviewPatch } from '../../src/core/reviewPatch';
import { recordView } from '../../src/core/view';
import type { TranscriptView } from '../../src/core/viewModel';
import { Dataset } from '../../src/node/dataset';
import { inProcess } from '../../src/node/runIndex';
import { textHash } from '../../src/node/textHash';
import { inTurn, ratio, row, spread } from './measure';
import { datasets, settings } from './settings';

const ROUNDS = 10 * settings.runs;

async function main(): Promise<void> {
  const dataset = new Dataset(datasets.large);
  await dataset.index(inProcess, new AbortController().signal);
  const record = await dataset.record(0);
  if (record.kind === 'bad') throw new Error(record.reason);
  const { transcript, warnings: problems } = record;
  const labels = [...new Set(dataset.columns.sources.map(({ label }) => label))];
  const hash = await textHash(transcript.messages);
  const memory = new AnchorMemory();
  const of = (review: TranscriptReview) =>
    recordView({ transcript, hash, index: 0, line: 1, reviewer: 'ana', labels, problems, review }, memory);
  const id = transcript.spans[1_000]?.id ?? '';
  const decided = (n: number): TranscriptReview => {
    const action = n % 2 === 0 ? 'confirm' : 'reject';
    const by = { reviewer: 'ana', entry: 'e', at: '2026-01-01T00:00:00.000Z', stale: false };
    return { ...NO_REVIEW, spans: new Map([[id, [{ ...by, action, label: null, range: null, of: null }]]]) };
  };
  let told: TranscriptView = of(NO_REVIEW);
  let n = 0;
  let version = 0;
  const cursor = { position: 0, index: 0, label: 'complied', span: id };
  const bytes = { all: 0, cursor: 0, decision: 0 };
  const send = (what: keyof typeof bytes, message: unknown) => (bytes[what] = JSON.stringify(message).length);
  const times = await inTurn(ROUNDS, {
    all: () => send('all', of(decided(n++))),
    cursor: () => send('cursor', { cursor, reveal: true }),
    decision: () => {
      const now = of(decided(version++));
      send('decision', { patch: reviewPatch(told, now), version, cursor, reveal: false });
      told = now;
    },
  });
  const sent = (what: keyof typeof bytes) =>
    `${bytes[what].toLocaleString('en')} bytes, ${spread(times[what])}`;
  const whole = 'making and sending all of it';
  row(
    'the focus moves in 1 MB with 2,000 spans',
    sent('cursor'),
    ratio(times.cursor, whole, times.all),
    'under 1 kB and 1 ms',
  );
  row('a decision on a span there', sent('decision'), ratio(times.decision, whole, times.all), '');
  row('all of it, as it was told with each decision', sent('all'), '', '');
}

void main();
