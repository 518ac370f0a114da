import type { RecordRange } from '../../core/dataset/scan';
import { isObject } from '../../core/formats/format';
import { SCOUT_TRANSCRIPTS } from '../../core/formats/profiles/scout';
import { isScoutTranscripts, scoutTranscriptRecord } from '../../core/formats/scoutTranscript';
import type { RecordValue, Source, SourceChunk } from './source';

/**
 * Rows of Parquet as transcripts of Inspect Scout, where their columns are those of such: their JSON in strings parsed,
 * their messages made plain. A source of other rows is returned as it is.
 */
export async function asScoutTranscripts(rows: Source): Promise<Source> {
  const first = await rows.read({ offset: 0, length: 0, line: 1 });
  const columns = first.ok && isObject(first.value) ? Object.keys(first.value) : [];
  return isScoutTranscripts(columns) ? new ScoutTranscripts(rows) : rows;
}

class ScoutTranscripts implements Source {
  readonly container = 'Inspect Scout transcripts';
  readonly unit = 'row';
  readonly profile = SCOUT_TRANSCRIPTS;

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
