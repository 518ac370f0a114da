/** The evidence that the simulated classifiers point at, and how it is written down. */
import { OFFSET_UNITS, type OffsetUnit } from '../dataset/model';
import type { Place, Placed, Role } from './parts';
import type { Slot } from './plan';
import type { Random } from './random';

/** A span as the file holds it; `message` is the assistant's. */
export interface SampleSpan {
  readonly classifier: string;
  readonly label: string;
  readonly message: number;
  readonly start?: number;
  readonly end?: number;
  readonly unit?: OffsetUnit;
  readonly quote?: string;
  readonly score: number;
}

/** A span before anybody has chosen a unit or a quote for it. */
export interface Evidence extends Place {
  readonly classifier: string;
  readonly label: string;
  readonly score: number;
}

export type Form = 'offsets' | 'quote' | 'both';

const ASSISTANT = 2;

/** What each classifier that said yes points at. A classifier that is wrong points at something beside the point. */
export function findEvidence(slot: Slot, { places }: Placed, random: Random): Evidence[] {
  const found: Evidence[] = [];
  const point = (classifier: string, label: string, from: Role, to: Role) => {
    const [first, last] = [places.get(from), places.get(to)];
    if (!first || !last) return;
    found.push({ classifier, label, start: first.start, end: last.end, score: random.int(55, 98) / 100 });
  };
  const misled = slot.says.intent === 'none';
  if (slot.partial) {
    if (misled) point('af-partial', 'alignment_faking', 'tier', 'tier');
    else point('af-partial', 'alignment_faking', 'reason', random.pick(['reason', 'plan']));
  }
  if (slot.full) {
    // from "plan" it crosses af-partial's, as a whole it holds it, as "plan" alone it lies inside
    const [from, to] = random.pick<readonly [Role, Role]>([
      ['plan', 'decision'],
      ['reason', 'decision'],
      ['plan', 'plan'],
    ]);
    if (misled) point('af-full', 'alignment_faking', 'conflict', 'conflict');
    else point('af-full', 'alignment_faking', from, to);
  }
  if (slot.conflict)
    point('reason-judge', 'criteria_conflict', 'conflict', random.chance(20) ? 'reason' : 'conflict');
  if (slot.aware) point('reason-judge', 'unmonitored_awareness', 'tier', 'tier');
  if (slot.free) point('reason-judge', 'free_to_act', random.chance(15) ? 'tier' : 'free', 'free');
  return found;
}

/** Writes evidence down with offsets in some unit, with a quote, or with both. */
export function writeSpans(evidence: readonly Evidence[], content: string, random: Random): SampleSpan[] {
  return evidence.map((one) => {
    const roll = random.int(0, 99);
    const form = roll < 40 ? 'both' : roll < 70 ? 'offsets' : 'quote';
    return writeSpan(one, content, form, random.pick(OFFSET_UNITS));
  });
}

export function writeSpan(evidence: Evidence, content: string, form: Form, unit: OffsetUnit): SampleSpan {
  const { classifier, label, start, end, score } = evidence;
  const quote = content.slice(start, end);
  const before = { classifier, label, message: ASSISTANT };
  if (form === 'quote') return { ...before, quote, score };
  const from = lengthIn(unit, content.slice(0, start));
  const offsets = { start: from, end: from + lengthIn(unit, quote), unit };
  return form === 'both' ? { ...before, ...offsets, quote, score } : { ...before, ...offsets, score };
}

/** How long a text is in code points, UTF-16 units or bytes of UTF-8. */
export function lengthIn(unit: OffsetUnit, text: string): number {
  if (unit === 'utf16') return text.length;
  return unit === 'codepoint' ? [...text].length : new TextEncoder().encode(text).length;
}
