import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { monotonicFactory } from 'ulid';
import { describe, expect, it, vi } from 'vitest';
import { contentHash } from '../../../src/core/dataset/hash';
import type { MetricsRow } from '../../../src/core/metrics/figures';
import { MetricsTracker } from '../../../src/core/metrics/tracker';
import type { Entry } from '../../../src/core/review/entry';
import { makeEntry } from '../../../src/core/review/makeEntry';
import type { Audit } from '../../../src/node/audit';
import { pathOf } from '../../../src/node/besideFiles';
import type { TextHash } from '../../../src/node/checkPass';
import { Dataset } from '../../../src/node/dataset';
import { appendEntries, reviewFolder } from '../../../src/node/reviewStore';
import { inProcess, type RunIndex } from '../../../src/node/runIndex';
import {
  canonicalRecord,
  jsonl,
  loadedAudit,
  newAudit,
  temporaryFolder,
  unhashed,
  writeDataset,
} from '../../support/dataset';
import { flip } from '../../support/entries';

const folder = temporaryFolder();
const newId = monotonicFactory();
const OPTIONS = { labels: 'adjudicated', classifier: null, conditioning: 'both' } as const;

/** Four transcripts: two complied in training (one flagged), none unmonitored. */
function records() {
  const record = (id: string, condition: string, complied: boolean, faking: boolean) =>
    canonicalRecord({
      id,
      setting: 's',
      condition,
      messages: [{ role: 'assistant', content: `text of ${id}` }],
      verdicts: [
        { classifier: 'judge', label: 'complied', value: complied },
        { classifier: 'af', label: 'alignment_faking', value: faking },
      ],
    });
  return [
    record('t1', 'training', true, true),
    record('t2', 'training', true, false),
    record('u1', 'unmonitored', false, false),
    record('u2', 'unmonitored', false, false),
  ];
}

async function answer(
  audit: Audit,
  id: string,
  label: string,
  value: 'yes' | 'no' | 'unsure',
  reviewer = 'ana',
) {
  const record = await audit.dataset.record(audit.dataset.columns.indexOf(id));
  if (record.kind !== 'transcript') throw new Error(record.reason);
  const { transcript } = record;
  const entry = makeEntry(
    { kind: 'label', label, answer: value },
    {
      id: newId(),
      at: new Date(),
      reviewer,
      transcript,
      hash: contentHash(transcript.messages),
      review: audit.log.review(id),
    },
  );
  if (!entry) throw new Error('no entry');
  return entry;
}

describe('Audit', () => {
  it('counts saved decisions, and the session from them on', async () => {
    const path = writeDataset(folder, 'saved.jsonl', jsonl(records()));
    const first = await loadedAudit(path);
    expect(first.tracker.rows(OPTIONS)[0]?.gap.value).toBe(1);
    await appendEntries(reviewFolder(path), 'ana', [await answer(first, 't1', 'complied', 'no')]);

    const audit = await loadedAudit(path);
    expect(audit.totals).toMatchObject({ reviewed: 1, overrides: 1, stale: 0, orphans: 0 });
    expect(audit.tracker.rows(OPTIONS)[0]?.gap.value).toBe(0.5);
    expect(audit.tracker.sessionRows(OPTIONS)[0]?.gap.value).toBe(0.5);
    expect(audit.tracker.classifierRows(OPTIONS)[0]?.gap.value).toBe(1);

    const { edit, delta } = audit.log.apply(await answer(audit, 't2', 'complied', 'no'));
    audit.follow([delta]);
    expect(audit.tracker.rows(OPTIONS)[0]?.gap.value).toBe(0);
    expect(audit.tracker.sessionRows(OPTIONS)[0]?.gap.value).toBe(0.5);
    audit.follow([flip(audit.log, edit)]);
    expect(audit.tracker.rows(OPTIONS)[0]?.gap.value).toBe(0.5);
  });

  it('goes on with the session where the dataset is read again, by the texts as they are', async () => {
    const path = writeDataset(folder, 'session.jsonl', jsonl(records()));
    const first = await loadedAudit(path);
    await appendEntries(reviewFolder(path), 'ana', [await answer(first, 't1', 'complied', 'no')]);
    const audit = await loadedAudit(path);
    const gaps = () =>
      [audit.tracker.rows(OPTIONS), audit.tracker.sessionRows(OPTIONS)].map(([row]) => row?.gap.value);
    const again = async () => {
      audit.begin();
      await audit.index(new AbortController().signal);
    };
    const changed = audit.log.apply(await answer(audit, 't1', 'complied', 'yes'));
    const made = audit.log.apply(await answer(audit, 't2', 'complied', 'no'));
    audit.follow([changed.delta, made.delta]);
    expect(gaps()).toEqual([0.5, 0.5]);
    audit.follow([flip(audit.log, changed.edit)]);
    expect(gaps()).toEqual([0, 0.5]);
    await again();
    expect(gaps()).toEqual([0, 0.5]);
    audit.follow([flip(audit.log, made.edit)]);
    expect(gaps()).toEqual([0.5, 0.5]);
    // What stood as the session began was decided on another text than this one.
    const [t1, ...others] = records();
    const messages = [{ role: 'assistant', content: 'another text' }];
    writeDataset(folder, 'session.jsonl', jsonl([{ ...t1, messages }, ...others]));
    await again();
    expect(gaps()).toEqual([1, 1]);
    audit.dispose();
  });

  it('counts a change of the session once, whatever is decided while those of many are counted', async () => {
    const [t1] = records();
    const ids = Array.from({ length: 600 }, (_, n) => `t${n}`);
    const path = writeDataset(folder, 'many.jsonl', jsonl(ids.map((id) => ({ ...t1, id }))));
    const audit = await loadedAudit(path);
    const decide = async (id: string, value: 'yes' | 'no') =>
      audit.follow([audit.log.apply(await answer(audit, id, 'complied', value)).delta]);
    for (const id of ids) await decide(id, 'no');
    const last = await answer(audit, 't599', 'complied', 'yes');
    const begin = vi.spyOn(MetricsTracker.prototype, 'beginSession').mockImplementation(function (
      this: MetricsTracker,
    ) {
      begin.mockRestore();
      this.beginSession();
      setImmediate(() => audit.follow([audit.log.apply(last).delta]));
    });
    audit.begin();
    await audit.index(new AbortController().signal);
    const complied = (rows: readonly MetricsRow[]) => rows[0]?.training.complied;
    expect(complied(audit.tracker.rows(OPTIONS))).toBe(1);
    expect(complied(audit.tracker.sessionRows(OPTIONS))).toBe(600);
    audit.dispose();
  });

  it('says how far the decisions on disk are known, and tells when that changes', async () => {
    const path = writeDataset(folder, 'phases.jsonl', jsonl(records()));
    const first = await loadedAudit(path);
    await appendEntries(reviewFolder(path), 'ana', [await answer(first, 't1', 'complied', 'no')]);
    const audit = newAudit(path);
    const told: string[] = [];
    audit.onChange(() => {
      if (told.at(-1) !== audit.decisions) told.push(audit.decisions);
    });
    expect(audit.decisions).toBe('being read');
    await audit.load(new AbortController().signal);
    expect(told).toEqual(['known', 'being compared', 'known']);
    await appendEntries(reviewFolder(path), 'bo', [await answer(first, 't2', 'complied', 'no', 'bo')]);
    told.length = 0;
    await audit.readReviews();
    expect(told).toEqual(['known', 'being compared', 'known']);
    audit.useFolder(reviewFolder(writeDataset(folder, 'phases elsewhere.jsonl', '')));
    expect(audit.decisions).toBe('being read');
  });

  it('has the check compare the texts that it reads, and reads itself what was decided on meanwhile', async () => {
    const path = writeDataset(folder, 'beside.jsonl', jsonl(records()));
    const first = await loadedAudit(path);
    const saved = await answer(first, 't1', 'complied', 'no');
    await appendEntries(reviewFolder(path), 'ana', [saved]);
    const later = await answer(first, 'u1', 'complied', 'yes');
    const compared: (readonly string[])[] = [];
    const { hashes } = Dataset.prototype;
    const spy = vi.spyOn(Dataset.prototype, 'hashes').mockImplementation(function (this: Dataset, indices) {
      compared.push(indices.map((index) => this.columns.id(index)));
      return hashes.call(this, indices);
    });
    let audit: Audit | null = null;
    const hashed: TextHash[] = [];
    const run: RunIndex = async (request, emit, signal) => {
      await inProcess(request, (event) => event.type !== 'end' && emit(event), signal);
      if (audit) audit.follow([audit.log.apply(later).delta]);
      emit({ type: 'end' });
    };
    const noted: RunIndex = (request, emit, signal) =>
      run(
        request,
        (event) => {
          if (event.type === 'hashed') hashed.push(...event.texts);
          emit(event);
        },
        signal,
      );
    audit = newAudit(path, noted);
    await audit.load(new AbortController().signal);
    spy.mockRestore();
    expect(hashed).toEqual([{ index: 0, hash: saved.hash }]);
    expect(compared).toEqual([['u1']]);
    expect(audit.totals).toMatchObject({ reviewed: 2, stale: 0 });
  });

  it('takes no text that the check has read in a file that changed meanwhile', async () => {
    const path = writeDataset(folder, 'changed.jsonl', jsonl(records()));
    const first = await loadedAudit(path);
    await appendEntries(reviewFolder(path), 'ana', [await answer(first, 't1', 'complied', 'no')]);
    const changing: RunIndex = (request, emit, signal) =>
      inProcess(
        request,
        (event) => {
          if (event.type === 'hashed') writeFileSync(path, jsonl(records()).replace('text of t2', 'another'));
          emit(
            event.type === 'hashed'
              ? { ...event, texts: [{ index: 0, hash: 'of what is there now' }] }
              : event,
          );
        },
        signal,
      );
    const audit = newAudit(path, changing);
    await audit.load(new AbortController().signal);
    expect(audit.totals).toMatchObject({ reviewed: 1, stale: 0 });
  });

  it('counts saved decisions on transcripts that are added later among those before the session', async () => {
    const [t1, ...others] = records();
    const path = writeDataset(folder, 'late.jsonl', jsonl([t1]));
    const whole = await loadedAudit(writeDataset(folder, 'whole.jsonl', jsonl(records())));
    const saved = [await answer(whole, 't2', 'complied', 'no'), await answer(whole, 'u1', 'complied', 'yes')];
    await appendEntries(reviewFolder(path), 'ana', saved);
    const audit = await loadedAudit(path);
    appendFileSync(path, jsonl(others));
    expect(await audit.readAdded(new AbortController().signal)).toBe(true);
    for (const labels of ['adjudicated', 'reviewed'] as const) {
      const rows = audit.tracker.rows({ ...OPTIONS, labels });
      expect(rows[0]?.training.n).toBeGreaterThan(0);
      expect(audit.tracker.sessionRows({ ...OPTIONS, labels })).toEqual(rows);
    }
  });

  it('takes no text of an earlier reading for that of the next one', async () => {
    const [t1, t2] = records();
    const path = writeDataset(folder, 'reread.jsonl', jsonl([t1]));
    const whole = await loadedAudit(writeDataset(folder, 'both.jsonl', jsonl([t1, t2])));
    await appendEntries(reviewFolder(path), 'ana', [await answer(whole, 't2', 'complied', 'no')]);
    const audit = newAudit(path, unhashed);
    await audit.load(new AbortController().signal);
    appendFileSync(path, jsonl([t2]));
    const { dataset } = audit;
    const hashes = dataset.hashes.bind(dataset);
    vi.spyOn(dataset, 'hashes').mockImplementation(async (indices) => {
      const known = await hashes(indices);
      writeDataset(
        folder,
        'reread.jsonl',
        jsonl([t1, { ...t2, messages: [{ role: 'assistant', content: 'rewritten' }] }]),
      );
      audit.begin();
      return known;
    });
    await audit.readAdded(new AbortController().signal);
    await audit.index(new AbortController().signal);
    expect(audit.totals.stale).toBe(1);
  });

  it('takes no text that the check has read for an earlier reading for that of the next one', async () => {
    const path = writeDataset(folder, 'left.jsonl', jsonl(records()));
    const first = await loadedAudit(path);
    await appendEntries(reviewFolder(path), 'ana', [await answer(first, 't1', 'complied', 'no')]);
    let audit: Audit | null = null;
    let isFirst = true;
    const leaving: RunIndex = (request, emit, signal) =>
      inProcess(
        request,
        (event) => {
          const isLeft = event.type === 'hashed' && isFirst;
          emit(isLeft ? { ...event, texts: [{ index: 0, hash: 'of an earlier text' }] } : event);
          if (isLeft) audit?.begin();
          if (isLeft) isFirst = false;
        },
        signal,
      );
    audit = newAudit(path, leaving);
    await audit.load(new AbortController().signal);
    expect(isFirst).toBe(false);
    await audit.index(new AbortController().signal);
    expect(audit.totals).toMatchObject({ reviewed: 1, stale: 0 });
  });

  it('shows decisions on a text that has changed since as stale, and does not count them', async () => {
    const path = writeDataset(folder, 'stale.jsonl', jsonl(records()));
    const audit = await loadedAudit(path);
    await appendEntries(reviewFolder(path), 'ana', [await answer(audit, 't1', 'complied', 'no')]);
    writeFileSync(path, jsonl(records()).replace('text of t1', 'another text'));
    const again = await loadedAudit(path);
    expect(again.totals).toMatchObject({ reviewed: 0, overrides: 0, stale: 1 });
    expect(again.tracker.rows(OPTIONS)[0]?.gap.value).toBe(1);
  });

  it('reports decisions on transcripts that are not there', async () => {
    const path = writeDataset(folder, 'orphans.jsonl', jsonl(records()));
    const audit = await loadedAudit(path);
    await appendEntries(reviewFolder(path), 'ana', [await answer(audit, 't1', 'complied', 'no')]);
    writeFileSync(path, jsonl(records().slice(1)));
    expect((await loadedAudit(path)).totals).toMatchObject({ reviewed: 0, orphans: 1 });
  });

  it('follows what another window saves, and settles two reviewers by the rule', async () => {
    const path = writeDataset(folder, 'shared.jsonl', jsonl(records()));
    const audit = await loadedAudit(path);
    const value = () => audit.tracker.rows(OPTIONS)[0]?.training;
    await appendEntries(reviewFolder(path), 'ana', [await answer(audit, 't1', 'complied', 'no')]);
    await audit.readReviews();
    expect(value()).toMatchObject({ n: 2, complied: 1, unknown: 0 });
    await appendEntries(reviewFolder(path), 'ben', [await answer(audit, 't1', 'complied', 'yes', 'ben')]);
    await audit.readReviews();
    expect(value()).toMatchObject({ n: 1, complied: 1, unknown: 1 });
  });

  it('keeps unsaved decisions when the dataset is read again', async () => {
    const path = writeDataset(folder, 'again.jsonl', jsonl(records()));
    const audit = await loadedAudit(path);
    audit.follow([audit.log.apply(await answer(audit, 't1', 'complied', 'no')).delta]);
    await audit.load(new AbortController().signal);
    expect(audit.log.pending()).toHaveLength(1);
    expect(audit.tracker.rows(OPTIONS)[0]?.gap.value).toBe(0.5);
  });

  it('counts what is decided while the dataset is still being read as a change of the session', async () => {
    const path = writeDataset(folder, 'early.jsonl', jsonl(records()));
    const before = await loadedAudit(path);
    await appendEntries(reviewFolder(path), 'ana', [await answer(before, 't1', 'complied', 'no')]);
    const early = await answer(before, 't2', 'complied', 'no');
    const taken = await answer(before, 't1', 'complied', 'unsure');

    const audit = newAudit(path);
    let decided = false;
    audit.onChange((change) => {
      if (change.type !== 'grown' || decided) return;
      decided = true;
      for (const entry of [early, taken]) audit.follow([audit.log.apply(entry).delta]);
    });
    await audit.load(new AbortController().signal);
    expect(audit.tracker.rows(OPTIONS)[0]?.training).toMatchObject({ n: 1, complied: 0, unknown: 1 });
    expect(audit.tracker.sessionRows(OPTIONS)[0]?.training).toMatchObject({ n: 2, complied: 1, unknown: 0 });
  });

  it('lets no look at the texts overtake a decision that is made meanwhile', async () => {
    const path = writeDataset(folder, 'overtake.jsonl', jsonl(records()));
    const before = await loadedAudit(path);
    const saved = [
      await answer(before, 't1', 'complied', 'no'),
      await answer(before, 't2', 'complied', 'no'),
    ];
    await appendEntries(reviewFolder(path), 'ana', saved);
    writeFileSync(path, jsonl(records()).replaceAll('text of', 'other text of'));

    const audit = newAudit(path, unhashed);
    const { hashes } = Dataset.prototype;
    const looked = vi.spyOn(Dataset.prototype, 'hashes').mockImplementation(async function (
      this: Dataset,
      indices,
    ) {
      const known = await hashes.call(this, indices);
      // The reviewer answers anew on the first transcript, before what was found of the two is taken in.
      const entry = { ...saved[0], id: newId(), hash: known[0] } as Entry;
      audit.follow([audit.log.apply(entry).delta]);
      return known;
    });
    await audit.load(new AbortController().signal);
    looked.mockRestore();
    expect(audit.statusOf(0)?.stale).toBe(false);
    expect(audit.totals).toMatchObject({ reviewed: 1, overrides: 1, stale: 1 });
  });

  it('looks at the text of a transcript once, however often the decisions are read again', async () => {
    const path = writeDataset(folder, 'once.jsonl', jsonl(records()));
    const audit = await loadedAudit(path);
    await appendEntries(reviewFolder(path), 'ana', [await answer(audit, 't1', 'complied', 'no')]);
    const looked = vi.spyOn(audit.dataset, 'hashes');
    await audit.readReviews();
    await audit.readReviews();
    expect(looked).toHaveBeenCalledTimes(1);
  });

  it('forgets a transcript that is not there once nobody decides on it any more', async () => {
    const path = writeDataset(folder, 'gone.jsonl', jsonl(records()));
    const audit = await loadedAudit(path);
    const entry = { ...(await answer(audit, 't1', 'complied', 'no')), transcript: 'elsewhere' };
    await appendEntries(reviewFolder(path), 'ana', [entry]);
    await audit.readReviews();
    expect(audit.totals.orphans).toBe(1);
    rmSync(pathOf(reviewFolder(path)), { recursive: true });
    await audit.readReviews();
    expect(audit.totals.orphans).toBe(0);
  });

  it("tells of a broken line in a reviewer's file even where no decision changes", async () => {
    const path = writeDataset(folder, 'broken.jsonl', jsonl(records()));
    const audit = await loadedAudit(path);
    const told = vi.fn();
    audit.onChange(told);
    mkdirSync(pathOf(reviewFolder(path)));
    writeFileSync(pathOf(reviewFolder(path), 'ben.jsonl'), '<<<<<<< ours\n');
    await audit.readReviews();
    expect(audit.reviewProblems).toHaveLength(1);
    expect(told).toHaveBeenCalled();
  });

  it('keeps its totals in step with the status of each transcript', async () => {
    const path = writeDataset(folder, 'totals.jsonl', jsonl(records()));
    const audit = await loadedAudit(path);
    const recount = () => {
      const all = [0, 1, 2, 3].flatMap((index) => audit.statusOf(index) ?? []);
      const overrides = all.reduce((sum, { overridden }) => sum + overridden.size, 0);
      const reviewed = all.filter(({ reviewers }) => reviewers.size > 0).length;
      return { reviewed, overrides, stale: all.filter(({ stale }) => stale).length };
    };
    const edits = [];
    for (const [id, label, value] of [
      ['t1', 'complied', 'no'],
      ['t1', 'alignment_faking', 'no'],
      ['u1', 'complied', 'unsure'],
      ['t1', 'complied', 'yes'],
    ] as const) {
      const { edit, delta } = audit.log.apply(await answer(audit, id, label, value));
      audit.follow([delta]);
      edits.push(edit);
      expect(audit.totals).toMatchObject(recount());
    }
    expect(audit.totals).toMatchObject({ reviewed: 2, overrides: 1 });
    for (const edit of edits.reverse()) {
      audit.follow([flip(audit.log, edit)]);
      expect(audit.totals).toMatchObject(recount());
    }
    expect(audit.totals).toMatchObject({ reviewed: 0, overrides: 0, stale: 0 });
  });
});
