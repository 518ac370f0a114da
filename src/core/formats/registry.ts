import { CONDITIONS } from '../dataset/model';
import { canonical, canonicalSchema } from './canonical';
import { type Format, isObject } from './format';
import type { JoinedVerdicts } from './join';
import { mappedFormat } from './mapped';
import { CANONICAL, type Profile } from './profile';
import { SHAPES } from './profiles/builtIn';
import { chatTable } from './profiles/chatTable';

/** So many records are looked at. */
const SAMPLE = 100;

/**
 * The built-in profile that knows most of the first records, our own format among them; null when even the best of them
 * is not ours and knows fewer than half. No single record decides: the first line of a file is often the odd one.
 */
export function detectProfile(records: readonly unknown[]): Profile | null {
  const sample = records.slice(0, SAMPLE).filter(isObject);
  const known = new Map<Profile, number>();
  for (const record of sample) {
    const profile = shapeOf(record);
    if (profile) known.set(profile, (known.get(profile) ?? 0) + 1);
  }
  const [best] = [...known].sort(([, a], [, b]) => b - a);
  if (best === undefined) return null;
  const [profile, votes] = best;
  // a file of ours that is mostly broken is still no other
  if (profile !== CANONICAL && votes * 2 < sample.length) return null;
  // a chat of plain messages only reads the same as ours; where some are not plain, only as a chat can all be read
  const isChat = profile === CANONICAL && known.has(chatTable.profile) && !sample.some(hasOwnMarks);
  return isChat ? chatTable.profile : profile;
}

/** The first that knows the record: a sample of a log reads as a record of ours as well, and that as a chat. */
function shapeOf(record: Record<string, unknown>): Profile | null {
  if (hasOwnMarks(record)) return CANONICAL;
  const special = SHAPES.find((shape) => shape !== chatTable && shape.detects(record));
  if (special) return special.profile;
  if (canonicalSchema.safeParse(record).success) return CANONICAL;
  return chatTable.detects(record) ? chatTable.profile : null;
}

/**
 * What reads the records of a dataset by a profile.
 * @param joined what `joinVerdicts` gave for each of its joins, in their order
 */
export function formatOf(profile: Profile, joined: readonly JoinedVerdicts[] = []): Format {
  return profile.reads === 'canonical' ? canonical : mappedFormat(profile, joined);
}

/** Whatever may be wrong with it: only our own format has these next to `messages`. */
function hasOwnMarks(record: Record<string, unknown>): boolean {
  const { messages, verdicts, spans, condition } = record;
  if (!Array.isArray(messages) || 'epoch' in record || 'transcript_id' in record) return false;
  return (
    Array.isArray(verdicts) ||
    Array.isArray(spans) ||
    'promptId' in record ||
    CONDITIONS.some((known) => known === condition) ||
    messages.some((message) => isObject(message) && 'prefill' in message)
  );
}
