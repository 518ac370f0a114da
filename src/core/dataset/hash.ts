import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import type { Message } from './model';

/** First `length` hex digits of the SHA-256 of the text's UTF-8. */
export function digest(text: string, length: number): string {
  return bytesToHex(sha256(new TextEncoder().encode(text))).slice(0, length);
}

/**
 * What a decision was made on: the roles and texts of a transcript, and nothing that a classifier said, so that a new
 * verdict leaves decisions standing and a changed text makes them stale. 128 bits of SHA-256 over
 * `JSON.stringify([[role, content], …])`, which other languages can reproduce.
 */
export function contentHash(messages: readonly Message[]): string {
  return digest(JSON.stringify(messages.map((message) => [message.role, message.content])), 32);
}
