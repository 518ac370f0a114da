import { looksLikeChat } from '../chat';
import { isObject } from '../format';
import type { BuiltIn } from '../profile';

const CHAT = ['messages', 'conversations', 'conversation', 'chat', 'dialogue'];

/**
 * Conversations: one list of messages a record, under `messages` or `conversations`, as JSON lines or as a column of a
 * table (a list, or JSON in a string).
 */
export const chatTable: BuiltIn = {
  profile: {
    version: 1,
    name: 'chat',
    reads: 'mapped',
    id: [['/id', '/uuid', '/conversation_id', '/conversation_hash']],
    setting: { at: ['/setting', '/metadata/setting'] },
    condition: { at: ['/condition', '/tier', '/metadata/condition', '/metadata/tier'] },
    variant: { at: ['/variant', '/metadata/variant'] },
    prefix: { at: ['/prefix', '/metadata/prefix'] },
    promptId: ['/prompt_id', '/promptId', '/metadata/prompt_id'],
    model: { at: ['/model', '/metadata/model'] },
    messages: [{ chat: CHAT.map((name) => `/${name}`) }],
    outcomeFromTags: true,
    metadata: ['/metadata', '/source'],
  },
  detects: (record) => isObject(record) && CHAT.some((name) => looksLikeChat(record[name])),
};
