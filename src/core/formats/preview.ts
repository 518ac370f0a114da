/** What a profile makes of a few records, for the form in which it is corrected. */
import type { Condition, RegionKind, Verdict } from '../dataset/model';
import { shortened, shortenedOrNull } from '../invisible';
import { canonical } from './canonical';
import { type ReadPart, RecordError, type RecordPlace, shown } from './format';
import type { JoinedVerdicts } from './join';
import { Looks } from './looks';
import { mappedFormat } from './mapped';
import { compilePatterns } from './pattern';
import { parsePointer } from './pointer';
import type { FacetRule, MessageRule, Profile, VerdictRule, Where } from './profile';
import { listOf, placesInWords } from './scope';

/** So many records are shown, so many transcripts of each, and so much of a list. */
const MOST_RECORDS = 20;
const MOST_PARTS = 20;
const MOST_LISTED = 50;
const MOST_LINES = 200;
/** Where an earlier rule has said that there was too much in the record. */
const NOT_LOOKED_UP = 'not looked up';

/** Of what is wrong with a transcript. */
const PROBLEM_ROOM = 1_000;

/** One transcript that the profile found; what is only looked at is shortened. */
export interface PreviewTranscript {
  readonly ok: true;
  /** Whole, to be compared with those of another reading. */
  readonly id: string;
  readonly setting: string;
  readonly condition: Condition | null;
  readonly variant: string;
  readonly prefix: string;
  readonly promptId: string | null;
  readonly model: string | null;
  /** What the verdicts on `complied` say; null where there is none, or they differ. */
  readonly outcome: boolean | null;
  readonly messages: readonly {
    readonly role: string;
    readonly region: RegionKind | null;
    readonly text: string;
  }[];
  readonly messageCount: number;
  readonly verdicts: readonly Verdict[];
  readonly verdictCount: number;
  readonly spanCount: number;
  readonly warnings: readonly string[];
  readonly contradictions: readonly string[];
}

export type PreviewPart =
  | PreviewTranscript
  /** `id` is null where the record as a whole could not be read. */
  | { readonly ok: false; readonly id: string | null; readonly reason: string };

/** One field of the mapping: where it is read from, in words, and what stands there in the record. */
export interface MappingLine {
  readonly field: string;
  readonly from: string;
  readonly found: string;
}

/**
 * What the first records give, a list of transcripts for each.
 * @param placeOf where each stands: ids are made up from it, and a profile may look into the file's name
 */
export async function previewMapping(
  profile: Profile,
  records: readonly unknown[],
  placeOf: (index: number) => RecordPlace,
  joined: readonly JoinedVerdicts[] = [],
): Promise<PreviewPart[][]> {
  const format =
    profile.reads === 'canonical'
      ? canonical
      : mappedFormat(profile, joined, await compilePatterns(profile, true));
  return records.slice(0, MOST_RECORDS).map((record, index) => {
    try {
      return format.read(record, placeOf(index)).slice(0, MOST_PARTS).map(previewOf);
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      return [{ ok: false, id: null, reason: problem(error.message) }];
    }
  });
}

function previewOf(part: ReadPart): PreviewPart {
  if (!part.ok) return { ...part, reason: problem(part.reason) };
  const { transcript, warnings, contradictions = [] } = part;
  const { id, setting, condition, variant, prefix, promptId, model, messages, verdicts, spans } = transcript;
  const outcomes = new Set(
    verdicts.flatMap(({ label, value }) => (label === 'complied' && value !== null ? [value] : [])),
  );
  const [outcome = null] = outcomes;
  return {
    ok: true,
    id,
    setting: shortened(setting),
    condition,
    variant: shortened(variant),
    prefix: shortened(prefix),
    promptId: shortenedOrNull(promptId),
    model: shortenedOrNull(model),
    outcome: outcomes.size === 1 ? outcome : null,
    messages: messages
      .slice(0, MOST_LISTED)
      .map(({ role, region, content }) => ({ role: shortened(role), region, text: shown(content) })),
    messageCount: messages.length,
    verdicts: verdicts.slice(0, MOST_LISTED).map((verdict) => ({
      ...verdict,
      classifier: shortened(verdict.classifier),
      label: shortened(verdict.label),
      version: shortenedOrNull(verdict.version),
    })),
    verdictCount: verdicts.length,
    spanCount: spans.length,
    warnings: warnings.slice(0, MOST_LISTED).map(problem),
    contradictions: contradictions.slice(0, MOST_LISTED).map(problem),
  };
}

const problem = (words: string) => shortened(words, PROBLEM_ROOM);

/** The rules of a profile, one a line, with what stands in the record where they look; of very many, how many more. */
export function describeMapping(profile: Profile, record: unknown): MappingLine[] {
  if (profile.reads === 'canonical')
    return [{ field: 'record', from: 'our own format', found: shown(record) }];
  const rules = rulesOf(profile);
  const looks = new Looks();
  const lines = rules.slice(0, MOST_LINES).map(({ field, where, more }) => ({
    field,
    from: [where === undefined ? '' : placesInWords(where), more].filter((text) => text !== '').join(', '),
    found: where === undefined ? '' : foundAt(looks, record, where),
  }));
  const left = rules.length - MOST_LINES;
  return left <= 0 ? lines : [...lines, { field: '…', from: `and ${left} more rules`, found: '' }];
}

interface RuleInWords {
  readonly field: string;
  readonly where: Where | undefined;
  readonly more: string;
}

function rulesOf(profile: Profile): RuleInWords[] {
  const line = (field: string, where: Where | undefined, more: string): RuleInWords => ({
    field,
    where,
    more,
  });
  const facets = (['setting', 'condition', 'variant', 'prefix', 'model'] as const).flatMap((name) => {
    const rule = profile[name];
    return rule ? [line(name, rule.at, facetInWords(rule))] : [];
  });
  const { promptId, arms } = profile;
  const byText = typeof promptId === 'object' && 'textOf' in promptId;
  return [
    ...(profile.id ?? []).map((where) => line('id', where, '')),
    ...(arms ? [line('arms', arms.at, `keys like ${arms.key}`)] : []),
    ...facets,
    ...(promptId === undefined
      ? []
      : [byText ? line('prompt', promptId.textOf, 'the text itself') : line('prompt', promptId, '')]),
    ...(profile.messages ?? []).map((rule) =>
      line('message', 'chat' in rule ? rule.chat : rule.at, messageInWords(rule)),
    ),
    ...(profile.verdicts ?? []).map((rule) => line('verdict', rule.at, verdictInWords(rule))),
    ...(profile.outcomeFromTags === true
      ? [line('outcome', undefined, 'accept and reject tags of the text')]
      : []),
    ...(profile.evidence ?? []).map((rule) =>
      line('spans', rule.quotes, `quotes of ${rule.classifier} for ${rule.label}`),
    ),
    ...(profile.joins ?? []).map((rule) => line('second file', rule.here, `${rule.file}, by ${rule.by}`)),
    ...(profile.metadata ?? []).map((where) => line('metadata', where, '')),
  ];
}

function foundAt(looks: Looks, record: unknown, where: Where): string {
  if (looks.areSpent) return NOT_LOOKED_UP;
  try {
    for (const pointer of listOf(where)) {
      const value = looks.valueAt(record, parsePointer(pointer));
      if (value !== undefined && value !== null && value !== '') return shown(value);
    }
    return shown(undefined);
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return error.message;
  }
}

function facetInWords(rule: FacetRule): string {
  return sentence([
    rule.file === true && 'the file name first',
    rule.pattern !== undefined && `the part that ${rule.pattern} finds`,
    rule.values &&
      Object.entries(rule.values)
        .map(([from, to]) => `${from} → ${to}`)
        .join(', '),
    rule.otherwise !== undefined && `otherwise ${rule.otherwise}`,
  ]);
}

function messageInWords(rule: MessageRule): string {
  if ('chat' in rule) return sentence(['a conversation', rule.optional === true && 'may be missing']);
  return sentence([
    rule.role,
    rule.region,
    rule.optional === true && 'may be missing',
    rule.unless !== undefined && `unless there is ${placesInWords(rule.unless)}`,
  ]);
}

function verdictInWords(rule: VerdictRule): string {
  return sentence([
    `${rule.classifier ?? 'as named'} on ${rule.label ?? 'as named'}`,
    rule.keys !== undefined && `keys like ${rule.keys}`,
    rule.value !== undefined && `value ${rule.value}`,
    rule.score !== undefined && `score ${rule.score}`,
    rule.yes && `yes: ${rule.yes.join(', ')}`,
    rule.no && `no: ${rule.no.join(', ')}`,
    rule.threshold !== undefined && `yes from ${rule.threshold}`,
    rule.invertedIn && `inverted in ${rule.invertedIn.join(', ')}`,
  ]);
}

function sentence(parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => typeof part === 'string' && part !== '').join(', ');
}
