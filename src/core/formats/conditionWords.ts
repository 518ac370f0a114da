import type { Condition } from '../dataset/model';
import { plainWord } from './answer';

/** Names for the condition as found in the wild (free tier is training, paid tier unmonitored). */
const WORDS: Readonly<Record<string, Condition>> = {
  free: 'training',
  free_tier: 'training',
  is_free: 'training',
  training: 'training',
  train: 'training',
  monitored: 'training',
  observed: 'training',
  paid: 'unmonitored',
  paid_tier: 'unmonitored',
  deployment: 'unmonitored',
  unmonitored: 'unmonitored',
  unobserved: 'unmonitored',
};

/** null when the word names neither condition. */
export function conditionOf(word: string): Condition | null {
  const key = plainWord(word);
  return Object.hasOwn(WORDS, key) ? (WORDS[key] ?? null) : null;
}
