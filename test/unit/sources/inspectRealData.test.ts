import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../../src/core/formats/canonical';
import { INSPECT } from '../../../src/core/formats/profiles/inspect';
import { formatOf } from '../../../src/core/formats/registry';
import { openSource } from '../../../src/node/sources/open';
import { goodValues, readAll } from '../../support/records';

const DATA = new URL('../../../../shared/data/', import.meta.url).pathname;

/** Counted with Python's zipfile and json: samples, their messages, and their scores. */
const LOGS: readonly [file: string, samples: number, stored: number, scores: number][] = [
  ['inspect_ai/2024-11-05T13-32-37-05-00_input-task_hxs4q9azL3ySGkjJirypKZ.eval', 1, 3, 1],
  ['inspect_ai/2025-02-11T15-17-00-05-00_popularity_dPiJifoWeEQBrfWsAopzWr.eval', 10, 30, 0],
  ['inspect_ai/2025-02-11T15-18-04-05-00_popularity_mj7khqpMM4GBCfVQozKgzB.eval', 10, 30, 10],
  ['inspect_ai/2025-05-12T20-28-26-04-00_security-guide.json', 3, 9, 3],
  ['inspect_ai/log_formats.eval', 1, 3, 1],
  ['inspect_ai/log_message_deduplication.eval', 1, 12, 1],
  ['inspect_ai/log_read_sample.eval', 1, 3, 1],
  ['inspect_ai/log_streaming.eval', 4, 12, 4],
  ['inspect_ai/mmlu-no-summary-choices.eval', 1, 2, 1],
  ['inspect_ai/mmlu-summary-choices.eval', 1, 2, 1],
  ['inspect_scout/2025-09-23T08-09-58-04-00_popularity_DN2wbX2ZvACsBpjwptzBRo.eval', 100, 300, 100],
  ['inspect_scout/2025-09-23T08-09-58-04-00_security-guide_LuxZJVwvymC3S3SyoJczxB.eval', 16, 48, 16],
];

describe('logs and scans in the folder of real data (needs it)', () => {
  it.skipIf(!existsSync(DATA)).each(LOGS)('%s', async (file, samples, stored, scores) => {
    const source = await openSource(`${DATA}${file}`, null);
    const { values, frameProblem } = await readAll(source);
    await source.close();
    expect(frameProblem).toBeNull();
    const format = await formatOf(INSPECT);
    const transcripts = goodValues(values).map((value) => {
      const [part] = format.read(value, { file, line: 1, ordinal: 1 });
      if (!part?.ok) throw new Error('not read');
      expect(part.warnings).toEqual([]);
      return part.transcript;
    });
    expect(transcripts).toHaveLength(samples);
    // a call of a tool is a message of its own
    const plain = transcripts
      .flatMap(({ messages }) => messages)
      .filter(({ content }) => !content.startsWith('[tool call]'));
    expect(plain).toHaveLength(stored);
    expect(transcripts.flatMap(({ verdicts }) => verdicts)).toHaveLength(scores);
    expect(new Set(transcripts.map(({ id }) => id)).size).toBe(samples);
  });

  it.skipIf(!existsSync(DATA))(
    'a scan of 216 transcripts by two scanners, 116 of them with their logs beside it',
    async () => {
      const source = await openSource(`${DATA}inspect_scout/scans/scan_id=JzvEPBFB4aVpCU93FFbiFT`, null);
      const { values } = await readAll(source);
      await source.close();
      const transcripts = goodValues(values).map((value) => {
        const [part] = canonical.read(value, { file: 'scan', line: 1, ordinal: 1 });
        if (!part?.ok) throw new Error('not read');
        return part.transcript;
      });
      expect(transcripts).toHaveLength(216);
      expect(transcripts.every(({ verdicts }) => verdicts.length === 2)).toBe(true);
      expect(transcripts.filter(({ messages }) => messages.length === 3)).toHaveLength(116);
    },
  );
});
