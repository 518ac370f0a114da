import { CONDITIONS } from '../dataset/model';
import { canonical, parseCanonical } from './canonical';
import { recordOfRow } from './canonicalRow';
import { type Format, isObject, RecordError } from './format';
import type { JoinedVerdicts } from './join';
import { mappedFormat } from './mapped';
import { compilePatterns } from './pattern';
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
  const sample = records.slice(0, SAMPLE).map(recordOfRow).filter(isObject);
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
  if (profile !== CANONICAL || sample.some(hasOwnMarks)) return profile;
  // a chat mostly reads as ours, too; where some are not plain, or say what we have other names for, as a chat only
  return known.has(chatTable.profile) || sample.some(saysMoreAsChat) ? chatTable.profile : profile;
}

/** Made once: a folder may have thousands of files, of each of which some records are read by it. */
let asChat: Format | null = null;

/** A tier, reasoning beside the content, calls of tools, tags that tell the outcome … would be left out in silence. */
function saysMoreAsChat(record: Record<string, unknown>): boolean {
  if (!chatTable.detects(record)) return false;
  asChat ??= mappedFormat(chatTable.profile);
  const [ours, chat] = [canonical, asChat].map((format) => contentOf(format, record));
  return ours !== chat;
}

function contentOf(format: Format, record: Record<string, unknown>): string | null {
  try {
    return JSON.stringify(
      format
        .read(record, { file: '', line: 0, ordinal: 0 })
        .map((part) => part.ok && { ...part.transcript, metadata: null }),
    );
  } catch (error) {
    if (error instanceof RecordError) return null;
    throw error;
  }
}

/** The first that knows the record: a sample of a log reads as a record of ours as well, and that as a chat. */
function shapeOf(record: Record<string, unknown>): Profile | null {
  if (hasOwnMarks(record)) return CANONICAL;
  const special = SHAPES.find((shape) => shape !== chatTable && shape.detects(record));
  if (special) return special.profile;
  if (parseCanonical(record).parsed.success) return CANONICAL;
  return chatTable.detects(record) ? chatTable.profile : null;
}

/**
 * What reads the records of a dataset by a profile.
 * @param joined what `joinVerdicts` gave for each of its joins, in their order
 * @throws PatternError for a profile that `checkProfile` would have refused for its patterns
 */
export async function formatOf(profile: Profile, joined: readonly JoinedVerdicts[] = []): Promise<Format> {
  return profile.reads === 'canonical'
    ? canonical
    : mappedFormat(profile, joined, await compilePatterns(profile));
}

/** What we write of every transcript, also where the file that it came from does not say. */
const ALWAYS_WRITTEN = ['setting', 'variant', 'prefix'];

/** Whatever may be wrong with it: only our own format has these next to `messages`. */
function hasOwnMarks(record: Record<string, unknown>): boolean {
  const { messages, verdicts, spans, condition } = record;
  if (!Array.isArray(messages) || 'epoch' in record || 'transcript_id' in record) return false;
  return (
    Array.isArray(verdicts) ||
    Array.isArray(spans) ||
    'promptId' in record ||
    ALWAYS_WRITTEN.every((facet) => typeof record[facet] === 'string') ||
    CONDITIONS.some((known) => known === condition) ||
    messages.some((message) => isObject(message) && 'prefill' in message)
  );
}
