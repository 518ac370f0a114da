import type { Told } from '../dataset/warnings';
import type { RecordPlace } from './format';
import type { Looks } from './looks';
import { ARM, formatPointer, parsePointer, type Steps } from './pointer';
import type { Where } from './profile';

export type FacetName = 'setting' | 'condition' | 'variant' | 'prefix';

/** One transcript of a record that holds several. */
export interface Arm {
  readonly key: string;
  /** What the key says about facets, as it stands there. */
  readonly facets: ReadonlyMap<FacetName, string>;
}

/** What the rules of a profile read one transcript from, and where they leave what they had to say about it. */
export interface Scope {
  readonly record: unknown;
  readonly place: RecordPlace;
  readonly arm: Arm | null;
  /** How places of the record are looked up. */
  readonly looks: Looks;
  readonly warnings: Told;
  readonly contradictions: Told;
}

export interface Found {
  readonly value: unknown;
  /** Where it stands, for messages to the user. */
  readonly pointer: string;
}

export type Finder = (scope: Scope) => Found | null;

/** Finds the first place where something stands; where there is none, the first with an empty text. */
export function finderOf(where: Where): Finder {
  const places = listOf(where).map(placeOf);
  return (scope) => {
    let empty: Found | null = null;
    for (const place of places) {
      const { steps, pointer } = inArm(place, scope);
      const value = scope.looks.valueAt(scope.record, steps);
      if (value === undefined || value === null) continue;
      const found = { value, pointer: pointer() };
      if (value !== '') return found;
      empty ??= found;
    }
    return empty;
  };
}

export function listOf(where: Where): readonly string[] {
  return typeof where === 'string' ? [where] : where;
}

/** A pointer, or several, in words. */
export function placesInWords(where: Where): string {
  return listOf(where)
    .map((pointer) => (pointer === '' ? 'the record' : formatPointer(parsePointer(pointer))))
    .join(' or ');
}

/** The same as an arm has them. */
export function placesOf(where: Where): (scope: Scope) => string {
  const places = listOf(where).map(placeOf);
  let words: string | null = null;
  return (scope) => {
    if (scope.arm !== null && places.some(({ arms }) => arms > 0))
      return places.map((place) => inArm(place, scope).pointer() || 'the record').join(' or ');
    words ??= placesInWords(where);
    return words;
  };
}

interface Place {
  readonly steps: Steps;
  readonly pointer: () => string;
  /** How often it names the arm. */
  readonly arms: number;
}

function placeOf(written: string): Place {
  const steps = parsePointer(written);
  const pointer = formatPointer(steps);
  const arms = steps.reduce((sum, step) => sum + step.split(ARM).length - 1, 0);
  return { steps, pointer: () => pointer, arms };
}

/** @throws RecordError when more has been made of the arms' keys than may be. */
function inArm(place: Place, { arm, looks }: Scope): Place {
  if (arm === null || place.arms === 0) return place;
  looks.takeText(place.arms * arm.key.length);
  const steps = place.steps.map((step) => step.replaceAll(ARM, () => arm.key));
  return { steps, pointer: () => formatPointer(steps), arms: 0 };
}
