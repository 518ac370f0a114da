import type { Profile } from '../profile';
import { INSPECT } from './inspect';

/** A row of Scout's transcripts, as `scoutTranscriptRecord` makes it: named as a sample of an Inspect log is. */
export const SCOUT_TRANSCRIPTS: Profile = {
  ...INSPECT,
  name: 'Scout transcripts',
  metadata: ['/transcript_id', '/scores', '/metadata'],
};
