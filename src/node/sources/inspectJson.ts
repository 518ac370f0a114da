import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { RecordRange } from '../../core/dataset/scan';
import { isObject } from '../../core/formats/format';
import { type InspectLogFacts, inspectLogFacts, inspectRecord } from '../../core/formats/inspectSample';
import { INSPECT } from '../../core/formats/profiles/inspect';
import { parseJson } from '../parseRecord';
import { JsonFile } from './jsonFile';
import { type OpenFile, openHandle, readExactly } from './openHandle';
import { DatasetError, type FileStamp, type RecordValue, type Source, type SourceChunk } from './source';

/** What stands before a log's samples: its plan, configuration and results. */
const HEADER_LIMIT = 64 << 20;
const HEAD_BYTES = 1 << 16;

/** Whether a JSON file is an Inspect log: it begins with the log's version, status and `eval`, whatever its name. */
export async function isInspectJson(path: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    const text = head.toString('utf8', 0, bytesRead);
    return /^\uFEFF?\s*\{\s*"(?:version|status|eval)"\s*:/.test(text) && /"eval"\s*:\s*\{/.test(text);
  } finally {
    await handle.close();
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
    const { facts, problem } = await readFacts(records, file);
    return new InspectJson(records, file, facts, problem);
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
    private readonly facts: InspectLogFacts,
    private readonly headerProblem: string | null,
  ) {}

  get stamp(): FileStamp {
    return this.file.stamp;
  }

  async *chunks(signal?: AbortSignal): AsyncGenerator<SourceChunk> {
    let number = 0;
    for await (const chunk of this.records.chunks(signal)) {
      const records = chunk.records.map(({ range, value }) => {
        number++;
        return { range: { ...range, line: number }, bytes: null, value: () => this.sample(value()) };
      });
      const isLast = chunk.bytesRead >= this.stamp.size;
      const problems = [isLast ? this.headerProblem : null, chunk.frameProblem];
      yield {
        ...chunk,
        records,
        frameProblem: problems.filter((problem) => problem !== null).join('; ') || null,
      };
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
    const record = inspectRecord(json.value, this.facts);
    const { raw = () => '' } = json;
    return record.ok
      ? { ...record, warnings: [...json.warnings, ...record.warnings], raw }
      : { ...record, raw };
  }
}

/** The log's own fields, which stand before its samples. */
async function readFacts(
  records: JsonFile,
  file: OpenFile,
): Promise<{ readonly facts: InspectLogFacts; readonly problem: string | null }> {
  const first = await firstRecord(records);
  if (first === null) throw new DatasetError(`${file.name} holds no sample`);
  if (first.offset > HEADER_LIMIT) {
    const problem = `its header is longer than ${HEADER_LIMIT >> 20} MB and was not read: nothing tells its model and task`;
    return { facts: inspectLogFacts(null, file.name), problem };
  }
  const text = new TextDecoder().decode(await readExactly(file, 0, first.offset));
  const key = text.lastIndexOf('"samples"');
  if (key < 0 || !/^"samples"\s*:\s*\[\s*$/.test(text.slice(key)))
    throw new DatasetError(`${file.name} is no Inspect log: it has no list "samples"`);
  const before = text.slice(0, key).trimEnd().replace(/,$/, '');
  const json = parseJson(new TextEncoder().encode(`${before}}`), true);
  if (json.ok && isObject(json.value) && isObject(json.value.eval)) {
    return { facts: inspectLogFacts(json.value, file.name), problem: null };
  }
  const reason = json.ok ? 'it has no "eval"' : json.reason;
  const problem = `its header cannot be read (${reason}): nothing tells its model and task`;
  return { facts: inspectLogFacts(null, file.name), problem };
}

async function firstRecord(records: JsonFile): Promise<RecordRange | null> {
  for await (const chunk of records.chunks()) {
    const [first] = chunk.records;
    if (first) return first.range;
  }
  return null;
}
