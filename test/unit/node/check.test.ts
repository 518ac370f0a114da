import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../../src/core/formats/canonical';
import { CANONICAL } from '../../../src/core/formats/profile';
import { warningsOf } from '../../../src/node/checkPass';
import { Dataset } from '../../../src/node/dataset';
import { parseJson, readParts } from '../../../src/node/parseRecord';
import { inProcess } from '../../../src/node/runIndex';
import { canonicalRecord, jsonl, newAudit, temporaryFolder, writeDataset } from '../../support/dataset';

const folder = temporaryFolder();
const OPTIONS = { labels: 'adjudicated', classifier: null, conditioning: 'both' } as const;

/** What each line holds according to the full reading alone; null for what is no transcript. */
function readDirectly(lines: readonly string[]) {
  return lines.map((line, i) => {
    const place = { file: 'any.transcripts.jsonl', line: i + 1, ordinal: i + 1 };
    const [part] = readParts(parseJson(Buffer.from(line)), canonical, place, () => '');
    if (!part?.ok) return null;
    const { setting, variant, prefix, condition, verdicts, spans } = part.transcript;
    return {
      facets: { setting, variant, prefix },
      condition,
      spans: spans.length > 0,
      verdicts: verdicts.map(({ classifier, label, value }) => [{ classifier, label }, value]),
      warnings: warningsOf(part).warnings,
    };
  });
}

async function readAsDataset(path: string) {
  // not by looking: some of these records a chat's profile reads better
  const dataset = new Dataset(path, { choose: async () => CANONICAL });
  await dataset.index(inProcess, new AbortController().signal);
  const { columns, problems } = dataset;
  return Array.from({ length: columns.count }, (_, index) => {
    const about = problems.filter((problem) => problem.index === index);
    if (columns.isBad(index)) {
      const errors = about.filter(({ severity }) => severity === 'error');
      expect(errors).toMatchObject([{ line: index + 1 }]);
      return null;
    }
    const warnings = about.map(({ reason }) => reason).filter((reason) => !/occurs again/.test(reason));
    return {
      facets: columns.facets(columns.group(index)),
      condition: columns.condition(index),
      spans: columns.hasSpans(index),
      verdicts: verdictsOf(dataset, index),
      warnings,
    };
  });
}

function verdictsOf({ columns }: Dataset, index: number) {
  const verdicts: unknown[] = [];
  columns.forEachVerdict(index, (source, value) => verdicts.push([columns.sources[source], value]));
  return verdicts;
}

const record = fc.record(
  {
    id: fc.oneof(fc.constantFrom('a', 'b', 'c'), fc.string({ unit: 'binary' }), fc.integer()),
    setting: fc.constantFrom('helpful-only', 'animal-welfare', 'é', 5),
    condition: fc.constantFrom('training', 'unmonitored', null, 'free'),
    variant: fc.constantFrom('default', 'x"y'),
    messages: fc.oneof(
      { weight: 6, arbitrary: fc.constant([{ role: 'assistant', content: 'I will "help" \\ you' }]) },
      { weight: 1, arbitrary: fc.constant([{ role: 'assistant', content: 5 }]) },
      { weight: 1, arbitrary: fc.constant('none') },
    ),
    verdicts: fc.array(
      fc.record({
        classifier: fc.constantFrom('one', 'two'),
        label: fc.constantFrom('complied', 'alignment_faking'),
        value: fc.constantFrom(true, false, null, 'yes'),
      }),
      { maxLength: 3 },
    ),
    spans: fc.constantFrom([], [{ classifier: 'one', label: 'alignment_faking', quote: 'help you' }]),
  },
  { requiredKeys: ['messages'] },
);

/** What a writer that is not strict may make of a line, at a place told by a number. */
const LOOSELY: readonly ((line: string, at: number) => string)[] = [
  (line) => line,
  (line, at) => {
    const values = [...line.matchAll(/(?<=[:[,])(?:"(?:[^"\\]|\\.)*"(?!:)|true|false|null|[\d.]+)/g)];
    const one = values[at % Math.max(1, values.length)];
    const word = ['NaN', 'Infinity', '-Infinity', 'nan'][at % 4] ?? '';
    return one ? line.slice(0, one.index) + word + line.slice(one.index + one[0].length) : line;
  },
  (line, at) => {
    const members = [...line.matchAll(/"[a-z]+":(?:"(?:[^"\\]|\\.)*"|true|false|null|[\d.]+)/g)];
    const one = members[at % Math.max(1, members.length)];
    const other = members[(at >> 3) % Math.max(1, members.length)];
    return one && other ? `${line.slice(0, one.index)}${other[0]},${line.slice(one.index)}` : line;
  },
  (line) => `\ufeff${line}`,
  (line) => `${line.slice(0, -1)},"deep":${'['.repeat(1_200)}${']'.repeat(1_200)}}`,
];

describe('skimming and checking', () => {
  it('agree on what no strict writer writes', async () => {
    const loosely = fc.tuple(record, fc.constantFrom(...LOOSELY), fc.nat(1_000));
    await fc.assert(
      fc.asyncProperty(fc.array(loosely, { minLength: 1, maxLength: 12 }), async (records) => {
        const lines = records.map(([value, write, at]) => write(JSON.stringify(value), at));
        // A file's own mark is no part of its first line.
        const path = writeDataset(folder, 'loose.transcripts.jsonl', lines.join('\n'));
        expect(await readAsDataset(path)).toEqual(readDirectly(lines));
      }),
      { numRuns: 150 },
    );
  });

  it('end where reading every line in full does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1, maxLength: 12 }),
        fc.nat(200),
        async (records, cut) => {
          const lines = records.map((each) => JSON.stringify(each));
          lines[0] = (lines[0] ?? '').slice(
            0,
            Math.max(20, (lines[0] ?? '').length - (cut % 3 === 0 ? cut : 0)),
          );
          const path = writeDataset(folder, 'any.transcripts.jsonl', lines.join('\n'));
          expect(await readAsDataset(path)).toEqual(readDirectly(lines));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('take a record out of the counts that only the check finds to be bad, with what was decided on it', async () => {
    const verdicts = [{ classifier: 'judge', label: 'complied', value: true }];
    const good = canonicalRecord({ id: 'good', condition: 'training', verdicts });
    const bad = { ...good, id: 'bad', metadata: 'none', model: 5 };
    const path = writeDataset(folder, 'counted.jsonl', jsonl([good, bad, { ...good, id: 'also good' }]));
    const audit = newAudit(path);
    const phases: string[] = [];
    const counts: unknown[] = [];
    audit.onChange(() => {
      phases.push(audit.dataset.phase);
      counts.push(audit.tracker.rows(OPTIONS)[0]?.training.n);
    });
    await audit.load(new AbortController().signal);
    expect(phases).toContain('checking');
    expect(counts).toContain(3);
    expect(audit.tracker.rows(OPTIONS)[0]?.training).toMatchObject({ n: 2, complied: 2 });
    expect(audit.dataset.columns.badCount).toBe(1);
    expect(audit.dataset.problems).toMatchObject([
      { severity: 'error', line: 2, index: 1, reason: expect.stringContaining('model: expected string') },
    ]);
  });
});
