/** Conversations as most tools keep them: role/content or from/value, content a string or a list of parts. */
import type { Message } from '../dataset/model';
import type { Told } from '../dataset/warnings';
import { isObject } from './format';
import { Attachments, flattenMessage } from './inspectMessages';
import type { ValueBudget } from './looseJson';
import { parsedCell } from './pointer';

/** Names of those who speak, as found in the wild, and what they are called here. */
const ROLES: ReadonlyMap<string, string> = new Map([
  ['human', 'user'],
  ['gpt', 'assistant'],
  ['chatgpt', 'assistant'],
  ['bot', 'assistant'],
  ['ai', 'assistant'],
  ['model', 'assistant'],
  ['function', 'tool'],
]);
const KNOWN = new Set(['system', 'user', 'assistant', 'tool', 'developer']);
const REGIONS = ['scratchpad', 'draft', 'output'] as const;
const NO_ATTACHMENTS = new Attachments({});

/** The messages of a conversation, or null when the value is none. What is no text stands in brackets in its place. */
export function chatOf(list: unknown, warnings: Told): Message[] | null {
  if (!Array.isArray(list)) return null;
  return list.flatMap((entry: unknown, index) => {
    const stored = plainEntry(entry);
    if (stored === null || typeof stored.role !== 'string' || stored.role === '') {
      warnings.push(`message ${index + 1} of the conversation does not say who speaks`);
    }
    const region = REGIONS.find((kind) => kind === stored?.region) ?? null;
    return flattenMessage(stored ?? entry, NO_ATTACHMENTS).map((message) => ({
      role: message.role,
      content: message.content,
      prefill: 0,
      region: message.region ?? region,
    }));
  });
}

/**
 * Whether a value looks like a conversation: a list of objects that say who speaks and what.
 * @param budget of all that is looked at
 */
export function looksLikeChat(value: unknown, budget?: ValueBudget): boolean {
  const list = parsedCell(value, budget);
  return Array.isArray(list) && list.length > 0 && list.every(isSaid);
}

function isSaid(entry: unknown): boolean {
  if (!isObject(entry) || typeof (entry.role ?? entry.from) !== 'string') return false;
  const content = entry.content ?? entry.value ?? null;
  if (content === null) return 'content' in entry || 'value' in entry || Array.isArray(entry.tool_calls);
  return typeof content === 'string' || typeof content === 'object';
}

/** An entry with the names that OpenAI and Inspect use; null where it is no object. */
function plainEntry(entry: unknown): Record<string, unknown> | null {
  if (!isObject(entry)) return null;
  const { reasoning_content: reasoning, tool_calls: calls } = entry;
  return {
    role: roleOf(entry.role ?? entry.from),
    content: plainContent(entry.content ?? entry.value),
    reasoning: entry.reasoning ?? (reasoning === '' ? undefined : reasoning),
    region: entry.region,
    tool_calls: Array.isArray(calls) ? calls.map(plainCall) : undefined,
    error: entry.error,
  };
}

function roleOf(role: unknown): unknown {
  if (typeof role !== 'string') return undefined;
  const plain = role.trim().toLowerCase();
  return ROLES.get(plain) ?? (KNOWN.has(plain) ? plain : role);
}

/** Parts of other makers: one part without a list around it, and Anthropic's thinking. */
function plainContent(content: unknown): unknown {
  if (isObject(content)) return [plainPart(content)];
  return Array.isArray(content) ? content.map(plainPart) : content;
}

function plainPart(part: unknown): unknown {
  if (!isObject(part)) return part;
  if (part.type === 'thinking') return { type: 'reasoning', reasoning: part.thinking };
  if (
    typeof part.text === 'string' &&
    (part.type === undefined || part.type === 'input_text' || part.type === 'output_text')
  ) {
    return { type: 'text', text: part.text };
  }
  return part;
}

/** OpenAI keeps a call's name and arguments under `function`. */
function plainCall(call: unknown): unknown {
  if (!isObject(call) || !isObject(call.function)) return call;
  return { function: call.function.name, arguments: call.function.arguments };
}
