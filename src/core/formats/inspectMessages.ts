/**
 * Messages as Inspect and Scout write them (a string or typed parts, tool calls, texts kept apart as attachments) to
 * plain messages in the order of the conversation. Whatever is no text gets a message of its own in brackets, so that
 * a message of text holds the stored text and nothing else.
 */
import { isObject, RecordError } from './format';

export interface FlatMessage {
  readonly role: string;
  readonly content: string;
  /** Reasoning that the model's provider keeps apart from the answer. */
  readonly region?: 'scratchpad';
  /** Of the message in the file that this is, or is a part of; old logs have none. */
  readonly id?: string;
}

const REFERENCE = /^(?:attachment|tc):\/\//;
/** References are hashes, in chunked samples numbers; a text that merely begins like one is a text. */
const REFERRED = /^(?:[0-9a-f]{32}|\d+)$/;

/** UTF-16 units that the references of one sample may stand for together: a text that is kept once may be told often. */
const MOST_REFERRED = 1 << 26;

/** Long texts, which a sample keeps once under their hash and refers to as `attachment://<hash>` (once `tc://`). */
export class Attachments {
  private readonly lost = new Set<string>();

  /** @param left see `MOST_REFERRED` */
  constructor(
    private readonly texts: Readonly<Record<string, unknown>>,
    private left = MOST_REFERRED,
  ) {}

  /** @throws RecordError where the texts referred to so far are too long together. */
  resolve(text: string): string {
    const scheme = REFERENCE.exec(text)?.[0];
    if (scheme === undefined) return text;
    const key = text.slice(scheme.length);
    const found = Object.hasOwn(this.texts, key) ? this.texts[key] : undefined;
    if (typeof found === 'string') {
      this.left -= found.length;
      if (this.left < 0)
        throw new RecordError(
          `its references to attachments stand for more than ${MOST_REFERRED} characters, the last of them to ${key} with ${found.length}`,
        );
      return found;
    }
    if (REFERRED.test(key)) this.lost.add(key);
    return text;
  }

  /** What was referred to and is not there, in words. */
  warnings(): string[] {
    const [first] = this.lost;
    if (first === undefined) return [];
    const more = this.lost.size > 1 ? ` and ${this.lost.size - 1} more` : '';
    return [`a text kept as attachment ${first}${more} is not in the file; the reference is shown instead`];
  }
}

/** One message of the file as one or several plain ones. */
export function flattenMessage(message: unknown, attachments: Attachments): FlatMessage[] {
  if (!isObject(message)) return [{ role: 'unknown', content: `[no message, but ${typeof message}]` }];
  const role = typeof message.role === 'string' && message.role !== '' ? message.role : 'unknown';
  const id = typeof message.id === 'string' ? { id: message.id } : {};
  const flat: FlatMessage[] = [];
  const add = (content: string, as = role) => flat.push({ role: as, content, ...id });
  const addReasoning = (part: Record<string, unknown>) => {
    for (const content of reasoningTexts(part, attachments)) {
      flat.push({ role, content, region: 'scratchpad', ...id });
    }
  };

  // Logs of early 2025 keep the reasoning beside the content.
  if (typeof message.reasoning === 'string') addReasoning(message);
  const { content } = message;
  if (typeof content === 'string') {
    if (content !== '') add(attachments.resolve(content));
  } else if (Array.isArray(content)) {
    let text: string | null = null;
    for (const part of content) {
      const partText = textOf(part, attachments);
      if (partText !== null) {
        // As Inspect itself joins them (ChatMessageBase.text).
        text = text === null ? partText : `${text}\n${partText}`;
        continue;
      }
      if (text !== null) add(text);
      text = null;
      if (isObject(part) && part.type === 'reasoning') addReasoning(part);
      else if (isObject(part) && part.type === 'tool_use') {
        add(`[tool use] ${called(part.name, part.arguments, attachments)}`);
        if (typeof part.result === 'string' && part.result !== '')
          add(attachments.resolve(part.result), 'tool');
        if (typeof part.error === 'string') add(`[error] ${attachments.resolve(part.error)}`, 'tool');
      } else add(placeholder(part, attachments));
    }
    if (text !== null) add(text);
  } else if (content !== undefined && content !== null)
    add(`[content that is no text, but ${typeof content}]`);

  if (Array.isArray(message.tool_calls)) {
    for (const call of message.tool_calls) {
      if (!isObject(call)) continue;
      add(`[tool call] ${called(call.function, call.arguments, attachments)}`);
      if (typeof call.parse_error === 'string') add(`[the call cannot be parsed] ${call.parse_error}`);
    }
  }
  if (isObject(message.error)) {
    add(`[error: ${String(message.error.type)}] ${attachments.resolve(String(message.error.message))}`);
  }
  if (flat.length === 0) add('');
  return flat;
}

function textOf(part: unknown, attachments: Attachments): string | null {
  if (typeof part === 'string') return attachments.resolve(part);
  if (!isObject(part) || part.type !== 'text' || typeof part.text !== 'string') return null;
  return attachments.resolve(part.text);
}

/** The reasoning as stored; of redacted reasoning only that there was some, and its summary. */
function reasoningTexts(part: Record<string, unknown>, attachments: Attachments): string[] {
  const text = part.redacted === true || typeof part.reasoning !== 'string' ? '' : part.reasoning;
  const summary = typeof part.summary === 'string' ? attachments.resolve(part.summary) : '';
  const texts = text === '' ? [] : [attachments.resolve(text)];
  if (summary !== '') texts.push(`[summary of the reasoning]\n${summary}`);
  else if (text === '')
    texts.push(part.redacted === true ? '[reasoning redacted]' : '[reasoning not stored]');
  return texts;
}

/** A function's name and its arguments as JSON. */
function called(name: unknown, args: unknown, attachments: Attachments): string {
  const shownName = typeof name === 'string' ? name : 'unknown';
  if (typeof args === 'string') return `${shownName} ${attachments.resolve(args)}`;
  return `${shownName} ${asJson(args ?? {}, attachments)}`;
}

function placeholder(part: unknown, attachments: Attachments): string {
  if (!isObject(part) || typeof part.type !== 'string') return `[part that is no text, but ${typeof part}]`;
  if (part.type === 'document' && typeof part.filename === 'string') return `[document: ${part.filename}]`;
  if (part.type === 'data') return `[data] ${asJson(part.data, attachments)}`;
  return `[${part.type}]`;
}

function asJson(value: unknown, attachments: Attachments): string {
  const resolved = (_key: string, inner: unknown) =>
    typeof inner === 'string' ? attachments.resolve(inner) : inner;
  try {
    return JSON.stringify(value, resolved) ?? 'null';
  } catch (error) {
    if (error instanceof RecordError) throw error;
    // Nested deeper than the stack reaches.
    return '[nested too deeply to be shown]';
  }
}
