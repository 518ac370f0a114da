import type { RecordRange } from '../../src/core/dataset/scan';
import type { Source } from '../../src/node/sources/source';

/** What a source says of one record: its value and warnings, or why it has none. */
export interface Told {
  readonly range: RecordRange;
  readonly value?: unknown;
  readonly warnings?: readonly string[];
  readonly reason?: string;
}

/** Every record of a source; each is read a second time by its range, and must be told the same. */
export async function readSource(source: Source): Promise<Told[]> {
  const all: Told[] = [];
  for await (const chunk of source.chunks()) {
    if (chunk.bytesRead > source.stamp.size) throw new Error('more bytes read than the file has');
    for (const { range, value } of chunk.records) all.push({ range, ...plain(value()) });
  }
  for (const told of all) {
    const again = JSON.stringify({ range: told.range, ...plain(await source.read(told.range)) });
    if (again !== JSON.stringify(told)) throw new Error(`read anew: ${again}, not ${JSON.stringify(told)}`);
  }
  return all;
}

function plain(value: Awaited<ReturnType<Source['read']>>): Omit<Told, 'range'> {
  return value.ok ? { value: value.value, warnings: value.warnings } : { reason: value.reason };
}
