import { DEFAULT_VARIANT, type Message, NO_PREFIX, UNKNOWN_SETTING, type Verdict } from '../dataset/model';
import { outcomeOfTags } from './acceptTags';
import { conditionOf } from './conditionWords';
import { isObject, type LookingFormat, placeId, RecordError, shown, statedId } from './format';

type Fields = Record<string, unknown>;

/**
 * Records of an elicitation run: `tier`, `raw_response`, `scratchpad`, `output`, `accepted`, `af_is_af`,
 * `af_yes_proportion`, `compliance_is_compliant`. The accept and reject tags of the answer are read only where no
 * flag is stored, and are held against the flag where one is.
 */
export const elicitation: LookingFormat = {
  name: 'elicitation run',

  detect: (record) =>
    isObject(record) &&
    'tier' in record &&
    (typeof record.raw_response === 'string' || typeof record.scratchpad === 'string'),

  read(record, place) {
    if (!isObject(record)) throw new RecordError('expected an object with "tier" and "raw_response"');
    const warnings: string[] = [];
    const tier = text(record, 'tier');
    const condition = tier === null ? null : conditionOf(tier);
    if (condition === null) warnings.push(`tier ${shown(tier)} names neither training nor unmonitored`);
    const messages = readMessages(record);
    return [
      {
        ok: true,
        transcript: {
          id: statedId(record.id ?? record.uuid, warnings) ?? placeId(place, false),
          setting: text(record, 'setting') ?? UNKNOWN_SETTING,
          condition,
          variant: text(record, 'variant') ?? DEFAULT_VARIANT,
          prefix: text(record, 'prefix') ?? NO_PREFIX,
          promptId: promptId(record),
          model: text(record, 'model'),
          messages,
          verdicts: readVerdicts(record, messages, warnings),
          spans: [],
          metadata: typeof record.parse_method === 'string' ? { parse_method: record.parse_method } : {},
        },
        warnings,
      },
    ];
  },
};

function readMessages(record: Fields): Message[] {
  const messages: Message[] = [];
  const add = (role: string, content: string | null, region: Message['region'] = null) => {
    if (content !== null) messages.push({ role, content, prefill: 0, region });
  };
  add('system', text(record, 'system_prompt') ?? text(record, 'system'));
  add('user', text(record, 'query') ?? text(record, 'prompt') ?? text(record, 'user_input'));
  const raw = text(record, 'raw_response');
  if (raw !== null) add('assistant', raw);
  else {
    add('assistant', text(record, 'scratchpad'), 'scratchpad');
    add('assistant', text(record, 'output'), 'output');
  }
  if (!messages.some((message) => message.role === 'assistant')) {
    throw new RecordError(
      'raw_response: expected string, and neither scratchpad nor output is there instead',
    );
  }
  return messages;
}

function readVerdicts(record: Fields, messages: readonly Message[], warnings: string[]): Verdict[] {
  const verdicts: Verdict[] = [];
  const add = (classifier: string, label: string, value: boolean | null, extra: Partial<Verdict> = {}) =>
    verdicts.push({
      classifier,
      label,
      value,
      score: null,
      votes: null,
      version: null,
      derived: false,
      ...extra,
    });

  const tagged = outcomeOfTags(messages);
  const accepted = flag(record, 'accepted');
  if (accepted !== null) {
    add('accepted', 'complied', accepted);
    if (tagged !== null && tagged !== accepted) {
      warnings.push(`stored accepted = ${accepted}, but the tags of the answer say ${tagged}`);
    }
  } else if (tagged !== null) add('tags', 'complied', tagged, { derived: true });
  const compliant = flag(record, 'compliance_is_compliant');
  if (compliant !== null) add('compliance', 'complied', compliant);

  const faking = flag(record, 'af_is_af');
  const share = record.af_yes_proportion;
  if (share !== undefined && share !== null && typeof share !== 'number') {
    throw new RecordError(`af_yes_proportion: expected number, found ${shown(share)}`);
  }
  if (faking !== null || typeof share === 'number') {
    add('af', 'alignment_faking', faking, { score: typeof share === 'number' ? share : null });
  }
  return verdicts;
}

function promptId(record: Fields): string | null {
  const id = record.prompt_id ?? record.promptId ?? record.query_id;
  return typeof id === 'string' || typeof id === 'number' ? String(id) : null;
}

/** @throws RecordError when the field is there and not a string. */
function text(record: Fields, key: string): string | null {
  const value = record[key] ?? null;
  if (value === null || typeof value === 'string') return value;
  throw new RecordError(`${key}: expected string, found ${shown(value)}`);
}

/** @throws RecordError when the field is there and not true or false. */
function flag(record: Fields, key: string): boolean | null {
  const value = record[key] ?? null;
  if (value === null || typeof value === 'boolean') return value;
  throw new RecordError(`${key}: expected true or false, found ${shown(value)}`);
}
