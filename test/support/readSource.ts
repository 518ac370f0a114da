import type { RecordRange } from '../../src/core/dataset/scan';
import type { Source } from '../../src/node/sources/source';

/** What a source says of one record: its value and warnings, or why it has none. */
export interface Told {
  readonly range: RecordRange;
  readonly value?: unknown;
  readonly warnings?: readonly string[];
  readonly reason?: string;
}

/**
 * Every record of a source; each is read a second time by its range.
 * @param sameAgain whether it must then be told the same; in a damaged file, the way to a record may decide what is wrong.
 */
export async function readSource(source: Source, sameAgain = true): Promise<Told[]> {
  const all: Told[] = [];
  for await (const chunk of source.chunks()) {
    if (chunk.bytesRead > source.stamp.size) throw new Error('more bytes read than the file has');
    for (const { range, value } of chunk.records) all.push({ range, ...plain(value()) });
  }
  for (const told of all) {
    const again = JSON.stringify({ range: told.range, ...plain(await source.read(told.range)) });
    const first = JSON.stringify(told);
    if (sameAgain && first !== again) throw new Error(`read anew: ${again}, not ${first}`);
  }
  return all;
}

function plain(value: Awaited<ReturnType<Source['read']>>): Omit<Told, 'range'> {
  return value.ok ? { value: value.value, warnings: value.warnings } : { reason: value.reason };
}
