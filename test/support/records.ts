import type { RecordRange } from '../../src/core/dataset/scan';
import type { RecordValue, Source } from '../../src/node/sources/source';

export interface WholeSource {
  readonly ranges: readonly RecordRange[];
  readonly values: readonly RecordValue[];
  readonly frameProblem: string | null;
  readonly fileWarnings: readonly string[];
}

/** Reads a source from front to back. */
export async function readAll(source: Source): Promise<WholeSource> {
  const ranges: RecordRange[] = [];
  const values: RecordValue[] = [];
  let frameProblem: string | null = null;
  const fileWarnings: string[] = [];
  for await (const chunk of source.chunks()) {
    for (const { range, value } of chunk.records) {
      ranges.push(range);
      values.push(value());
    }
    frameProblem = chunk.frameProblem ?? frameProblem;
    fileWarnings.push(...(chunk.fileWarnings ?? []));
  }
  return { ranges, values, frameProblem, fileWarnings };
}

/** The records that can be read; an error when one cannot. */
export function goodValues(values: readonly RecordValue[]): Record<string, unknown>[] {
  return values.map((record) => {
    if (!record.ok) throw new Error(record.reason);
    return record.value as Record<string, unknown>;
  });
}
