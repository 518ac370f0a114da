/** Reads records of any shape by a profile. */
import { digest } from '../dataset/hash';
import {
  DEFAULT_VARIANT,
  type Message,
  NO_PREFIX,
  type Transcript,
  UNKNOWN_SETTING,
  type Verdict,
} from '../dataset/model';
import { spanIds } from '../dataset/spanId';
import { WarningRoom, Warnings } from '../dataset/warnings';
import { outcomeOfTags } from './acceptTags';
import { isScalar } from './answer';
import { armsReader } from './arms';
import { Entries } from './entries';
import { evidenceReader } from './evidenceRule';
import { conditionReader, facetReader } from './facetRule';
import { type Format, isObject, placeId, type ReadPart, RecordError, shown, statedId } from './format';
import { type JoinedVerdicts, joinedReader } from './join';
import { Looks } from './looks';
import { messagesReader } from './messageRule';
import { metadataReader } from './metadataRule';
import { Patterns } from './pattern';
import type { Profile } from './profile';
import { finderOf, type Scope } from './scope';
import { type RawVerdict, settledVerdicts, verdictReader } from './verdictRule';

/** Name of the classifier that reads the outcome out of the text. */
const TAGS = 'tags';

/**
 * The format that a profile describes.
 * @param joined what `joinVerdicts` gave for each of the profile's joins, in their order; without it, none is read.
 * @param patterns those of the profile; may be left out where it has none.
 */
export function mappedFormat(
  profile: Profile,
  joined: readonly JoinedVerdicts[] = [],
  patterns = new Patterns(),
): Format {
  const readArms = profile.arms && armsReader(profile.arms, patterns);
  const entries = new Entries();
  const looks = new Looks();
  const read = transcriptReader(profile, joined, patterns, entries);
  const id = idReader(profile);

  const part = (scope: WarnedScope): ReadPart => {
    const transcript = read(scope, id(scope));
    const { warnings, contradictions } = scope;
    const more = warnings.more + contradictions.more;
    return {
      ok: true,
      transcript,
      warnings: [...warnings.texts, ...looks.warnings, ...contradictions.texts],
      contradictions: contradictions.texts,
      ...(more > 0 ? { more } : {}),
    };
  };

  return {
    name: profile.name,
    read(record, place) {
      patterns.beginRecord();
      entries.beginRecord();
      looks.beginRecord();
      if (!isObject(record)) throw new RecordError(`expected an object, found ${shown(record)}`);
      if (!profile.messages?.length && !profile.verdicts?.length) {
        throw new RecordError('the profile says neither where messages nor where verdicts are');
      }
      const room = new WarningRoom();
      const scopeOf = (arm: Scope['arm']): WarnedScope => ({
        ...{ record, place, arm, looks },
        warnings: new Warnings(room),
        contradictions: new Warnings(room),
      });
      if (readArms === undefined) return [part(scopeOf(null))];
      let spent: string | null = null;
      return readArms(record, place).map(({ key, arm }): ReadPart => {
        const scope = scopeOf(arm ?? { key, facets: new Map() });
        // An arm that is looked at all the same may cost a rule's work before that is found out again.
        if (spent !== null) return { ok: false, id: id(scope), reason: spent };
        try {
          if (arm === null)
            throw new RecordError(`what arm ${shown(key)} is, the profile's pattern does not say`);
          return part(scope);
        } catch (error) {
          // Arms that were met by chance before the others are no sample of them.
          if (!(error instanceof RecordError) || looks.areSpent) throw error;
          if (entries.areSpent || patterns.areSpent) spent = error.message;
          return { ok: false, id: id(scope), reason: error.message };
        }
      });
    },
  };
}

interface WarnedScope extends Scope {
  readonly warnings: Warnings;
  readonly contradictions: Warnings;
}

/** The id that the record states, or a made up one; an arm's ends with its key. */
export function idReader(profile: Profile): (scope: Scope) => string {
  const parts = (profile.id ?? []).map(finderOf);
  return (scope) => {
    const stated = parts.map((find) => statedId(find(scope)?.value, scope.warnings));
    const isWhole = stated.length > 0 && stated.every((text) => text !== null);
    const id = isWhole ? stated.join(':') : placeId(scope.place, profile.recordsShareLines === true);
    return scope.arm === null ? id : `${id}:${scope.arm.key}`;
  };
}

function transcriptReader(
  profile: Profile,
  joined: readonly JoinedVerdicts[],
  patterns: Patterns,
  entries: Entries,
) {
  const setting = facetReader(profile.setting, 'setting', patterns);
  const condition = conditionReader(profile.condition, patterns);
  const variant = facetReader(profile.variant, 'variant', patterns);
  const prefix = facetReader(profile.prefix, 'prefix', patterns);
  const promptId = promptIdReader(profile);
  const model = facetReader(profile.model, 'model', patterns);
  const messages = messagesReader(profile.messages ?? [], entries);
  const verdicts = (profile.verdicts ?? []).map((rule) => verdictReader(rule, patterns));
  const evidence = (profile.evidence ?? []).map(evidenceReader);
  const quotes = (scope: Scope) => {
    const spans = entries.of(evidence, scope);
    for (const { quote } of spans) entries.addText(quote?.length ?? 0);
    return spans;
  };
  const metadata = metadataReader(profile.metadata ?? []);
  const other = joinedReader(profile.joins ?? [], joined);

  return (scope: Scope, id: string): Transcript => {
    const said = messages(scope);
    const inSetting = setting(scope) ?? UNKNOWN_SETTING;
    const second = other(scope);
    const raw = [...entries.of(verdicts, scope), ...second.verdicts];
    return {
      id,
      setting: inSetting,
      condition: condition(scope),
      variant: variant(scope) ?? DEFAULT_VARIANT,
      prefix: prefix(scope) ?? NO_PREFIX,
      promptId: promptId(scope),
      model: model(scope),
      messages: said,
      verdicts: [
        ...settledVerdicts(raw, inSetting, scope.warnings),
        ...(profile.outcomeFromTags === true ? outcomeInText(said, raw, scope) : []),
      ],
      spans: spanIds([...quotes(scope), ...second.spans]),
      metadata: metadata(scope),
    };
  };
}

/** The outcome that the text's tags state, where no flag is stored that should say the same; else the two compared. */
function outcomeInText(messages: readonly Message[], raw: readonly RawVerdict[], scope: Scope): Verdict[] {
  const tagged = outcomeOfTags(messages, scope.warnings);
  if (tagged === null) return [];
  const flags = raw.filter(({ verdict, heldAgainstTags }) => heldAgainstTags && verdict.value !== null);
  for (const { verdict } of flags) {
    if (verdict.value === tagged) continue;
    scope.contradictions.push(
      `stored ${verdict.classifier} = ${verdict.value}, but the tags of the answer say ${tagged}`,
    );
  }
  if (flags.length > 0) return [];
  return [
    {
      classifier: TAGS,
      label: 'complied',
      value: tagged,
      score: null,
      votes: null,
      version: null,
      derived: true,
    },
  ];
}

function promptIdReader({ promptId }: Profile): (scope: Scope) => string | null {
  if (promptId === undefined) return () => null;
  const byText = typeof promptId === 'object' && 'textOf' in promptId;
  const find = finderOf(byText ? promptId.textOf : promptId);
  return (scope) => {
    const found = find(scope);
    if (found === null || found.value === '') return null;
    if (isScalar(found.value)) {
      const text = String(found.value);
      return byText ? scope.looks.once('prompt', text, (each) => digest(each, 12)) : text;
    }
    scope.warnings.push(
      `${found.pointer}: expected the prompt's ${byText ? 'text' : 'id'}, found ${shown(found.value)}`,
    );
    return null;
  };
}
