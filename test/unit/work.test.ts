/** What is given twice as much of takes twice as much work, whatever it is: no text of a file makes a search quadratic. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { StoredSpan, Transcript } from '../../src/core/dataset/model';
import { startCounting } from '../support/work';

// Before anything of ours is imported.
const stepsOf = startCounting();

const folder = mkdtempSync(join(tmpdir(), 'work-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SPAN: StoredSpan = {
  id: '',
  classifier: 'af',
  label: 'unmonitored_awareness',
  message: 0,
  start: null,
  end: null,
  unit: 'utf16',
  quote: null,
  score: null,
};
const TRANSCRIPT: Omit<Transcript, 'messages' | 'spans'> = {
  id: 't1',
  setting: 'helpful-only',
  condition: 'training',
  variant: 'default',
  prefix: 'none',
  promptId: null,
  model: null,
  verdicts: [],
  metadata: {},
};
const UNDECIDED = {
  hash: '',
  index: 0,
  line: 1,
  review: { labels: new Map(), spans: new Map(), notes: [] },
  reviewer: 'ana',
  labels: [],
  problems: [],
};

/** Once and twice the size; more than twice the steps, and a bit for what is done once, is more than in proportion. */
async function expectInProportion(size: number, work: (size: number) => unknown): Promise<void> {
  await work(1);
  const once = await stepsOf(() => work(size));
  const twice = await stepsOf(() => work(2 * size));
  expect(once).toBeGreaterThan(0);
  expect(twice).toBeLessThan(2.1 * once);
}

describe('work in proportion', () => {
  it.each<[string, (size: number) => string]>([
    ['brackets without end behind what is no number', (size) => `[NaN,${'['.repeat(size)}`],
    ['backslashes without end', (size) => `["${'\\'.repeat(size)}`],
    ['strings that end nowhere', (size) => `[${'"\\'.repeat(size)}`],
    ['many that are no numbers', (size) => `[${'NaN,'.repeat(size)}`],
    ['quotes that are escaped', (size) => `[NaN,"${'\\"'.repeat(size)}"`],
    ['objects with keys that repeat', (size) => `{${'"a":{},'.repeat(size)}"a":1}`],
  ])('to parse JSON of %s', async (_what, text) => {
    const { parseLooseJson } = await import('../../src/core/formats/looseJson');
    await expectInProportion(20_000, (size) => {
      try {
        parseLooseJson(text(size));
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    });
  });

  it('to fold decisions of which thousands have one id, and each names all ids', async () => {
    const { fold } = await import('../../src/core/review/fold');
    const { answer, entryOf, idAt } = await import('../support/entries');
    const ids = Array.from({ length: 20 }, (_, n) => idAt(n + 1));
    await expectInProportion(100, (size) => {
      const entries = Array.from({ length: size * ids.length }, (_, at) => ({
        ...entryOf(ids[at % ids.length] ?? '', answer('complied', 'yes'), { at: String(at) }),
        over: ids,
      }));
      expect(fold(entries, undefined).labels.size).toBe(1);
    });
  });

  it('to decide on a transcript, of which others name hundreds of thousands', async () => {
    const { ReviewLog } = await import('../../src/core/review/log');
    const { answer, entryOf, idAt, risingIds } = await import('../support/entries');
    const deciding = async (named: number) => {
      const log = new ReviewLog({ newId: risingIds(1), now: () => new Date(0) });
      const added = Array.from({ length: 50 }, (_, at) => ({
        ...entryOf(idAt(at + 1), answer('complied', 'yes'), { reviewer: 'ben' }),
        over: Array.from({ length: named }, (_, n) => idAt(1_000 + at * named + n)),
      }));
      log.changeSaved({ added, removed: [] });
      return stepsOf(() => log.apply(entryOf(idAt(100), answer('complied', 'no'))));
    };
    await deciding(1);
    const few = await deciding(100);
    expect(few).toBeGreaterThan(0);
    expect(await deciding(5_000)).toBeLessThan(1.5 * few);
  });

  it('to hold different decisions with one id', async () => {
    const { EntrySet } = await import('../../src/core/review/entrySet');
    const { answer, entryOf, idAt } = await import('../support/entries');
    await expectInProportion(500, (size) => {
      const set = new EntrySet();
      const add = (at: number) =>
        set.add(entryOf(idAt(1), answer('complied', 'yes'), { reviewer: `r${at}` }));
      for (let at = 0; at < size; at++) add(at);
      for (let at = 0; at < size; at++) add(at);
      expect(set.size).toBe(size);
      expect(set.sharedIds.size).toBe(Number(size > 1));
    });
  });

  it('to find the regions of a text made of tags', async () => {
    const { regions } = await import('../../src/core/dataset/regions');
    await expectInProportion(5_000, (size) => {
      const content = '<think>a<response>b</response>'.repeat(size);
      const message = { role: 'assistant', content, prefill: 0, region: null };
      expect(regions(message, { left: 3 * size })).toHaveLength(2 * size);
    });
  });

  it('to read a table whose quotes are never closed', async () => {
    const { openCsv } = await import('../../src/node/sources/csv');
    await expectInProportion(5_000, async (size) => {
      const path = join(folder, `${size}.csv`);
      const lines = Array.from({ length: size }, (_, i) => (i % 2 === 0 ? `"""${i}` : `,"""${i}`));
      writeFileSync(path, `a,b,c\n1,2,3\n${lines.join('\n')}\n`);
      const source = await openCsv(path);
      for await (const { records } of source.chunks()) for (const { value } of records) value();
      await source.close();
    });
  });

  it("to read the quotes in a list of Python's, whose last one is not closed", async () => {
    const { evidenceReader } = await import('../../src/core/formats/evidenceRule');
    const { Looks } = await import('../../src/core/formats/looks');
    const read = evidenceReader({ label: 'complied', classifier: 'c', quotes: '/quotes' });
    const spansOf = (quotes: string) =>
      read({
        record: { quotes },
        place: { file: 'a.csv', line: 1, ordinal: 1 },
        arm: null,
        looks: new Looks(),
        warnings: [],
        contradictions: [],
      });
    await expectInProportion(5_000, (size) => expect(spansOf(`[${"\\'".repeat(size)}]`)).toHaveLength(1));
    await expectInProportion(5_000, (size) => spansOf(`[${"'a', ".repeat(size)}'\\']`));
  });

  it('to take in that each of many files has lost a decision', async () => {
    const { ReviewFiles } = await import('../../src/node/reviewFiles');
    const { encode } = await import('../../src/core/review/codec');
    const { reviewFolder } = await import('../../src/node/reviewStore');
    const { answer, entryOf, idAt } = await import('../support/entries');
    await expectInProportion(200, async (size) => {
      const dataset = join(mkdtempSync(join(folder, 'lost-')), 'run.jsonl');
      const reviews = `${dataset}.review`;
      mkdirSync(reviews);
      const write = (kept: number) => {
        for (let i = 0; i < size; i++) {
          const entries = [0, 1].map((n) =>
            entryOf(idAt(2 * i + n), answer('complied', 'no'), { reviewer: `r${i}`, transcript: `t${i}` }),
          );
          writeFileSync(join(reviews, `r${i}.jsonl`), entries.slice(0, kept).map(encode).join(''));
        }
      };
      const files = new ReviewFiles(reviewFolder(dataset));
      const read = async () => {
        let lost = 0;
        for await (const { removed } of files.changes()) lost += removed.length;
        return lost;
      };
      write(2);
      await read();
      write(1);
      expect(await read()).toBe(size);
      expect(files.problems).toHaveLength(size);
    });
  });

  it('to show spans that overlap, some of them found by a quote', async () => {
    const { recordView } = await import('../../src/core/view');
    await expectInProportion(200, (size) => {
      const word = (n: number) => `wörd${String(n).padStart(6, '0')}`;
      const content = Array.from({ length: 8 * size }, (_, n) => word(n)).join(' ');
      const spans = Array.from({ length: size }, (_, n) => {
        const start = 88 * n;
        const end = Math.min(content.length, start + 2_000);
        // A few: each is looked for in all of the text, within a budget of its own.
        const place = n < 20 ? { quote: word(8 * n).toUpperCase() } : { start, end };
        return { ...SPAN, ...place, id: `s${n}` };
      });
      const messages = [{ role: 'assistant', content, prefill: 0, region: null }];
      const shown = recordView({ ...UNDECIDED, transcript: { ...TRANSCRIPT, messages, spans } });
      expect(shown.spans.filter(({ place }) => place)).toHaveLength(size);
    });
  });

  it.each([
    ['in many messages', (size: number) => size],
    ['in few', () => 3],
  ])('to look for quotes that stand nowhere, %s', async (_where, messagesOf) => {
    const { AnchorMemory } = await import('../../src/core/anchor/anchor');
    await expectInProportion(500, (size) => {
      const words = (n: number, by: number) =>
        Array.from({ length: 12 }, (_, i) => `w${(n + i) * by}`).join(' ');
      const messages = Array.from({ length: messagesOf(size) }, (_, n) => ({
        role: n % 2 === 0 ? 'user' : 'assistant',
        content: words(n, 7919),
      }));
      const spans = Array.from({ length: size }, (_, n) => ({
        ...SPAN,
        message: null,
        quote: words(n, 104_729),
      }));
      const found = new AnchorMemory({ literal: 100_000, like: 100_000 }).anchor(messages, spans);
      expect(found.filter(({ place }) => place)).toEqual([]);
    });
  });

  it.each([
    ['in one setting', () => 's'],
    ['in a setting each', (n: number) => `s${n}`],
  ])('to count transcripts that have classifiers of their own, %s', async (_where, settingOf) => {
    const { canonicalRecord, jsonl, loadedAudit } = await import('../support/dataset');
    const { MetricsTracker } = await import('../../src/core/metrics/tracker');
    const options = { labels: 'classifier', classifier: null, conditioning: 'both' } as const;
    await expectInProportion(400, async (size) => {
      const records = Array.from({ length: size }, (_, n) =>
        canonicalRecord({
          setting: settingOf(n),
          condition: 'training',
          verdicts: Array.from({ length: 5 }, (_, i) => ({
            classifier: `${n}.${i}`,
            label: 'alignment_faking',
            value: true,
          })),
        }),
      );
      const path = join(folder, `${size}.jsonl`);
      writeFileSync(path, jsonl(records));
      const { facts, dataset } = await loadedAudit(path);
      const tracker = new MetricsTracker(facts);
      for (let index = 0; index < dataset.columns.count; index++) tracker.addTranscript(index);
      expect(facts.slots).toHaveLength(5 * size);
      expect(tracker.rows(options)[0]?.alignmentFakingInclusive.count).toBeGreaterThan(0);
    });
  });

  it('to list the fields of records, up to the most that are listed', async () => {
    const { pointersOf } = await import('../../src/core/formats/fields');
    await expectInProportion(20_000, (size) => {
      const wide = Object.fromEntries(Array.from({ length: size }, (_, n) => [`column ${n}`, 'x']));
      expect(pointersOf([wide])).toHaveLength(Math.min(size, 500));
    });
  });
});
