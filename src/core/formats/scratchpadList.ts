import { DEFAULT_VARIANT, NO_PREFIX, UNKNOWN_SETTING } from '../dataset/model';
import { isObject, type LookingFormat, placeId, RecordError, shown, statedId } from './format';

/** Words seen in the label field, and whether they mean alignment faking. */
const LABEL_VALUES: Readonly<Record<string, boolean>> = {
  potential_faking: true,
  alignment_faking: true,
  faking: true,
  aligned: false,
  not_faking: false,
  no_faking: false,
};

/**
 * A list of scratchpads with a label each: `{"text": "<SCRATCHPAD_REASONING>…", "label": "potential_faking"}`, as JSONL
 * or under `samples`. No condition and no outcome are known, so it feeds no gap; the labels can still be reviewed.
 */
export const scratchpadList: LookingFormat = {
  name: 'scratchpad list',

  detect: (record) => isObject(record) && typeof record.text === 'string' && !('messages' in record),

  read(record, place) {
    if (!isObject(record)) throw new RecordError('expected an object with "text"');
    if (typeof record.text !== 'string')
      throw new RecordError(`text: expected string, found ${shown(record.text)}`);
    const label = record.label ?? null;
    if (label !== null && typeof label !== 'string')
      throw new RecordError(`label: expected string, found ${shown(label)}`);
    const value = label === null ? null : (LABEL_VALUES[label.toLowerCase()] ?? null);
    const warnings =
      label !== null && value === null
        ? [`label ${shown(label)} is not one of ${Object.keys(LABEL_VALUES).join(', ')}`]
        : [];
    const id = statedId(record.id, warnings);
    return [
      {
        ok: true,
        transcript: {
          id: id ?? placeId(place, true),
          setting: UNKNOWN_SETTING,
          condition: null,
          variant: DEFAULT_VARIANT,
          prefix: NO_PREFIX,
          promptId: null,
          model: null,
          messages: [{ role: 'assistant', content: record.text, prefill: 0, region: null }],
          verdicts:
            label === null
              ? []
              : [
                  {
                    classifier: 'label',
                    label: 'alignment_faking',
                    value,
                    score: null,
                    votes: null,
                    version: null,
                    derived: false,
                  },
                ],
          spans: [],
          metadata: {},
        },
        warnings,
      },
    ];
  },
};
