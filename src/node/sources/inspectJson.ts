import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { COLON, COMMA, OPEN_OBJECT, QUOTE } from '../../core/dataset/jsonBytes';
import type { RecordRange } from '../../core/dataset/scan';
import { afterSpace, afterValue, closingQuote, NOWHERE } from '../../core/dataset/skimJson';
import { isObject } from '../../core/formats/format';
import { inspectLogFacts, inspectRecord } from '../../core/formats/inspectSample';
import { INSPECT } from '../../core/formats/profiles/inspect';
import { parseJson } from '../parseRecord';
import type { LogHeader } from './inspectLog';
import { JsonFile } from './jsonFile';
import { type OpenFile, openHandle, readExactly } from './openHandle';
import { DatasetError, type FileStamp, type RecordValue, type Source, type SourceChunk } from './source';

/** What stands before a log's samples: its plan, configuration and results. */
const HEADER_LIMIT = 64 << 20;
const HEAD_BYTES = 1 << 16;
/** Other files than logs may have something under `eval`; a log has these beside it. */
const LOG_KEYS: ReadonlySet<string> = new Set(['version', 'status']);

/** Whether a JSON file is an Inspect log: it has a log's `eval` and its version or status near its beginning, in any order. */
export async function isInspectJson(path: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    const members = [...membersIn(head.subarray(0, bytesRead))];
    const isLogs = members.some(([key], index) => LOG_KEYS.has(key) || (key === 'eval' && index === 0));
    return isLogs && members.some(([key, first]) => key === 'eval' && first === OPEN_OBJECT);
  } finally {
    await handle.close();
  }
}

/** The keys of the object that begins there, as they are written, each with the first byte of its value, as far as the bytes reach. */
function* membersIn(head: Uint8Array): Generator<readonly [string, number | undefined]> {
  const to = head.length;
  const after = (at: number, byte: number) => {
    const next = afterSpace(head, at, to);
    return head[next] === byte ? afterSpace(head, next + 1, to) : NOWHERE;
  };
  const bom = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  for (let at = after(bom, OPEN_OBJECT); at >= 0 && head[at] === QUOTE; ) {
    const quote = closingQuote(head, at + 1, to);
    const value = quote < 0 ? NOWHERE : after(quote + 1, COLON);
    if (value < 0) return;
    yield [Buffer.from(head.subarray(at + 1, quote)).toString(), head[value]];
    const end = afterValue(head, value, to);
    at = end < 0 ? NOWHERE : after(end, COMMA);
  }
}

/** @throws DatasetError when the file is missing, or no Inspect log with samples. */
export async function openInspectJson(path: string): Promise<Source> {
  const name = basename(path) || path;
  const records = await JsonFile.open(path, true);
  if (records.layout !== 'document') {
    await records.close();
    throw new DatasetError(`${name} is no Inspect log, but lines of JSON`);
  }
  const file = await openHandle(path);
  try {
    return new InspectJson(records, file, await readHeader(records, file));
  } catch (error) {
    await file.handle.close();
    await records.close();
    throw error;
  }
}

class InspectJson implements Source {
  readonly container = 'Inspect log (JSON)';
  readonly unit = 'sample';
  readonly profile = INSPECT;

  constructor(
    private readonly records: JsonFile,
    private readonly file: OpenFile,
    private readonly header: LogHeader,
  ) {}

  get stamp(): FileStamp {
    return this.file.stamp;
  }

  async *chunks(signal?: AbortSignal): AsyncGenerator<SourceChunk> {
    let number = 0;
    let { warnings } = this.header;
    for await (const chunk of this.records.chunks(signal)) {
      const records = chunk.records.map(({ range, value }) => {
        number++;
        return { range: { ...range, line: number }, bytes: null, value: () => this.sample(value()) };
      });
      const isLast = chunk.bytesRead >= this.stamp.size;
      const problems = [isLast ? this.header.problem : null, chunk.frameProblem];
      yield {
        ...chunk,
        records,
        frameProblem: problems.filter((one) => one !== null).join('; ') || null,
        fileWarnings: [...warnings, ...(chunk.fileWarnings ?? [])],
      };
      warnings = [];
    }
  }

  async read(range: RecordRange): Promise<RecordValue> {
    return this.sample(await this.records.read(range));
  }

  async close(): Promise<void> {
    await this.file.handle.close();
    await this.records.close();
  }

  private sample(json: RecordValue): RecordValue {
    if (!json.ok) return json;
    const record = inspectRecord(json.value, this.header.facts);
    const { raw = () => '' } = json;
    return record.ok
      ? { ...record, warnings: [...json.warnings, ...record.warnings], raw }
      : { ...record, raw };
  }
}

/** What stands in a log before its samples. */
async function readHeader(records: JsonFile, file: OpenFile): Promise<LogHeader> {
  const first = await firstRecord(records);
  if (first === null) throw new DatasetError(`${file.name} holds no sample`);
  const untold = (what: string): LogHeader => ({
    facts: inspectLogFacts(null, file.name),
    problem: `${what}: nothing tells its model and task`,
    warnings: [],
  });
  if (first.offset > HEADER_LIMIT)
    return untold(`its header is longer than ${HEADER_LIMIT >> 20} MB and was not read`);
  const text = new TextDecoder().decode(await readExactly(file, 0, first.offset));
  const key = text.lastIndexOf('"samples"');
  if (key < 0 || !/^"samples"\s*:\s*\[\s*$/.test(text.slice(key)))
    throw new DatasetError(`${file.name} is no Inspect log: it has no list "samples"`);
  const before = text.slice(0, key).trimEnd().replace(/,$/, '');
  const json = parseJson(new TextEncoder().encode(`${before}}`), true);
  if (!json.ok || !isObject(json.value) || !isObject(json.value.eval))
    return untold(`its header cannot be read (${json.ok ? 'it has no "eval"' : json.reason})`);
  const warnings = json.warnings.map((warning) => `its header: ${warning}`);
  return { facts: inspectLogFacts(json.value, file.name), problem: null, warnings };
}

async function firstRecord(records: JsonFile): Promise<RecordRange | null> {
  for await (const chunk of records.chunks()) {
    const [first] = chunk.records;
    if (first) return first.range;
  }
  return null;
}
