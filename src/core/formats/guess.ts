/** A first profile for records of a shape that nobody told us about: where a user starts in the form. */
import { isNoAnswer, isScalar, plainAnswer, plainWord } from './answer';
import { conditionOf } from './conditionWords';
import { type Field, fieldsOf } from './fields';
import { guessMessages } from './guessMessages';
import { isRowNumber, type Profile, type VerdictRule } from './profile';

/** Names of fields whose true is the first condition, and of those whose true is the second. */
const TRUE_IS_TRAINING = /^(?:is_)?(?:free|free_tier|monitored|observed|training)$/;
const TRUE_IS_UNMONITORED = /^(?:is_)?(?:paid|paid_tier|unmonitored|unobserved|deployment|deployed)$/;

const MOST_METADATA = 30;
/** Longer values are text, not names. */
const LONGEST_WORD = 100;

/**
 * The best guess at what records mean: a conversation or the longest texts become messages, a unique name the id, a field
 * of condition words the condition, yes/no fields verdicts under their own names. Everything it does not know what to do
 * with is kept as metadata.
 */
export function guessProfile(records: readonly unknown[]): Profile {
  const fields = [...fieldsOf(records).values()].filter(
    ({ values, steps }) => values.length > 0 && !isInList(steps),
  );
  const taken = new Set<Field>();
  const take = (field: Field | undefined) => {
    if (field) taken.add(field);
    return field;
  };
  const free = () => fields.filter((field) => !taken.has(field) && field.values.every(isScalar));
  const named = (pattern: RegExp) =>
    take(free().find((field) => isWord(field) && pattern.test(nameOf(field))));

  const { rules: messages, used } = guessMessages(fields, records.length);
  for (const field of used) taken.add(field);
  const promptId = named(/^(?:prompt|query|question|pair|problem)_?id$/);
  const id = take(guessId(free(), records.length));
  const condition = take(free().find(isCondition));
  const facets = {
    setting: named(/^(?:setting|environment|scenario|task)$/),
    variant: named(/^(?:prompt_)?variant$/),
    prefix: named(/^prefix(?:_arm)?$/),
    model: named(/^model(?:_name|_id)?$/),
  };
  const verdicts = free().filter((field) => take(isYesNo(field) ? field : undefined) !== undefined);
  const rest = free().filter(isWord).slice(0, MOST_METADATA);

  return {
    version: 1,
    name: 'guessed',
    reads: 'mapped',
    ...(id ? { id: [id.pointer] } : {}),
    recordsShareLines: true,
    ...(condition ? { condition: conditionRule(condition) } : {}),
    ...Object.fromEntries(
      Object.entries(facets).flatMap(([name, field]) => (field ? [[name, { at: field.pointer }]] : [])),
    ),
    ...(promptId ? { promptId: promptId.pointer } : {}),
    messages,
    ...(verdicts.length > 0 ? { verdicts: verdicts.map(verdictRule) } : {}),
    outcomeFromTags: true,
    ...(rest.length > 0 ? { metadata: rest.map(({ pointer }) => pointer) } : {}),
  };
}

export function nameOf({ steps }: Field): string {
  return plainWord(steps.at(-1) ?? '');
}

/** What stands under a list belongs to its entries, not to the record. */
function isInList(steps: readonly string[]): boolean {
  return steps.some((step) => /^\d+$/.test(step));
}

function isWord({ values }: Field): boolean {
  return values.every((value) => isScalar(value) && String(value).length <= LONGEST_WORD);
}

function guessId(fields: readonly Field[], records: number): Field | undefined {
  const unique = fields.filter(
    (field) =>
      isWord(field) &&
      !isRowNumber(field.pointer) &&
      field.values.length === records &&
      new Set(field.values.map(String)).size === records,
  );
  return (
    unique.find((field) => /^(?:id|uuid|guid)$/.test(nameOf(field))) ??
    unique.find((field) => /(?:^|[_ -])(?:id|uuid|key|hash)$|[a-z]Id$/.test(field.steps.at(-1) ?? ''))
  );
}

function isCondition(field: Field): boolean {
  const name = nameOf(field);
  const isFlag = TRUE_IS_TRAINING.test(name) || TRUE_IS_UNMONITORED.test(name);
  return field.values.every((value) => conditionOf(String(value)) !== null) || (isFlag && isYesNo(field));
}

function conditionRule(field: Field): NonNullable<Profile['condition']> {
  if (!isYesNo(field)) return { at: field.pointer, expected: true };
  const [yes, no] = TRUE_IS_TRAINING.test(nameOf(field))
    ? (['training', 'unmonitored'] as const)
    : (['unmonitored', 'training'] as const);
  const words = new Set(field.values.map((value) => plainWord(String(value))));
  return {
    at: field.pointer,
    values: Object.fromEntries(
      [...words].flatMap((word) =>
        plainAnswer(word) === undefined ? [] : [[word, plainAnswer(word) ? yes : no]],
      ),
    ),
    expected: true,
  };
}

function isYesNo(field: Field): boolean {
  if (isRowNumber(field.pointer)) return false;
  const words = field.values.map((value) =>
    isScalar(value) && String(value).length <= LONGEST_WORD ? plainWord(value) : 'text',
  );
  return (
    words.some((word) => plainAnswer(word) !== undefined) &&
    words.every((word) => plainAnswer(word) !== undefined || isNoAnswer(word))
  );
}

function verdictRule(field: Field): VerdictRule {
  const name = field.steps.at(-1) || 'verdict';
  return { at: field.pointer, label: name, classifier: name };
}
