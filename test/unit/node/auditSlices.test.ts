import { appendFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { monotonicFactory } from 'ulid';
import { expect, it, vi } from 'vitest';
import { Columns } from '../../../src/core/dataset/columns';
import { contentHash } from '../../../src/core/dataset/hash';
import type { MetricsOptions } from '../../../src/core/metrics/figures';
import { MetricsTracker } from '../../../src/core/metrics/tracker';
import type { Entry } from '../../../src/core/review/entry';
import type { Edit } from '../../../src/core/review/log';
import { ReviewLog } from '../../../src/core/review/log';
import { adjudicate } from '../../../src/core/review/resolve';
import { ANSWERS, type Answer } from '../../../src/core/review/state';
import { reviewStatus } from '../../../src/core/review/status';
import type { Audit } from '../../../src/node/audit';
import { Dataset } from '../../../src/node/dataset';
import { appendEntries, reviewFolder } from '../../../src/node/reviewStore';
import { inProcess } from '../../../src/node/runIndex';
import {
  canonicalRecord,
  jsonl,
  newAudit,
  temporaryFolder,
  unhashed,
  writeDataset,
} from '../../support/dataset';
import { flip } from '../../support/entries';

const folder = temporaryFolder();
const newId = monotonicFactory();
/** More than are taken in at once, several times. */
const TRANSCRIPTS = 600;
const OPTIONS: MetricsOptions = { labels: 'adjudicated', classifier: null, conditioning: 'both' };

const idOf = (number: number) => `t${number}`;
const messagesOf = (number: number) => [{ role: 'assistant', content: `text of ${number}` }];
const records = (first: number, end: number) =>
  Array.from({ length: end - first }, (_, at) => first + at).map((number) =>
    canonicalRecord({
      id: idOf(number),
      setting: `s${number % 3}`,
      condition: number % 2 === 0 ? 'training' : 'unmonitored',
      messages: messagesOf(number),
      verdicts: [
        { classifier: 'judge', label: 'complied', value: number % 5 === 0 },
        { classifier: 'af', label: 'alignment_faking', value: number % 7 === 0 },
      ],
    }),
  );

function answer(number: number, reviewer: string, value: Answer, stale = false): Entry {
  return {
    ...{ v: 1, id: newId(), at: '2026-01-01T00:00:00.000Z', reviewer, transcript: idOf(number) },
    hash: stale
      ? 'of another text'
      : contentHash(messagesOf(number).map((one) => ({ ...one, prefill: 0, region: null }))),
    ...{ action: 'label', target: { label: 'complied' }, value },
    ...{ saw: {}, blind: false, draw: null, note: null },
  };
}

/** What every other transcript was decided as by a colleague; some of it on other texts, or on transcripts that are not there. */
const saved = (reviewer: string) =>
  Array.from({ length: TRANSCRIPTS / 2 + 20 }, (_, at) =>
    answer(at * 2, reviewer, ANSWERS[at % 3] ?? 'yes', at % 11 === 0),
  );

/** Everything that follows the log, made anew from what stands in it. */
function recounted({ dataset: { columns }, facts }: Audit, log: ReviewLog) {
  const tracker = new MetricsTracker(facts);
  const totals = { reviewed: 0, overrides: 0, stale: 0, orphans: 0 };
  for (let index = 0; index < columns.count; index++) {
    const review = log.review(columns.id(index));
    tracker.addTranscript(index);
    tracker.apply(index, new Map(), adjudicate(review));
    const status = reviewStatus(columns, index, review);
    const decisions = [...review.labels.values(), ...review.spans.values()].flat();
    totals.reviewed += Number(decisions.some(({ stale }) => !stale));
    totals.overrides += status?.overridden.size ?? 0;
    totals.stale += Number(status?.stale ?? false);
  }
  for (const id of log.reviewedTranscripts()) if (columns.indexOf(id) < 0) totals.orphans++;
  return { totals, rows: tracker.rows(OPTIONS) };
}

function expectInStep(audit: Audit): void {
  const { totals, rows } = recounted(audit, audit.log);
  expect(audit.totals).toEqual(totals);
  expect(audit.tracker.rows(OPTIONS)).toEqual(rows);
}

/** What a reviewer does; a number picks the transcript, or the decision that is undone or redone. */
type Act = { readonly undo: boolean; readonly pick: number; readonly value: Answer };

class Reviewer {
  private readonly edits: Edit[] = [];
  private next = 0;
  done = 0;

  constructor(
    private readonly audit: Audit,
    private readonly acts: readonly Act[],
  ) {}

  /**
   * Acts, and looks at all that is there, while the thread is free until `work` is done: each time that something has
   * been taken in, at the beginning always, and now and then.
   * @param first no transcript before this one is decided on
   */
  async during(work: Promise<unknown>, first = 0): Promise<void> {
    let working = true;
    const end = work.finally(() => {
      working = false;
    });
    const { audit } = this;
    const taken = () => `${audit.log.reviewedCount} ${audit.dataset.columns.count}`;
    let before = taken();
    for (let turn = 0; working; turn++) {
      await setImmediate();
      if (turn > 20 && turn % 50 !== 0 && before === taken()) continue;
      expectInStep(audit);
      this.act(first);
      expectInStep(audit);
      before = taken();
    }
    await end;
  }

  private act(first: number): void {
    const { audit, edits } = this;
    const act = this.acts[this.next++ % this.acts.length];
    const count = audit.dataset.columns.count - first;
    if (!act || count <= 0) return;
    this.done++;
    const edit = edits[act.pick % Math.max(1, edits.length)];
    if (act.undo && edit) audit.follow([flip(audit.log, edit)]);
    else {
      const entry = answer(first + (act.pick % count), 'ana', act.value);
      audit.followText(entry.transcript, entry.hash); // the reviewer has it on screen
      const made = audit.log.apply(entry);
      edits.push(made.edit);
      audit.follow([made.delta]);
    }
  }
}

/** As an editor does it: nobody waits for the decisions to be read, all of them. */
async function loadAtOnce(audit: Audit): Promise<void> {
  const known = audit.readReviews();
  const own = audit.readOwn('ana');
  audit.begin();
  await audit.index(new AbortController().signal, known);
  await own;
}

const acts = fc.array(
  fc.record({
    undo: fc.boolean(),
    pick: fc.nat(TRANSCRIPTS * 2),
    value: fc.constantFrom(...ANSWERS),
  }),
  { minLength: 1, maxLength: 12 },
);

it('counts right at every moment, whatever is decided while decisions are read, counted and compared', async () => {
  let number = 0;
  await fc.assert(
    fc.asyncProperty(acts, fc.boolean(), fc.boolean(), async (wanted, atOnce, byCheck) => {
      const path = writeDataset(folder, `run-${number++}.jsonl`, jsonl(records(0, TRANSCRIPTS)));
      const bens = saved('ben');
      await appendEntries(reviewFolder(path), 'ben', bens);
      const audit = newAudit(path, byCheck ? inProcess : unhashed);
      const ana = new Reviewer(audit, wanted);
      await ana.during(atOnce ? loadAtOnce(audit) : audit.load(new AbortController().signal));
      expect(audit.dataset.phase).toBe('ready');
      expect(ana.done).toBeGreaterThan(1);
      expectInStep(audit);

      // The session began with what was there before it, whoever decided meanwhile.
      const before = new ReviewLog({ newId, now: () => new Date() });
      before.changeSaved({ added: bens, removed: [] });
      for (let each = 0; each < TRANSCRIPTS; each++)
        before.setHash(idOf(each), answer(each, 'ben', 'yes').hash);
      expect(audit.tracker.sessionRows(OPTIONS)).toEqual(recounted(audit, before).rows);

      const cleos = saved('cleo');
      await appendEntries(reviewFolder(path), 'cleo', cleos);
      await ana.during(audit.readReviews());
      expectInStep(audit);

      appendFileSync(path, jsonl(records(TRANSCRIPTS, TRANSCRIPTS + 30)));
      await ana.during(audit.readAdded(new AbortController().signal), TRANSCRIPTS);
      expectInStep(audit);
      // On what was added, all that was there before it.
      const isNew = ({ transcript }: Entry) => Number(transcript.slice(1)) >= TRANSCRIPTS;
      before.changeSaved({ added: cleos.filter(isNew), removed: [] });
      for (let each = TRANSCRIPTS; each < TRANSCRIPTS + 30; each++)
        before.setHash(idOf(each), answer(each, 'ben', 'yes').hash);
      expect(audit.tracker.sessionRows(OPTIONS)).toEqual(recounted(audit, before).rows);

      // Nor does it begin anew where the dataset is read again.
      audit.begin();
      await ana.during(audit.index(new AbortController().signal));
      expectInStep(audit);
      expect(audit.tracker.sessionRows(OPTIONS)).toEqual(recounted(audit, before).rows);
      audit.dispose();
    }),
    { numRuns: 6, endOnFailure: true }, // a run takes seconds, and shrinking many
  );
}, 120_000);

it('looks up new transcripts among those decided on, not those decided on in each batch', async () => {
  const path = writeDataset(folder, 'lookups.jsonl', jsonl(records(0, 3_000)));
  const absent = Array.from({ length: 300 }, (_, at) => answer(5_000 + at, 'ben', 'yes'));
  await appendEntries(reviewFolder(path), 'ben', [...absent, answer(7, 'ben', 'yes')]);
  const audit = newAudit(path);
  let batches = 0;
  audit.onChange(({ type }) => {
    if (type === 'grown') batches++;
  });
  await audit.readReviews();
  audit.begin();
  const indexOf = vi.spyOn(Columns.prototype, 'indexOf');
  const id = vi.spyOn(Columns.prototype, 'id');
  await audit.index(new AbortController().signal);
  expect(batches).toBeGreaterThan(4);
  // A few for each that is decided on, however many the batches.
  expect(indexOf.mock.calls.length).toBeLessThan(3 * absent.length);
  expect(id.mock.calls.length).toBeLessThan(10);
  for (const spy of [indexOf, id]) spy.mockRestore();
  expect(audit.totals).toMatchObject({ reviewed: 1, orphans: 300 });
});

it('tells of many stale decisions in few messages', async () => {
  const path = writeDataset(folder, 'stale.jsonl', jsonl(records(0, TRANSCRIPTS)));
  const old = Array.from({ length: TRANSCRIPTS }, (_, at) => answer(at, 'ben', 'yes', true));
  await appendEntries(reviewFolder(path), 'ben', old);
  const audit = newAudit(path);
  const told: (readonly number[])[] = [];
  audit.onChange((change) => {
    if (change.type === 'reviewed' && change.indices.length > 0) told.push(change.indices);
  });
  await audit.load(new AbortController().signal);
  expect(audit.totals.stale).toBe(TRANSCRIPTS);
  expect(told.flat().sort((a, b) => a - b)).toEqual(old.map((_, at) => at));
  expect(told.length).toBeLessThan(4);
});

it('compares no more texts once it is to be read again', async () => {
  const path = writeDataset(folder, 'left.jsonl', jsonl(records(0, TRANSCRIPTS)));
  await appendEntries(reviewFolder(path), 'ben', saved('ben'));
  const audit = newAudit(path, unhashed);
  const { hashes: read } = Dataset.prototype;
  const hashes = vi.spyOn(Dataset.prototype, 'hashes');
  const compared = () => hashes.mock.calls.reduce((sum, [indices]) => sum + indices.length, 0);
  hashes.mockImplementationOnce(function (this: Dataset, indices) {
    audit.leave();
    return read.call(this, indices);
  });
  await audit.load(new AbortController().signal);
  expect(hashes).toHaveBeenCalledTimes(1);
  expect(compared()).toBeLessThan(TRANSCRIPTS / 2);
  hashes.mockClear();
  await audit.load(new AbortController().signal);
  expect(compared()).toBe(TRANSCRIPTS / 2);
  hashes.mockRestore();
});
