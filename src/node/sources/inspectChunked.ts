/**
 * Samples that are cut up: `sample.json` without its long parts, `messages/{start}.json`, `attachments/{start}.json`
 * (inspect_ai, design/large-samples.md). The conversation is told as ranges of the sequence of messages, which also
 * holds what only events refer to.
 */
import { isObject } from '../../core/formats/format';
import { ValueBudget } from '../../core/formats/looseJson';
import { MOST_RECORD_BYTES } from '../parseRecord';
import { type Chunk, membersOf, type SampleMembers } from './inspectMembers';
import type { RecordValue } from './source';
import type { ZipMember } from './zipMember';

type Chunked = SampleMembers & { readonly kind: 'chunked' };
type ReadJson = (member: ZipMember, budget: ValueBudget) => Promise<RecordValue>;

/** More than any conversation has; ranges that repeat could ask for any number. */
const MAX_MESSAGES = 1_000_000;

class ChunkError extends Error {}

/** The sample as if it were in one member. */
export async function readChunkedSample(sample: Chunked, readJson: ReadJson): Promise<RecordValue> {
  const { shell, metadata, messages, attachments } = sample;
  const size = membersOf(sample).reduce((sum, member) => sum + member.size, 0);
  if (size > MOST_RECORD_BYTES) {
    const limit = Math.floor(MOST_RECORD_BYTES / 1e6);
    return { ok: false, reason: `longer than ${limit} MB, the most that one record may have` };
  }
  const warnings: string[] = [];
  const budget = new ValueBudget();
  const read = async (member: ZipMember): Promise<unknown> => {
    const json = await readJson(member, budget);
    if (!json.ok) throw new ChunkError(`${member.name}: ${json.reason}`);
    warnings.push(...json.warnings);
    return json.value;
  };
  const readSequence = async (chunks: readonly Chunk[]): Promise<unknown[]> => {
    const items: unknown[] = [];
    for (const { start, member } of chunks) {
      const chunk = await read(member);
      if (!Array.isArray(chunk)) throw new ChunkError(`${member.name}: not a JSON array`);
      if (start !== items.length) throw new ChunkError(`${member.name}: items before it are missing`);
      for (const item of chunk) items.push(item);
    }
    return items;
  };
  try {
    const fields = await read(shell);
    if (!isObject(fields)) throw new ChunkError(`${shell.name}: not a JSON object`);
    const value = {
      ...fields,
      ...(metadata ? { metadata: await read(metadata) } : {}),
      messages: conversation(await readSequence(messages), fields.message_refs),
      attachments: Object.fromEntries((await readSequence(attachments)).entries()),
    };
    return { ok: true, value, warnings };
  } catch (error) {
    if (error instanceof ChunkError) return { ok: false, reason: error.message };
    throw error;
  }
}

/** @param refs half-open ranges of the sequence; without them, all of it. */
function conversation(sequence: readonly unknown[], refs: unknown): readonly unknown[] {
  if (refs === undefined || refs === null) return sequence;
  if (!Array.isArray(refs)) throw new ChunkError('message_refs is no list of ranges');
  const messages: unknown[] = [];
  for (const ref of refs) {
    const [start, end] = Array.isArray(ref) ? ref : [];
    if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end < start) {
      throw new ChunkError('message_refs holds what is no range of messages');
    }
    if (end > sequence.length) {
      throw new ChunkError(`messages up to ${end} are referred to, but only ${sequence.length} are stored`);
    }
    if (messages.length + end - start > MAX_MESSAGES)
      throw new ChunkError('message_refs repeats without end');
    for (let i = start; i < end; i++) messages.push(sequence[i]);
  }
  return messages;
}
