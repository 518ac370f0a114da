import type { RecordRange } from '../../core/dataset/scan';
import { isObject } from '../../core/formats/format';
import {
  type InspectLogFacts,
  type InspectRecord,
  inspectLogFacts,
  inspectRecord,
} from '../../core/formats/inspectSample';
import { ValueBudget } from '../../core/formats/looseJson';
import { INSPECT } from '../../core/formats/profiles/inspect';
import { parseJson } from '../parseRecord';
import { readChunkedSample } from './inspectChunked';
import {
  findSamples,
  HEADER,
  isInspectMember,
  membersOf,
  type SampleMembers,
  START,
  wholeSampleName,
} from './inspectMembers';
import { DatasetError, type FileStamp, type RecordValue, type Source, type SourceChunk } from './source';
import { Stretch, ZipArchive } from './zipArchive';
import { refusal, type ZipMember } from './zipMember';

/** So much unpacked text, or one sample if that is longer, is in memory at a time. */
const BATCH_BYTES = 4 << 20;
/** So much of the log is read at a time where its samples are small. */
const STRETCH_BYTES = 1 << 18;

/** Bytes that members were unpacked to. */
interface Spent {
  bytes: number;
}

/** What a log's directory says of a sample. */
export interface SampleFacts {
  /** Bytes that it takes. */
  readonly packed: number;
  /** Bytes that it unpacks to. */
  readonly unpacked: number;
  /** A number of 32 bits that is another where its bytes are others. */
  readonly checksum: number;
}

/** @throws DatasetError when the file is missing, no archive, or no Inspect log with samples. */
export async function openInspectLog(path: string): Promise<InspectLog> {
  const archive = await ZipArchive.open(path, isInspectMember);
  try {
    const samples = await findSamples(archive.members);
    if (samples.size === 0 && ![...archive.members.keys()].some(isInspectMember)) {
      throw new DatasetError(`${archive.name} is a ZIP archive, but no Inspect log`);
    }
    const header = await readHeader(archive);
    const { facts } = header;
    if (samples.size === 0) {
      const status = facts.log.status ?? 'started';
      throw new DatasetError(`${archive.name} holds no sample: the run (${String(status)}) stored none`);
    }
    return new InspectLog(archive, samples, header);
  } catch (error) {
    await archive.close();
    throw error;
  }
}

/** The samples of an `.eval` log, each unpacked when it is asked for. */
export class InspectLog implements Source {
  readonly container = 'Inspect log';
  readonly unit = 'sample';
  readonly profile = INSPECT;
  private readonly order: readonly SampleMembers[];

  constructor(
    private readonly archive: ZipArchive,
    private readonly samples: ReadonlyMap<string, SampleMembers>,
    private readonly header: LogHeader,
  ) {
    this.order = [...samples.values()];
  }

  get stamp(): FileStamp {
    return this.archive.stamp;
  }

  async *chunks(signal?: AbortSignal): AsyncGenerator<SourceChunk> {
    let records: SourceChunk['records'][number][] = [];
    let batchBytes = 0;
    let bytesRead = 0;
    const stretch = new Stretch(STRETCH_BYTES);
    for (const [index, sample] of this.order.entries()) {
      signal?.throwIfAborted();
      const spent = { bytes: 0 };
      const value = await this.readSample(sample, stretch, spent);
      const range = { offset: index, length: 0, line: index + 1 };
      records.push({ range, bytes: null, value: () => value, unpacked: () => spent.bytes });
      const member = sample.kind === 'whole' ? sample.member : sample.shell;
      bytesRead += member.compressedSize;
      batchBytes += member.size;
      if (batchBytes < BATCH_BYTES) continue;
      yield { records, bytesRead, frameProblem: null };
      records = [];
      batchBytes = 0;
    }
    const missing = await this.missing();
    const problems = [this.archive.problem, this.header.problem, missing.problem];
    const frameProblem = problems.filter((problem) => problem !== null).join('; ') || null;
    const fileWarnings = [...this.header.warnings, ...missing.warnings];
    yield { records, bytesRead: this.stamp.size, frameProblem, fileWarnings };
  }

  async read({ offset }: RecordRange): Promise<RecordValue> {
    const sample = this.order[offset];
    if (!sample) throw new DatasetError(`${this.archive.name} has no sample ${offset + 1} (any more)`);
    return this.readSample(sample);
  }

  /** How many members it has, of which its directory takes memory. */
  get members(): number {
    return this.archive.members.size;
  }

  /** null when the log has none such. */
  factsOf(id: string, epoch: number): SampleFacts | null {
    const sample = this.samples.get(wholeSampleName(id, epoch));
    return sample ? factsOf(sample) : null;
  }

  /** A sample by what identifies it; null when the log has none such. */
  async find(id: string, epoch: number): Promise<InspectRecord | null> {
    const sample = this.samples.get(wholeSampleName(id, epoch));
    return sample ? this.readSample(sample) : null;
  }

  /** Whether the file is what it was when it was opened. */
  isAsOpened(): Promise<boolean> {
    return this.archive.isAsOpened();
  }

  /** A sample that is read after that opens the file again. */
  close(): Promise<void> {
    return this.archive.close();
  }

  private async readSample(
    sample: SampleMembers,
    stretch?: Stretch,
    spent?: Spent,
  ): Promise<InspectRecord & Pick<RecordValue, 'raw'>> {
    const readJson = (member: ZipMember, budget?: ValueBudget) =>
      readJsonMember(this.archive, member, budget, stretch, spent);
    const json =
      sample.kind === 'whole' ? await readJson(sample.member) : await readChunkedSample(sample, readJson);
    if (!json.ok) return { ...json, reason: `${sample.name}: ${json.reason}` };
    const record = inspectRecord(json.value, this.header.facts);
    if (!record.ok) {
      const { raw = () => '' } = json;
      return { ok: false, reason: `${sample.name}: ${record.reason}`, raw };
    }
    return { ok: true, value: record.value, warnings: [...json.warnings, ...record.warnings] };
  }

  /** Samples that the log's summaries list and that are not stored in it, in words; and what of these cannot be read. */
  private async missing(): Promise<{
    readonly problem: string | null;
    readonly warnings: readonly string[];
  }> {
    const missing = new Set<string>();
    const unread: string[] = [];
    const budget = new ValueBudget();
    const stretch = new Stretch(STRETCH_BYTES);
    for (const member of summaryMembers(this.archive)) {
      const json = await readJsonMember(this.archive, member, budget, stretch);
      if (!json.ok) {
        unread.push(`${member.name} cannot be read, nor what samples it lists: ${json.reason}`);
        if (budget.isSpent) break;
        continue;
      }
      for (const summary of Array.isArray(json.value) ? json.value : []) {
        if (!isObject(summary)) continue;
        const name = wholeSampleName(String(summary.id), Number(summary.epoch ?? 1));
        if (!this.samples.has(name)) missing.add(name);
      }
    }
    const [reason, ...more] = unread;
    const warnings =
      reason === undefined ? [] : [more.length > 0 ? `${reason}; nor can ${more.length} more` : reason];
    const [first] = missing;
    if (first === undefined) return { problem: null, warnings };
    const others = missing.size > 1 ? ` and ${missing.size - 1} more` : '';
    return { problem: `the log lists samples that are not stored in it: ${first}${others}`, warnings };
  }
}

function factsOf(sample: SampleMembers): SampleFacts {
  const facts = { packed: 0, unpacked: 0, checksum: 0 };
  for (const member of membersOf(sample)) {
    facts.checksum = (Math.imul(facts.checksum, 31) + member.crc32) >>> 0;
    // What is too large to be unpacked is not.
    if (refusal(member) !== null) continue;
    facts.packed += member.compressedSize;
    facts.unpacked += member.size;
  }
  return facts;
}

/** The summaries of the whole log; of a run that did not end, those of its journal. */
function summaryMembers({ members }: ZipArchive): readonly ZipMember[] {
  const all = members.get('summaries.json');
  if (all) return [all];
  return [...members.values()].filter(({ name }) => /^_journal\/summaries\/\d+\.json$/.test(name));
}

/** What a log says of all its samples. */
export interface LogHeader {
  readonly facts: InspectLogFacts;
  /** What of it could not be read, in words. */
  readonly problem: string | null;
  readonly warnings: readonly string[];
}

async function readHeader(archive: ZipArchive): Promise<LogHeader> {
  const problems: string[] = [];
  for (const name of [HEADER, START]) {
    const member = archive.members.get(name);
    if (!member) {
      if (name === HEADER) problems.push('the log has no header: its run was still going on, or has crashed');
      continue;
    }
    const json = await readJsonMember(archive, member);
    if (json.ok) {
      const warnings = json.warnings.map((warning) => `${name}: ${warning}`);
      return {
        facts: inspectLogFacts(json.value, archive.name),
        problem: problems.join('; ') || null,
        warnings,
      };
    }
    problems.push(`${name} cannot be read: ${json.reason}`);
  }
  problems.push('nothing tells its model and task');
  return { facts: inspectLogFacts(null, archive.name), problem: problems.join('; '), warnings: [] };
}

async function readJsonMember(
  archive: ZipArchive,
  member: ZipMember,
  budget?: ValueBudget,
  stretch?: Stretch,
  spent: Spent = { bytes: 0 },
): Promise<RecordValue> {
  const content = await archive.read(member, stretch);
  spent.bytes += content.ok ? content.bytes.length : (content.made ?? 0);
  return content.ok ? parseJson(content.bytes, true, budget) : content;
}
