import { CONDITIONS } from '../dataset/model';
import { canonical, canonicalSchema } from './canonical';
import { type Format, isObject } from './format';
import type { JoinedVerdicts } from './join';
import { mappedFormat } from './mapped';
import { type BuiltIn, CANONICAL, type Profile } from './profile';
import { SHAPES } from './profiles/builtIn';

/** So many records are looked at. */
const SAMPLE = 100;

/**
 * The built-in profile that knows most of the first records, our own format among them; null when even the best of them
 * knows fewer than half. No single record decides: the first line of a file is often the odd one.
 */
export function detectProfile(records: readonly unknown[]): Profile | null {
  const sample = records.slice(0, SAMPLE).filter(isObject);
  const own: BuiltIn = { profile: CANONICAL, detects: isCanonical };
  // a record with the marks of our own format is a chat as well, or of any other shape that a metadata key suggests
  const marked = new Set(sample.filter(hasOwnMarks));
  let best: { readonly profile: Profile; readonly known: number } | null = null;
  // a sample of a log reads as a record of ours, but for its scores
  for (const { profile, detects } of [...SHAPES.slice(0, -1), own, ...SHAPES.slice(-1)]) {
    const known = sample.filter(
      (record) => (profile === CANONICAL || !marked.has(record)) && detects(record),
    ).length;
    if (known > (best?.known ?? 0)) best = { profile, known };
  }
  return best !== null && best.known * 2 >= sample.length ? best.profile : null;
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

function isCanonical(record: unknown): boolean {
  return isObject(record) && (hasOwnMarks(record) || canonicalSchema.safeParse(record).success);
}
