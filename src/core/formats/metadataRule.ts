import { formatPointer, parsePointer } from './pointer';
import type { Scope } from './scope';

/** What is nested deeper is left out: writing it as JSON would run out of stack. */
const DEEPEST = 32;

/** Keeps the fields that a profile names, each under its own name; under its pointer where two have the same name. */
export function metadataReader(pointers: readonly string[]): (scope: Scope) => Record<string, unknown> {
  const names = pointers.map((pointer) => parsePointer(pointer).at(-1) ?? 'record');
  const fields = pointers.map((pointer, index) => {
    const name = names[index] ?? '';
    return {
      steps: parsePointer(pointer),
      name: names.indexOf(name) === names.lastIndexOf(name) ? name : pointer,
    };
  });
  return (scope) => {
    const kept: [string, unknown][] = [];
    for (const { steps, name } of fields) {
      const value = scope.looks.valueAt(scope.record, steps);
      if (value === undefined || value === null || value === '') continue;
      const isKept = scope.looks.once('shallow', value, (each) => isShallow(each, DEEPEST));
      if (isKept) kept.push([name, value]);
      else scope.warnings.push(`${formatPointer(steps)} is nested more than ${DEEPEST} deep and not kept`);
    }
    return Object.fromEntries(kept);
  };
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1));
}
