import { looksLikeChat } from '../chat';
import { isObject } from '../format';
import type { BuiltIn, Profile } from '../profile';
import { armsInKeys } from './armsInKeys';
import { chatTable } from './chatTable';
import { elicitationRun } from './elicitationRun';
import { environments } from './environments';
import { flagTable } from './flagTable';
import { INSPECT } from './inspect';
import { judgements } from './judgements';
import { pipelineRecord } from './pipelineRecord';
import { SCOUT_TRANSCRIPTS } from './scout';
import { scratchpadList } from './scratchpadList';

/** Of two that know as many records the first is taken: those that look at more come first. */
export const SHAPES: readonly BuiltIn[] = [
  { profile: SCOUT_TRANSCRIPTS, detects: (record) => isLogged(record) && 'transcript_id' in record },
  { profile: INSPECT, detects: (record) => isLogged(record) && 'epoch' in record },
  elicitationRun,
  pipelineRecord,
  armsInKeys,
  flagTable,
  environments,
  judgements,
  scratchpadList,
  chatTable,
];

/** Every profile that comes with the product, our own format aside. */
export const BUILT_IN: readonly Profile[] = SHAPES.map(({ profile }) => profile);

/** What the sources of Inspect's and Scout's files make of a sample. */
function isLogged(record: unknown): record is Record<string, unknown> {
  return isObject(record) && typeof record.key === 'string' && looksLikeChat(record.messages);
}
