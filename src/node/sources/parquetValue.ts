/** Values of Parquet as plain JSON values, put together as the schema says. */
import { Damaged } from './parquetRule';
import type { Field, Leaf } from './parquetSchema';

/** What stands in the place of a value that is not there. */
export class Absent {
  /**
   * @param level the definition level, which tells which of the groups above is missing
   * @param nested what hyparquet makes of it, to put groups together with
   */
  constructor(
    readonly level: number,
    readonly nested: unknown,
  ) {}
}

/**
 * What stands in a row under a field that is in no list and has none in it; `warnings` as in `plainValue`.
 * @param of a column's value in that row
 */
export function flatValue(
  { name, leaf, definition, children }: Field,
  of: (leaf: Leaf) => unknown,
  warnings: Set<string>,
): unknown {
  if (leaf) {
    const value = of(leaf);
    return value instanceof Absent ? value : plainLeaf(leaf, value, warnings);
  }
  const parts = children.map((child) => [child.name, flatValue(child, of, warnings)] as const);
  const missing = parts.flatMap(([, part]) => (isMissing(part, definition) ? [part] : []));
  if (missing.length === 0)
    return Object.fromEntries(parts.map(([key, part]) => [key, part instanceof Absent ? null : part]));
  if (missing.length < parts.length)
    throw new Error(`some of ${JSON.stringify(name)} is missing with all of it`);
  return missing[0];
}

function isMissing(part: unknown, definition: number): boolean {
  return part instanceof Absent && part.level < definition;
}

/** What stands in a row under a field; what is wrong with it is added to `warnings`. */
export function plainValue(field: Field, value: unknown, warnings: Set<string>): unknown {
  if (field.isRepeated && Array.isArray(value)) return value.map((one) => plainOne(field, one, warnings));
  return plainOne(field, value, warnings);
}

function plainOne(field: Field, value: unknown, warnings: Set<string>): unknown {
  if (value === null || value === undefined) return null;
  if (field.leaf) return plainLeaf(field.leaf, value, warnings);
  const [only] = field.children;
  if (only && field.shape === 'list' && Array.isArray(value)) {
    const element = only.children.length === 1 ? only.children[0] : only;
    return value.map((one) => (element ? plainOne(element, one, warnings) : null));
  }
  const parts = value as Readonly<Record<string, unknown>>;
  const part = (child: Field) => plainValue(child, parts[child.tree.element.name], warnings);
  if (only && field.shape === 'list') return part(only);
  // fromEntries, so that a key called __proto__ is one like any other
  if (only && field.shape === 'map') return Object.fromEntries(entries(only, parts, warnings));
  return Object.fromEntries(field.children.map((child) => [child.name, part(child)]));
}

function plainLeaf({ name, rule }: Leaf, value: unknown, warnings: Set<string>): unknown {
  if (value === null || value === undefined) return null;
  const plain = value instanceof Damaged ? value : rule.plain(value);
  if (!(plain instanceof Damaged)) return plain;
  warnings.add(`column ${JSON.stringify(name)} holds ${plain.what}`);
  return plain.text;
}

function entries(
  entry: Field,
  parts: Readonly<Record<string, unknown>>,
  warnings: Set<string>,
): (readonly [string, unknown])[] {
  const [key, value] = entry.children;
  const all = parts[entry.tree.element.name];
  if (!key || !Array.isArray(all)) return [];
  return all.map((one: Readonly<Record<string, unknown>>) => [
    String(plainValue(key, one[key.tree.element.name], warnings)),
    value ? plainValue(value, one[value.tree.element.name], warnings) : null,
  ]);
}
