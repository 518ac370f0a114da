/** Every kind of file that the product reads, each written by code of ours, with what a test wants in it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { header, logEntries, sample, zip } from './inspectLog';
import { written } from './parquetFiles';
import { parquet, scanRow } from './scoutScan';

/** What a record is to hold; `id` left out leaves it out of the file. */
export interface Given {
  readonly id?: unknown;
  readonly text: string;
}

/** A change to the bytes that the writer has made of text, before they are packed. */
type Patch = (bytes: Buffer) => Buffer;

export interface Container {
  readonly name: string;
  /** The profile that must be found to read it. */
  readonly profile: string;
  /** What users are told a record's place is called. */
  readonly unit: 'line' | 'row' | 'sample' | 'transcript';
  /** Path of what is opened, and the content of each file by its path. */
  readonly open: string;
  readonly files: (records: readonly Given[], patch?: Patch) => Readonly<Record<string, Uint8Array>>;
}

const asIs: Patch = (bytes) => bytes;

/** A record of our own format. */
export const canonicalOf = ({ text, ...id }: Given) => ({
  ...id,
  condition: 'training',
  messages: [
    { role: 'user', content: 'Please.' },
    { role: 'assistant', content: text },
  ],
  verdicts: [{ classifier: 'judge', label: 'complied', value: true, score: 0.5 }],
});

const chatOf = ({ text, ...id }: Given) => ({
  ...id,
  conversations: [
    { from: 'human', value: 'Please.' },
    { from: 'gpt', value: text },
  ],
});

/** An elicitation run, as a table keeps it. */
const cellsOf = ({ text, ...id }: Given) => ({ ...id, tier: 'free', raw_response: text, accepted: 'True' });

const sampleOf = ({ text, id }: Given) => ({
  ...sample('x', { metadata: { condition: 'training' } }),
  id,
  messages: [
    { role: 'user', content: 'Please.' },
    { role: 'assistant', content: text },
  ],
});

const json = (value: unknown) => JSON.stringify(value);
const lines = (values: readonly unknown[]) => values.map((value) => `${json(value)}\n`).join('');

function table(records: readonly Given[], delimiter: string): string {
  const rows = records.map(cellsOf);
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (value: unknown) => `"${String(value ?? '').replaceAll('"', '""')}"`;
  const cells = rows.map((row) => names.map((name) => cell((row as Record<string, unknown>)[name])));
  return [names, ...cells].map((row) => `${row.join(delimiter)}\n`).join('');
}

function columns(rows: readonly Readonly<Record<string, unknown>>[]): Uint8Array {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columnData = names.map((name) => ({
    name,
    data: rows.map((row) => row[name] ?? null),
    nullable: true,
  }));
  return written({ columnData, codec: 'UNCOMPRESSED' });
}

function textFile(
  name: string,
  open: string,
  profile: string,
  unit: Container['unit'],
  write: (records: readonly Given[]) => string,
): Container {
  return {
    name,
    profile,
    unit,
    open,
    files: (records, patch = asIs) => ({ [open]: patch(Buffer.from(write(records))) }),
  };
}

export const CANONICAL_LINES = textFile('canonical lines', 'own.jsonl', 'canonical', 'line', (records) =>
  lines(records.map(canonicalOf)),
);
export const DOCUMENT = textFile(
  'a JSON document',
  'own.json',
  'canonical',
  'line',
  (records) => `[\n${records.map((record) => json(canonicalOf(record))).join(',\n')}\n]\n`,
);
export const CHAT = textFile('chat lines', 'chat.jsonl', 'chat', 'line', (records) =>
  lines(records.map(chatOf)),
);
export const CSV = textFile('CSV', 'table.csv', 'elicitation run', 'row', (records) => table(records, ','));
export const TSV = textFile('TSV', 'table.tsv', 'elicitation run', 'row', (records) => table(records, '\t'));
export const INSPECT_JSON = textFile('an Inspect .json', 'log.json', 'Inspect log', 'sample', (records) =>
  json({ ...header(), samples: records.map(sampleOf) }),
);
export const PARQUET: Container = {
  name: 'Parquet',
  profile: 'elicitation run',
  unit: 'row',
  open: 'table.parquet',
  files: (records, patch = asIs) => ({
    'table.parquet': patch(
      Buffer.from(
        columns(records.map((record) => ({ ...cellsOf(record), af_yes_proportion: 0.5, accepted: true }))),
      ),
    ),
  }),
};
/** Chats in nested columns, packed, in several row groups and pages. */
export const PACKED_PARQUET: Container = {
  name: 'packed Parquet',
  profile: 'chat',
  unit: 'row',
  open: 'packed.parquet',
  files: (records, patch = asIs) => {
    const columnData = [
      { name: 'id', data: records.map(({ id }) => String(id)) },
      { name: 'conversations', data: records.map((record) => chatOf(record).conversations) },
      { name: 'score', data: records.map((_, i) => i / 3), encoding: 'BYTE_STREAM_SPLIT' as const },
      { name: 'turn', data: records.map((_, i) => i ** 5), encoding: 'DELTA_BINARY_PACKED' as const },
    ];
    const bytes = written({ columnData, codec: 'SNAPPY', rowGroupSize: 3, pageSize: 100 });
    return { 'packed.parquet': patch(Buffer.from(bytes)) };
  },
};
export const EVAL: Container = {
  name: 'an Inspect .eval',
  profile: 'Inspect log',
  unit: 'sample',
  open: 'log.eval',
  files: (records, patch = asIs) => {
    const members = logEntries(records.map((record) => ({ epoch: 1, ...sampleOf(record) })));
    const packed = members.map((member, i) => ({
      ...member,
      data: member.name.startsWith('samples/') ? patch(Buffer.from(member.data)) : member.data,
      method: (['deflate', 'zstd', 'stored'] as const)[i % 3] ?? 'stored',
    }));
    return { 'log.eval': zip(packed) };
  },
};
export const SCOUT_TRANSCRIPTS: Container = {
  name: "Scout's transcripts",
  profile: 'Scout transcripts',
  unit: 'row',
  open: 'scout.parquet',
  files: (records, patch = asIs) => {
    const rows = records.map(({ id, text }) => ({
      transcript_id: String(id),
      source_type: 'eval_log',
      model: 'maker/one',
      score: '{"match": "C"}',
      messages: json([
        { role: 'user', content: 'Please.' },
        { role: 'assistant', content: text },
      ]),
    }));
    return { 'scout.parquet': patch(Buffer.from(columns(rows))) };
  },
};
export const SCOUT_SCAN: Container = {
  name: 'a Scout scan',
  profile: 'canonical',
  unit: 'transcript',
  open: 'scan_id=one',
  files: (records, patch = asIs) => {
    const rows = records.map(({ id, text }) => {
      const messages = [{ id: 'm1', role: 'assistant', content: text }];
      return scanRow(String(id), true, { input: json({ transcript_id: id, messages }) });
    });
    return {
      'scan_id=one/_scan.json': Buffer.from(json({ scan_id: 'one', scan_name: 'nightly' })),
      'scan_id=one/faking.parquet': patch(Buffer.from(parquet(rows))),
      'scan_id=one/lazy.parquet': parquet(rows.map((row) => ({ ...row, value: 'false' }))),
    };
  },
};

export const CONTAINERS: readonly Container[] = [
  CANONICAL_LINES,
  DOCUMENT,
  CHAT,
  CSV,
  TSV,
  PARQUET,
  EVAL,
  INSPECT_JSON,
  SCOUT_TRANSCRIPTS,
  SCOUT_SCAN,
];

/** Writes what a container's files hold into a folder. Returns the path to open. */
export function writeContainer(
  folder: string,
  { open }: Pick<Container, 'open'>,
  files: Readonly<Record<string, Uint8Array>>,
): string {
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  return join(folder, open);
}
