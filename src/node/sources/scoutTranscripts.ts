import type { RecordRange } from '../../core/dataset/scan';
import { isScoutTranscripts, scoutTranscriptRecord } from '../../core/formats/scoutTranscript';
import type { RecordValue, Source, SourceChunk } from './source';

/**
 * Rows of Parquet as transcripts of Inspect Scout, where they are such: their JSON in strings parsed, their messages
 * made plain. `columns` are those of the file; a file of another kind is returned as it is.
 */
export function asScoutTranscripts(rows: Source, columns: readonly string[]): Source {
  return isScoutTranscripts(columns) ? new ScoutTranscripts(rows) : rows;
}

class ScoutTranscripts implements Source {
  readonly container = 'Inspect Scout transcripts';
  readonly unit = 'row';

  constructor(private readonly rows: Source) {}

  get stamp() {
    return this.rows.stamp;
  }

  async *chunks(signal?: AbortSignal): AsyncGenerator<SourceChunk> {
    for await (const chunk of this.rows.chunks(signal)) {
      const records = chunk.records.map((record) => ({ ...record, value: () => normalised(record.value()) }));
      yield { ...chunk, records };
    }
  }

  async read(range: RecordRange): Promise<RecordValue> {
    return normalised(await this.rows.read(range));
  }

  close(): Promise<void> {
    return this.rows.close();
  }
}

function normalised(row: RecordValue): RecordValue {
  if (!row.ok) return row;
  const record = scoutTranscriptRecord(row.value);
  return record.ok ? { ...record, warnings: [...row.warnings, ...record.warnings] } : record;
}
