/**
 * Files of every kind, damaged at random: whatever a file has become, the product says what it is, in words, and ends.
 */
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  CONTAINERS,
  type Container,
  PACKED_PARQUET,
  PARQUET,
  writeContainer,
} from '../../support/containers';
import { indexed, temporaryFolder } from '../../support/dataset';
import { mutation } from '../../support/mutations';
import { byName } from '../../support/told';

const MOST_MEMORY_KB = 2_000_000;

const folder = temporaryFolder();
const given = [
  'plain',
  'é😀 "quoted", \\ and\nmore',
  '<SCRATCHPAD>why</SCRATCHPAD> no',
  'x'.repeat(300),
  '',
].map((text, i) => ({ id: i === 3 ? 7 : `id-${i}`, text }));

/** What only who wrote the reader understands. */
const NO_WORDS =
  /undefined|\bnull\b|not a function|Cannot read prop|\[object|Invalid (?:array|typed)|out of range|call stack/;

async function check(container: Container, files: Readonly<Record<string, Uint8Array>>) {
  const dataset = await indexed(writeContainer(join(folder, container.name), container, files));
  const { columns, problems, phase, error } = dataset;
  expect(['ready', 'failed']).toContain(phase);
  if (phase === 'failed') expect(error).not.toMatch(NO_WORDS);
  for (const { reason } of problems) expect(reason).not.toBe('');
  expect(problems).toHaveLength(dataset.errors + dataset.warnings);
  for (let index = 0; index < columns.count; index++) {
    const record = await dataset.record(index);
    expect([index, record.kind]).toEqual([index, columns.isBad(index) ? 'bad' : 'transcript']);
    const about = problems.filter((problem) => problem.index === index);
    const errors = about.filter(({ severity }) => severity === 'error');
    expect(errors).toHaveLength(columns.isBad(index) ? 1 : 0);
    if (record.kind === 'bad') expect(record.reason).not.toMatch(NO_WORDS);
    else for (const { content } of record.transcript.messages) expect(typeof content).toBe('string');
  }
  expect(problems.filter(({ severity }) => severity === 'error')).toHaveLength(dataset.errors);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  dataset.dispose();
}

describe('a damaged file', () => {
  it.each(byName([...CONTAINERS, PACKED_PARQUET]))(
    'is read as far as it can be, and the rest told: %s',
    async (_name, container) => {
      const records = given.map(({ id, text }) => ({
        id: container === PARQUET ? String(id) : id,
        text,
      }));
      const whole = container.files(records);
      const names = Object.keys(whole);
      await fc.assert(
        fc.asyncProperty(fc.nat(), mutation, fc.boolean(), async (which, mutate, inside) => {
          const damaged = inside ? container.files(records, (bytes) => Buffer.from(mutate(bytes))) : whole;
          const name = names[which % names.length] ?? '';
          const file = whole[name] ?? new Uint8Array();
          await check(container, inside ? damaged : { ...whole, [name]: mutate(file) });
        }),
        { numRuns: 120 },
      );
    },
  );

  afterAll(() => expect(process.resourceUsage().maxRSS).toBeLessThan(MOST_MEMORY_KB));
});
