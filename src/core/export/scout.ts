/**
 * A validation set of Inspect Scout: cases of an id and what a scanner should have said. One label is a `target`;
 * several are `labels` (`label_NAME` columns in CSV), which Scout compares with a result set. The id is the
 * transcript's; of a sample from an Inspect log it is the sample's uuid, as in Scout.
 */
import { DecidedLabels } from './decided';
import type { Encoder, Overview } from './encoder';
import { inspectSample } from './inspectSample';
import { jsonText } from './jsonText';
import type { Cell } from './table';
import { isFormula } from './textMark';

export const SCOUT_FORMS = ['csv', 'json', 'jsonl', 'yaml'] as const;
export type ScoutForm = (typeof SCOUT_FORMS)[number];

/**
 * @param label the only label to write; null for all that somebody decided.
 * @param csvLine writes a record of CSV.
 */
export function scoutEncoder(
  overview: Overview,
  form: ScoutForm,
  label: string | null,
  csvLine: (cells: readonly Cell[]) => string,
): Encoder {
  const labels = new DecidedLabels(overview, label);
  let cases = 0;
  let split = 0;
  let formulas = 0;
  const write = (id: string, values: readonly boolean[]): string => {
    if (form === 'csv') return csvLine([id, ...values]);
    const named = Object.fromEntries(labels.names.map((name, index) => [name, values[index]]));
    const item = label === null ? { id, labels: named } : { id, target: values[0] };
    if (form === 'yaml') return `- ${yamlFlow(item)}\n`;
    if (form === 'jsonl') return `${jsonText(item)}\n`;
    return `${cases === 0 ? '\n' : ',\n'}${jsonText(item)}`;
  };
  return {
    begin() {
      if (form === 'csv') {
        return csvLine([
          'id',
          ...(label === null ? labels.names.map((name) => `label_${name}`) : ['target']),
        ]);
      }
      return form === 'json' ? '[' : '';
    },
    add({ transcript, review }) {
      const values = labels.values(review);
      if (values === null) return '';
      const id = inspectSample(transcript)?.uuid ?? transcript.id;
      if (/,|^\s*\[.*\]\s*$/s.test(id)) split++;
      if (form === 'csv' && isFormula(id)) formulas++;
      const text = write(id, values);
      cases++;
      return text;
    },
    end() {
      if (form === 'json') return cases === 0 ? ']\n' : '\n]\n';
      return form === 'yaml' && cases === 0 ? '[]\n' : '';
    },
    remarks: () => [
      ...labels.remarks(),
      ...(split > 0
        ? [`${split} ids hold a comma or are in brackets: Scout reads such an id as several`]
        : []),
      ...(formulas > 0
        ? [
            `${formulas} ids begin with = + - @ or a tab and stand as they are, since Scout looks them up: a spreadsheet may run them as formulas`,
          ]
        : []),
    ],
  };
}

/**
 * JSON is YAML, but for characters that YAML 1.1 wants escaped; with spaces behind : and , for parsers that want them.
 */
function yamlFlow(value: string | boolean | undefined | { readonly [key: string]: unknown }): string {
  if (typeof value !== 'object') {
    return jsonText(value ?? null).replace(
      /[\u007f-\u009f\ufeff\ufffe\uffff]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  }
  const entries = Object.entries(value).map(
    ([key, each]) => `${yamlFlow(key)}: ${yamlFlow(each as Parameters<typeof yamlFlow>[0])}`,
  );
  return `{${entries.join(', ')}}`;
}
