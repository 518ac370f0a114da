import type { Message } from '../dataset/model';
import { chatOf } from './chat';
import type { Entries } from './entries';
import { RecordError, shown } from './format';
import type { ChatRule, MessageRule, TextRule } from './profile';
import { finderOf, placesInWords, type Scope } from './scope';

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
  return (scope) => {
    const read = entries.of(readers, scope);
    const messages = read.map(({ message }) => message);
    const said = read.filter(({ message, optional }) => !optional || message.content !== '');
    // an empty cell is no message; where nobody said anything at all, the empty answer is what there is to see
    const kept = said.some(({ message }) => speaks(message)) ? said.map(({ message }) => message) : messages;
    if (rules.length > 0 && !kept.some(speaks)) demandSpeaker(rules, kept);
    return kept;
  };
}

function speaks(message: Message): boolean {
  return message.role === 'assistant';
}

/** Where a profile says where the assistant's text stands, a record without any is not of its shape. */
function demandSpeaker(rules: readonly MessageRule[], kept: readonly Message[]): void {
  const places = rules.flatMap((rule) =>
    'chat' in rule || rule.role !== 'assistant' ? [] : [placesInWords(rule.at)],
  );
  if (places.length > 0)
    throw new RecordError(`no text of the assistant: expected string at ${places.join(' or ')}`);
  if (kept.length === 0) throw new RecordError('holds no message');
}

function textReader(rule: TextRule): MessageReader {
  const find = finderOf(rule.at);
  const other = rule.unless === undefined ? () => null : finderOf(rule.unless);
  return (scope) => {
    const instead = other(scope);
    if (instead !== null && instead.value !== '') return [];
    const found = find(scope);
    if (typeof found?.value === 'string') {
      return [{ role: rule.role, content: found.value, prefill: 0, region: rule.region ?? null }];
    }
    if (found === null && rule.optional === true) return [];
    const problem = `${found?.pointer ?? placesInWords(rule.at, scope.arm)}: expected string, found ${shown(found?.value)}`;
    if (rule.optional !== true) throw new RecordError(problem);
    scope.warnings.push(problem);
    return [];
  };
}

function chatReader(rule: ChatRule): MessageReader {
  const find = finderOf(rule.chat);
  return (scope) => {
    const found = find(scope);
    const chat = found === null ? null : chatOf(scope.looks.cell(found.value), scope.warnings);
    if (chat !== null) return chat;
    if (found === null && rule.optional === true) return [];
    const problem = `${found?.pointer ?? placesInWords(rule.chat, scope.arm)}: expected a list of messages, found ${shown(found?.value)}`;
    if (rule.optional !== true) throw new RecordError(problem);
    scope.warnings.push(problem);
    return [];
  };
}
