import type { Message } from '../dataset/model';
import { chatOf } from './chat';
import type { Entries } from './entries';
import { RecordError, shown } from './format';
import type { ChatRule, MessageRule, TextRule } from './profile';
import { finderOf, placesInWords, placesOf, type Scope } from './scope';

/** @throws RecordError when a text that has to be there is not. */
export type MessageReader = (scope: Scope) => Message[];

/** Reads the messages of a transcript, in the order of the rules. */
export function messagesReader(rules: readonly MessageRule[], entries: Entries): MessageReader {
  const readers = rules.map((rule) => {
    const read = 'chat' in rule ? chatReader(rule) : textReader(rule);
    const optional = rule.optional === true;
    return (scope: Scope) => {
      const messages = read(scope);
      entries.addText(messages.reduce((units, { content }) => units + content.length, 0));
      return messages.map((message) => ({ message, optional }));
    };
  });
  let places: string | null = null;
  return (scope) => {
    const read = entries.of(readers, scope);
    const messages = read.map(({ message }) => message);
    const said = read.filter(({ message, optional }) => !optional || message.content !== '');
    // an empty cell is no message; where nobody said anything at all, the empty answer is what there is to see
    const kept = said.some(({ message }) => speaks(message)) ? said.map(({ message }) => message) : messages;
    if (rules.length > 0 && !kept.some(speaks)) {
      places ??= assistantsPlaces(rules);
      if (places !== '') throw new RecordError(`no text of the assistant: expected string at ${places}`);
      if (kept.length === 0) throw new RecordError('holds no message');
    }
    return kept;
  };
}

function speaks(message: Message): boolean {
  return message.role === 'assistant';
}

/** Where a profile says where the assistant's text stands, a record without any is not of its shape. */
function assistantsPlaces(rules: readonly MessageRule[]): string {
  const places = rules.flatMap((rule) =>
    'chat' in rule || rule.role !== 'assistant' ? [] : [placesInWords(rule.at)],
  );
  return places.join(' or ');
}

function textReader(rule: TextRule): MessageReader {
  const find = finderOf(rule.at);
  const places = placesOf(rule.at);
  const other = rule.unless === undefined ? () => null : finderOf(rule.unless);
  return (scope) => {
    const instead = other(scope);
    if (instead !== null && instead.value !== '') return [];
    const found = find(scope);
    if (typeof found?.value === 'string') {
      return [{ role: rule.role, content: found.value, prefill: 0, region: rule.region ?? null }];
    }
    if (found === null && rule.optional === true) return [];
    const problem = `${found?.pointer ?? places(scope)}: expected string, found ${shown(found?.value)}`;
    if (rule.optional !== true) throw new RecordError(problem);
    scope.warnings.push(problem);
    return [];
  };
}

/** What is left out of a list still took a walk over it, so it is walked once for all rules that name it. */
function saidIn(list: unknown) {
  const warnings: string[] = [];
  return { chat: chatOf(list, warnings), warnings };
}

function chatReader(rule: ChatRule): MessageReader {
  const find = finderOf(rule.chat);
  const places = placesOf(rule.chat);
  return (scope) => {
    const found = find(scope);
    const said = found === null ? null : scope.looks.once('chat', scope.looks.cell(found.value), saidIn);
    if (said?.chat) {
      for (const warning of said.warnings) scope.warnings.push(warning);
      return said.chat;
    }
    if (found === null && rule.optional === true) return [];
    const problem = `${found?.pointer ?? places(scope)}: expected a list of messages, found ${shown(found?.value)}`;
    if (rule.optional !== true) throw new RecordError(problem);
    scope.warnings.push(problem);
    return [];
  };
}
