/** Which members of an Inspect log are what, by their names; ids of samples stand in names as they are. */
import { setImmediate } from 'node:timers/promises';
import { inSlices } from '../../core/slices';
import { MEMBERS_AT_ONCE } from './zipArchive';
import type { ZipMember } from './zipMember';

/** A sample in one member; or in many, cut up under a folder of its own. */
export type SampleMembers =
  | { readonly kind: 'whole'; readonly name: string; readonly member: ZipMember }
  | {
      readonly kind: 'chunked';
      readonly name: string;
      readonly shell: ZipMember;
      readonly metadata: ZipMember | null;
      /** By the index of their first item. */
      readonly messages: readonly Chunk[];
      readonly attachments: readonly Chunk[];
    };

/** All members that a sample stands in. */
export function membersOf(sample: SampleMembers): readonly ZipMember[] {
  if (sample.kind === 'whole') return [sample.member];
  const { shell, metadata, messages, attachments } = sample;
  return [shell, ...(metadata ? [metadata] : []), ...[...messages, ...attachments].map((c) => c.member)];
}

export interface Chunk {
  readonly start: number;
  readonly member: ZipMember;
}

export const HEADER = 'header.json';
/** What a run writes when it starts; the header comes when it ends. */
export const START = '_journal/start.json';

const WHOLE = /^samples\/.*_epoch_\d+\.json$/s;
const SHELL = /^(samples\/.+_epoch_\d+)\/sample\.json$/s;
const PART = /^(samples\/.+_epoch_\d+)\/(?:(metadata)|(messages|attachments)\/(\d+))\.json$/s;
const KNOWN = /^(?:(?:header|summaries|reductions)\.json$|_journal\/|samples\/)/;

export function isInspectMember(name: string): boolean {
  return KNOWN.test(name);
}

/** The member of a sample that is stored whole. */
export function wholeSampleName(id: string, epoch: number): string {
  return `samples/${id}_epoch_${epoch}.json`;
}

/**
 * The samples, in the order of the archive, each under the name `samples/{id}_epoch_{epoch}.json`. In slices between which
 * the thread is free: there may be a million members.
 */
export async function findSamples(
  members: ReadonlyMap<string, ZipMember>,
): Promise<ReadonlyMap<string, SampleMembers>> {
  interface Parts {
    metadata: ZipMember | null;
    readonly messages: Chunk[];
    readonly attachments: Chunk[];
  }
  const parts = new Map<string, Parts>();
  const takePart = (name: string, member: ZipMember) => {
    const [, folder, metadata, sequence, start] = PART.exec(name) ?? [];
    if (folder === undefined) return;
    const found = parts.get(folder) ?? { metadata: null, messages: [], attachments: [] };
    parts.set(folder, found);
    if (metadata !== undefined) found.metadata = member;
    else if (sequence === 'messages') found.messages.push({ start: Number(start), member });
    else found.attachments.push({ start: Number(start), member });
  };
  const samples = new Map<string, SampleMembers>();
  const takeSample = (name: string, member: ZipMember) => {
    if (WHOLE.test(name)) {
      samples.set(name, { kind: 'whole', name, member });
      return;
    }
    const folder = SHELL.exec(name)?.[1];
    if (folder === undefined || members.has(`${folder}.json`)) return;
    const { metadata = null, messages = [], attachments = [] } = parts.get(folder) ?? {};
    for (const chunks of [messages, attachments]) chunks.sort((a, b) => a.start - b.start);
    samples.set(`${folder}.json`, { kind: 'chunked', name, shell: member, metadata, messages, attachments });
  };
  for (const take of [takePart, takeSample]) {
    for (const some of inSlices([members], MEMBERS_AT_ONCE)) {
      for (const [name, member] of some) take(name, member);
      await setImmediate();
    }
  }
  return samples;
}
