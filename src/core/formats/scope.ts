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
  readonly warnings: string[];
  readonly contradictions: string[];
}

export interface Found {
  readonly value: unknown;
  /** Where it stands, for messages to the user. */
  readonly pointer: string;
}

export type Finder = (scope: Scope) => Found | null;

/** Finds the first place where something stands; where there is none, the first with an empty text. */
export function finderOf(where: Where): Finder {
  const places = listOf(where).map(parsePointer);
  return (scope) => {
    let empty: Found | null = null;
    for (const place of places) {
      const steps = inArm(place, scope.arm);
      const value = scope.looks.valueAt(scope.record, steps);
      if (value === undefined || value === null) continue;
      const found = { value, pointer: formatPointer(steps) };
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
export function placesInWords(where: Where, arm: Arm | null = null): string {
  return listOf(where)
    .map((pointer) => (pointer === '' ? 'the record' : formatPointer(inArm(parsePointer(pointer), arm))))
    .join(' or ');
}

function inArm(steps: Steps, arm: Arm | null): Steps {
  return arm === null ? steps : steps.map((step) => step.replaceAll(ARM, () => arm.key));
}
