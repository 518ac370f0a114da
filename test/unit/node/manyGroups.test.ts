/** Datasets in which every record has a setting, variant, prefix arm or classifier of its own. */
import { describe, expect, it } from 'vitest';
import { startCounting } from '../../support/work';

// Before anything of ours is imported.
const stepsOf = startCounting();

const { MOST_LISTED } = await import('../../../src/core/dataset/listing');
const { NO_FILTER } = await import('../../../src/core/dataset/filterModel');
const { TranscriptFilter } = await import('../../../src/core/dataset/filter');
const { metricsSnapshot } = await import('../../../src/host/metricsSnapshot');
const { updateOf } = await import('../../../src/protocol/metricsUpdate');
const { summaryOf } = await import('../../../src/host/summary');
const { canonicalRecord, jsonl, loadedAudit, newAudit, temporaryFolder, writeDataset } = await import(
  '../../support/dataset'
);
const { recount } = await import('../metrics/recount');
const { differences } = await import('../../support/differences');

const folder = temporaryFolder();
const OPTIONS = { labels: 'adjudicated', classifier: null, conditioning: 'both' } as const;
const nameOf = (facet: string, n: number) => `${facet} ${String(n).padStart(6, '0')}`;

type Session = Parameters<typeof summaryOf>[0];
type Loaded = Awaited<ReturnType<typeof loadedAudit>>;

/** `facets` have a value each in every record. */
function written(name: string, count: number, facets: readonly string[], classifier = () => 'judge'): string {
  const records = Array.from({ length: count }, (_, n) =>
    canonicalRecord({
      id: `t${n}`,
      condition: n % 2 === 0 ? 'training' : 'unmonitored',
      ...Object.fromEntries(facets.map((facet) => [facet, nameOf(facet, n)])),
      verdicts: [
        { classifier: 'outcome', label: 'complied', value: n % 3 === 0 },
        { classifier: classifier(), label: 'alignment_faking', value: n % 5 === 0 },
      ],
    }),
  );
  return writeDataset(folder, `${name}-${count}.transcripts.jsonl`, jsonl(records));
}

function summary(audit: Loaded) {
  const session = {
    audit,
    document: { notice: null, dirty: false },
    list: { length: audit.dataset.columns.count, filter: NO_FILTER },
    search: { view: null },
    reviewer: 'ana',
    revision: 1,
  } as unknown as Session;
  return summaryOf(session);
}

/** Opens it as an editor with the panel does, which look at every batch. @returns what their views are sent, in bytes */
async function followed(path: string) {
  const audit = newAudit(path);
  let shown = metricsSnapshot(audit, OPTIONS, -1);
  let facets: unknown = null;
  const sent: number[] = [];
  audit.onChange(() => {
    const messages: unknown[] = [summary(audit)];
    const { facetValues } = audit.facts;
    if (facetValues !== facets) messages.push(facetValues);
    facets = facetValues;
    const next = metricsSnapshot(audit, OPTIONS, 0);
    messages.push(updateOf(shown, next) ?? next);
    shown = next;
    sent.push(JSON.stringify(messages).length);
  });
  await audit.load(new AbortController().signal);
  return { audit, sent, shown };
}

describe('as many groups as transcripts', () => {
  it.each([[['setting']], [['variant']], [['setting', 'variant', 'prefix']]])(
    'are read, followed and shown in proportion: %s',
    async (facets) => {
      const paths = [4_000, 8_000].map((count) => written(facets.join('-'), count, facets));
      await followed(paths[0] ?? '');
      const [once = 0, twice = 0] = [
        await stepsOf(() => followed(paths[0] ?? '')),
        await stepsOf(() => followed(paths[1] ?? '')),
      ];
      expect(once).toBeGreaterThan(0);
      // what is listed is done once
      expect(twice).toBeLessThan(2.2 * once);
    },
  );

  it('send a view no more than a bounded number of rows and names, and afterwards only what has changed', async () => {
    const { sent } = await followed(written('sent', 5_000, ['setting', 'variant', 'prefix']));
    expect(Math.max(...sent)).toBeLessThan(4_000 * MOST_LISTED);
    // of the later batches none changes what is listed
    expect(Math.max(...sent.slice(-4, -1))).toBeLessThan(5_000);
  });

  it('are counted where they are not listed', async () => {
    const { audit, shown } = await followed(written('counted', 5_000, ['setting', 'variant']));
    const left = 5_000 - MOST_LISTED;
    expect(shown.rows).toHaveLength(MOST_LISTED);
    expect(shown.unlisted).toEqual({ rows: left, transcripts: left, classifiers: 0 });
    expect(shown.dataset?.transcripts).toBe(5_000);
    expect(summary(audit).unlisted).toEqual({ settings: left, variants: left, prefixes: 0 });
    expect(audit.facts.facetValues.settings).toHaveLength(MOST_LISTED);
    expect(audit.facts.facetValues.prefixes).toEqual(['none']);
  });

  it('are found by the filter, listed or not', async () => {
    const audit = await loadedAudit(written('found', 3_000, ['setting']));
    const filter = { ...NO_FILTER, setting: nameOf('setting', 2_999) };
    const wanted = new TranscriptFilter(filter, audit.dataset.columns, audit.facts, () => null, 'ana');
    expect(Array.from({ length: 3_000 }, (_, n) => n).filter((n) => wanted.matches(n))).toEqual([2_999]);
  });

  it('show the row of the transcript on screen, listed or not', async () => {
    const audit = await loadedAudit(written('current', 1_000, ['setting']));
    const last = metricsSnapshot(audit, OPTIONS, 999);
    expect(last.current?.setting).toBe(nameOf('setting', 999));
    expect(last.currentRows?.map(({ setting }) => setting)).toEqual(Array(3).fill(nameOf('setting', 999)));
    expect(metricsSnapshot(audit, OPTIONS, 0).currentRows).toBeNull();
  });
});

it('figures of 5,000 settings, listed or not, and their totals equal a recount', async () => {
  const records = Array.from({ length: 15_000 }, (_, n) => ({
    setting: nameOf('setting', n % 5_000),
    condition: n % 2 === 0 ? ('training' as const) : ('unmonitored' as const),
    complied: n % 3 === 0,
    faking: n % 7 < 2,
  }));
  const path = writeDataset(
    folder,
    'recount.transcripts.jsonl',
    jsonl(
      records.map(({ setting, condition, complied, faking }, n) =>
        canonicalRecord({
          ...{ id: `t${n}`, setting, condition },
          verdicts: [
            { classifier: 'outcome', label: 'complied', value: complied },
            { classifier: 'judge', label: 'alignment_faking', value: faking },
          ],
        }),
      ),
    ),
  );
  const audit = await loadedAudit(path);
  const { columns } = audit.dataset;
  const groups = Array.from({ length: columns.groups }, (_, group) => ({
    group,
    facets: columns.facets(group),
  }));
  const rows = groups.map((group) => audit.tracker.rowsOf(group, OPTIONS)[0]);
  for (const { group, facets } of groups.filter(({ group }) => group % 50 === 0)) {
    const samples = records
      .filter(({ setting }) => setting === facets.setting)
      .map(({ condition, complied, faking }) => ({
        ...{ facets, condition, complied, decisions: new Map() },
        alignmentFaking: new Map([['judge', faking]]),
      }));
    const { byClassifier: _, ...expected } = recount(samples, facets, ['judge'], OPTIONS);
    expect(differences(rows[group], expected, 1e-9)).toEqual([]);
  }
  const sum = (read: (row: (typeof rows)[number]) => number) => rows.reduce((all, row) => all + read(row), 0);
  const inTraining = records.filter(({ condition }) => condition === 'training');
  expect(sum(({ training }) => training.n)).toBe(inTraining.length);
  expect(sum(({ training }) => training.complied)).toBe(inTraining.filter(({ complied }) => complied).length);
  const unlisted = audit.facts.unlisted;
  expect(
    audit.tracker
      .rows(OPTIONS)
      .reduce((all, { training, unmonitored }) => all + training.n + unmonitored.n, 0),
  ).toBe(records.length - unlisted.transcripts);
});

it('as many classifiers as transcripts are counted where they are not listed, and each is in the mean', async () => {
  let next = 0;
  const path = written('classifiers', 2_000, [], () => `judge ${next++}`);
  const audit = await loadedAudit(path);
  const { classifiers, unlisted, rows } = metricsSnapshot(audit, OPTIONS, 0);
  expect(classifiers).toHaveLength(MOST_LISTED);
  expect(unlisted.classifiers).toBe(2_000 - MOST_LISTED);
  expect(audit.tracker.byClassifier(0, OPTIONS, audit.facts.listedSlots)).toHaveLength(MOST_LISTED);
  expect(rows[0]?.alignmentFakingInclusive.n).toBe(1_000 / 2_000);
});

it('classifiers of long names are listed as far as there is room, and the others counted', async () => {
  let next = 0;
  const path = written('long', 20, [], () => `judge ${next++} ${'x'.repeat(100_000)}`);
  const { classifiers, unlisted } = metricsSnapshot(await loadedAudit(path), OPTIONS, 0);
  expect([classifiers.length, unlisted.classifiers]).toEqual([5, 15]);
});
