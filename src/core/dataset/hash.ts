import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import type { Message } from './model';

/** 128 bits. */
const HASH_DIGITS = 32;

/** First `length` hex digits of the SHA-256 of the text's UTF-8. */
export function digest(text: string, length: number): string {
  return sha256Of(text).slice(0, length);
}

function sha256Of(text: string): string {
  return bytesToHex(sha256(new TextEncoder().encode(text)));
}

/** UTF-16 units that are hashed in one step: some ten milliseconds. */
const STEP_UNITS = 1 << 20;

/**
 * What a decision was made on: the roles and texts of a transcript, and nothing that a classifier said, so that a new
 * verdict leaves decisions standing and a changed text makes them stale. 128 bits of SHA-256 over
 * `JSON.stringify([[role, content], …])`, which other languages can reproduce. In steps between which the caller may let
 * others work: a transcript may have millions of characters.
 */
export function* contentHashSteps(messages: readonly Message[]): Generator<void, string> {
  const hash = sha256.create();
  const encoder = new TextEncoder();
  let begun = '';
  const add = function* (text: string): Generator<void> {
    begun += text;
    if (begun.length < STEP_UNITS) return;
    hash.update(encoder.encode(begun));
    begun = '';
    yield;
  };
  for (const [index, { role, content }] of messages.entries()) {
    yield* add(`${index === 0 ? '[' : ','}[${JSON.stringify(role)},"`);
    for (let from = 0; from < content.length; ) {
      const end = endOfPart(content, from);
      // Escaped as JSON has it, without the quotes around it.
      yield* add(JSON.stringify(content.slice(from, end)).slice(1, -1));
      from = end;
    }
    yield* add('"]');
  }
  hash.update(encoder.encode(`${begun}${messages.length === 0 ? '[]' : ']'}`));
  return bytesToHex(hash.digest()).slice(0, HASH_DIGITS);
}

/**
 * The same in one go, where nobody waits for the thread, or of texts that are short.
 * @param sha256 hex digits of a text's UTF-8, by whatever does it fastest
 */
export function contentHash(
  messages: readonly Message[],
  sha256: (text: string) => string = sha256Of,
): string {
  if (isOneStep(messages)) {
    const text = JSON.stringify(messages.map(({ role, content }) => [role, content]));
    return sha256(text).slice(0, HASH_DIGITS);
  }
  const steps = contentHashSteps(messages);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Whether the texts are hashed in one step. */
export function isOneStep(messages: readonly Message[]): boolean {
  let units = 0;
  for (const { role, content } of messages) units += role.length + content.length;
  return units < STEP_UNITS;
}

/** Never between the halves of a surrogate pair, of which each alone is written otherwise. */
function endOfPart(text: string, from: number): number {
  const end = Math.min(from + STEP_UNITS, text.length);
  const isHigh = (text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
  return isHigh && end < text.length ? end + 1 : end;
}
