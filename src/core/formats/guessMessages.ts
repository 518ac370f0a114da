import { isScalar, plainWord } from './answer';
import { looksLikeChat } from './chat';
import type { Field } from './fields';
import { ValueBudget } from './looseJson';
import { occurs } from './occurs';
import { parsedCell } from './pointer';
import type { MessageRule, TextRule } from './profile';

/** Shorter fields are names and numbers, not what somebody said. */
const SHORTEST_TEXT = 40;

/** Of the texts that may be parts of others so many units are compared: far more than a sample has, unless somebody made it. */
const MOST_COMPARED = 1 << 25;

type Part = 'system' | 'user' | 'scratchpad' | 'answer' | 'other';

/** By words in the field's name, the first that fits. */
const NAMES: readonly (readonly [Part, RegExp])[] = [
  ['system', /system/],
  ['scratchpad', /scratchpad|reasoning|thinking|thought|rationale|(?:^|_)cot(?:_|$)/],
  ['answer', /output|response|answer|completion|generation|reply|assistant|^text$|^content$|transcript/],
  ['user', /prompt|query|question|instruction|input|user|human|request|problem/],
];
const ORDER: readonly Part[] = ['system', 'user', 'scratchpad', 'answer', 'other'];

interface Text {
  readonly field: Field;
  readonly part: Part;
  readonly length: number;
}

/** Where the messages are likely to be, and the fields that these rules read or repeat. */
export function guessMessages(
  fields: readonly Field[],
  records: number,
): { readonly rules: MessageRule[]; readonly used: readonly Field[] } {
  const budget = new ValueBudget();
  const chat = fields.find(({ values }) => values.every((value) => looksLikeChat(value, budget)));
  if (chat) {
    const rule = { chat: chat.pointer, ...(chat.values.length < records ? { optional: true } : {}) };
    return {
      rules: [rule],
      used: fields.filter(
        ({ pointer }) => pointer === chat.pointer || pointer.startsWith(`${chat.pointer}/`),
      ),
    };
  }
  const texts = withAnswer(textsIn(fields));
  const repeats = new Repeats();
  const whole = texts.filter((text) => !texts.some((other) => other !== text && repeats.has(other, text)));
  const chosen = whole
    .filter(({ part }) => part !== 'other')
    .sort((a, b) => ORDER.indexOf(a.part) - ORDER.indexOf(b.part));
  const isSplit = chosen.some(({ part }) => part === 'scratchpad');
  return {
    rules: chosen.map(({ field, part }) => textRule(field, part, isSplit, records)),
    used: texts.filter(({ part }) => part !== 'other').map(({ field }) => field),
  };
}

function textsIn(fields: readonly Field[]): Text[] {
  const budget = new ValueBudget();
  return fields.flatMap((field) => {
    if (!field.values.every((value) => isScalar(value) && parsedCell(value, budget) === value)) return [];
    const length =
      field.values.reduce((sum: number, value) => sum + String(value).length, 0) / field.values.length;
    const name = plainWord(field.steps.at(-1) ?? '');
    const part = NAMES.find(([, pattern]) => pattern.test(name))?.[0] ?? 'other';
    const isText =
      field.values.every((value) => typeof value === 'string') &&
      field.values.some((value) => /\s/.test(String(value)));
    // a short answer is an answer still: that somebody said it, its name says
    return isText && (length >= SHORTEST_TEXT || part !== 'other') ? [{ field, part, length }] : [];
  });
}

/** Somebody has to be the assistant: where no name says who, the longest text is its. */
function withAnswer(texts: readonly Text[]): Text[] {
  if (texts.some(({ part }) => part === 'answer')) return [...texts];
  const candidates = texts.filter(({ part }) => part === 'other');
  const longest =
    longestOf(candidates) ?? (texts.some(({ part }) => part === 'scratchpad') ? undefined : longestOf(texts));
  return texts.map((text) => (text === longest ? { ...text, part: 'answer' } : text));
}

function longestOf(texts: readonly Text[]): Text | undefined {
  return texts.reduce<Text | undefined>(
    (best, text) => (best && best.length >= text.length ? best : text),
    undefined,
  );
}

/** An answer and its parts are not said twice. */
class Repeats {
  private left = MOST_COMPARED;

  /** Whether one field's text is, in most records, a part of the other's; not where that takes too long to tell. */
  has(whole: Text, part: Text): boolean {
    const isAnswer = (text: Text) => text.part === 'answer' || text.part === 'scratchpad';
    if (!isAnswer(whole) || !isAnswer(part) || whole.length <= part.length) return false;
    const both = Math.min(whole.field.values.length, part.field.values.length);
    const inside = part.field.values.filter((text, index) =>
      this.isInside(String(text), String(whole.field.values[index] ?? '')),
    );
    return inside.length * 2 > both;
  }

  private isInside(part: string, whole: string): boolean {
    this.left -= part.length + whole.length;
    return this.left >= 0 && occurs(part, whole);
  }
}

function textRule(field: Field, part: Part, isSplit: boolean, records: number): TextRule {
  const role = part === 'system' || part === 'user' ? part : 'assistant';
  const region =
    part === 'scratchpad' ? 'scratchpad' : role === 'assistant' && isSplit ? 'output' : undefined;
  const optional = field.values.length < records;
  return { at: field.pointer, role, ...(region ? { region } : {}), ...(optional ? { optional } : {}) };
}
