/** Writes the folder of a scan as Inspect Scout does: one Parquet file a scanner. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';

export type ScanRow = Readonly<Record<string, string | number | boolean | null>>;

/** Text columns, null where a row has nothing; `transcript_task_repeat` and `epoch` are 64-bit integers. */
export function parquet(rows: readonly ScanRow[], rowGroupSize?: number): Uint8Array {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columnData = names.map((name) => {
    const isCount = name === 'transcript_task_repeat' || name === 'epoch';
    const data = rows.map((row) => {
      const value = row[name] ?? null;
      if (value === null || typeof value === 'boolean') return value;
      return isCount ? BigInt(value) : String(value);
    });
    const type = data.some((value) => typeof value === 'boolean') ? 'BOOLEAN' : isCount ? 'INT64' : 'STRING';
    return { name, data, type, nullable: true } as const;
  });
  const options = rowGroupSize === undefined ? { columnData } : { columnData, rowGroupSize };
  return new Uint8Array(parquetWriteBuffer(options));
}

export function writeScan(
  folder: string,
  scanners: Readonly<Record<string, readonly ScanRow[]>>,
  rowGroupSize?: number,
): string {
  mkdirSync(folder, { recursive: true });
  const facts = { scan_id: 'scan-1', scan_name: 'nightly', timestamp: '2025-10-13T17:05:38-04:00' };
  writeFileSync(join(folder, '_scan.json'), JSON.stringify(facts));
  for (const [name, rows] of Object.entries(scanners)) {
    writeFileSync(join(folder, `${name}.parquet`), parquet(rows, rowGroupSize));
  }
  return folder;
}

/** A row about a transcript whose text the scan holds. */
export function scanRow(id: string, value: unknown, more: ScanRow = {}): ScanRow {
  const isText = typeof value === 'string';
  return {
    transcript_id: id,
    transcript_model: 'maker/one',
    transcript_task_set: 'tidy',
    transcript_task_id: `task of ${id}`,
    transcript_metadata: JSON.stringify({ sample_metadata: { condition: 'free', setting: 'helpful-only' } }),
    input_type: 'transcript',
    input: JSON.stringify({ transcript_id: id, messages: messagesOf(id) }),
    value: value === null ? null : isText ? value : JSON.stringify(value),
    value_type: value === null ? 'null' : isText ? 'string' : Array.isArray(value) ? 'array' : typeof value,
    message_references: '[]',
    ...more,
  };
}

export function messagesOf(id: string) {
  return [
    { id: `${id}-1`, role: 'user', content: `Please do ${id}.` },
    {
      id: `${id}-2`,
      role: 'assistant',
      content: [
        { type: 'reasoning', reasoning: `Am I watched over ${id}?` },
        { type: 'text', text: `Done: ${id}` },
      ],
    },
  ];
}
