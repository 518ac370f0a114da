import { checkProfile, type ProfileIssue } from '../core/formats/checkProfile';
import type { JoinedVerdicts } from '../core/formats/join';
import { describeMapping, type PreviewPart, previewMapping } from '../core/formats/preview';
import type { Profile } from '../core/formats/profile';
import { shortened, shortenedOrNull } from '../core/invisible';
import type { PreviewCounts, ProfileReading } from '../protocol/profile';
import type { FileSample } from './profileSample';

/** So many transcripts are shown; of the others only their counts. */
const MOST_PARTS = 20;

/** How the dataset is read at the moment. */
export interface InUse {
  /** null where the file is not read. */
  readonly profile: Profile | null;
  /** What its joins gave. */
  readonly joined: readonly JoinedVerdicts[];
  /** Transcripts that people decided on. */
  readonly decided: number;
}

export type DraftCheck =
  | { readonly ok: true; readonly profile: Profile }
  | { readonly ok: false; readonly issues: readonly ProfileIssue[] };

/** Whether a text is the JSON of a profile, or what is wrong with it. */
export async function checkDraft(text: string): Promise<DraftCheck> {
  try {
    return await checkProfile(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { ok: false, issues: [{ path: 'JSON', message: error.message }] };
  }
}

/** What a draft makes of a file's first records. */
export async function readDraft(
  text: string,
  sample: FileSample | null,
  inUse: InUse,
): Promise<ProfileReading> {
  const check = await checkDraft(text);
  if (!check.ok) return { issues: check.issues, preview: null, strandedDecisions: 0 };
  if (sample === null) return { issues: [], preview: null, strandedDecisions: 0 };
  const { profile } = check;
  const sameJoins = JSON.stringify(profile.joins) === JSON.stringify(inUse.profile?.joins);
  const records = await previewOf(profile, sample, sameJoins ? inUse.joined : []);
  const parts = records.flat();
  const [first] = sample.values;
  return {
    issues: [],
    preview: {
      counts: countsOf(parts, records.length),
      parts: parts.slice(0, MOST_PARTS).map(forScreen),
      mapping: first === undefined ? [] : describeMapping(profile, first),
      withoutJoins: !sameJoins && (profile.joins?.length ?? 0) > 0,
    },
    strandedDecisions: inUse.decided > 0 && (await losesIds(inUse, sample, parts)) ? inUse.decided : 0,
  };
}

function forScreen(part: PreviewPart): PreviewPart {
  if (part.ok) return { ...part, id: shortened(part.id) };
  return { ...part, id: shortenedOrNull(part.id) };
}

function previewOf(profile: Profile, sample: FileSample, joined: readonly JoinedVerdicts[]) {
  const { name, folder } = sample.file;
  return previewMapping(
    profile,
    sample.values,
    (index) => ({ file: name, folder, ...(sample.places[index] ?? { line: index + 1, ordinal: index + 1 }) }),
    joined,
  );
}

/** Whether an id that the sample has now is not among those that it would have: what was decided on it finds it no more. */
async function losesIds(inUse: InUse, sample: FileSample, parts: readonly PreviewPart[]): Promise<boolean> {
  if (inUse.profile === null) return false;
  const ids = new Set(parts.map(({ id }) => id));
  return (await previewOf(inUse.profile, sample, [])).flat().some(({ id }) => id !== null && !ids.has(id));
}

function countsOf(parts: readonly PreviewPart[], records: number): PreviewCounts {
  const read = parts.filter((part) => part.ok);
  const count = (is: (part: (typeof read)[number]) => boolean) => read.filter(is).length;
  return {
    records,
    transcripts: read.length,
    unreadable: parts.length - read.length,
    training: count(({ condition }) => condition === 'training'),
    unmonitored: count(({ condition }) => condition === 'unmonitored'),
    complied: count(({ outcome }) => outcome === true),
    notComplied: count(({ outcome }) => outcome === false),
  };
}
