import type { ParquetType, SchemaElement, SchemaTree } from 'hyparquet';
import { type PlainRule, plainRule } from './parquetRule';

const MAX_LEVELS = 32;
const MAX_COLUMNS = 20_000;
/** Columns, and the groups that they are in: each is an object in every row. */
const MAX_ELEMENTS = 100_000;

/** A column as it is stored: a leaf of the schema. */
export interface Leaf {
  /** Its place among the leaves, which is its place in each row group too. */
  readonly index: number;
  /** In words: `messages.list.element.role`. */
  readonly name: string;
  readonly type: ParquetType;
  /** From the root to the leaf, as hyparquet wants it. */
  readonly path: readonly SchemaTree[];
  readonly maxDefinition: number;
  readonly maxRepetition: number;
  /**
   * By a value's repetition level: how many arrays hyparquet opens for it at most. An array stands for each group above
   * that may be missing or repeated.
   */
  readonly arrays: readonly number[];
  readonly rule: PlainRule;
}

/** A column, or a part of one, as it is shown. */
export interface Field {
  readonly name: string;
  /** For hyparquet, under a name made of its number: one of the file's could be `__proto__`, or there twice. */
  readonly tree: SchemaTree;
  readonly shape: 'leaf' | 'struct' | 'list' | 'map';
  readonly isRepeated: boolean;
  /** Neither it, nor what it is in, nor what is in it is repeated. */
  readonly isFlat: boolean;
  /** From this definition level on it is there, itself at least. */
  readonly definition: number;
  readonly children: readonly Field[];
  readonly leaf: Leaf | null;
}

export interface Schema {
  readonly fields: readonly Field[];
  readonly leaves: readonly Leaf[];
  /** Names that several columns have, or several parts of one: `judge.score`. */
  readonly repeated: readonly string[];
}

/** @throws Error in words when the schema is none. */
export function readSchema(elements: readonly SchemaElement[]): Schema {
  const leaves: Leaf[] = [];
  const repeated = new Set<string>();
  let next = 0;
  const take = (above: readonly SchemaTree[], names: readonly string[]): Field => {
    const own = elements[next++];
    if (!own) throw new Error('its schema ends too soon');
    if (names.length > MAX_LEVELS)
      throw new Error(`its schema is nested more than ${MAX_LEVELS} levels deep`);
    const count = own.num_children ?? 0;
    if (!Number.isInteger(count) || count < 0) throw new Error('its schema has a group of no known size');
    const id = String(next);
    const isRoot = above.length === 0;
    const element: SchemaElement = {
      name: id,
      repetition_type: isRoot ? 'REQUIRED' : repetition(own),
      ...(count > 0 ? { num_children: count } : {}),
    };
    const children: SchemaTree[] = [];
    const tree: SchemaTree = { element, children, count: 0, path: isRoot ? [] : [...pathOf(above), id] };
    const name = own.name ?? '';
    const path = [...above, tree];
    if (count > 0 || isRoot) {
      const fields: Field[] = [];
      const used = new Set<string>();
      for (let i = 0; i < count; i++) {
        const within = isRoot ? [] : [...names, name];
        const field = take(path, within);
        children.push(field.tree);
        if (used.has(field.name)) repeated.add([...within, field.name].join('.'));
        fields.push({ ...field, name: unused(field.name, used) });
      }
      const shape = shapeOf(own, fields);
      if (shape === 'list') element.converted_type = 'LIST';
      return {
        name,
        tree,
        shape,
        isRepeated: element.repetition_type === 'REPEATED',
        isFlat: fields.every((field) => field.isFlat),
        definition: path.slice(1).filter(isOptional).length,
        children: fields,
        leaf: null,
      };
    }
    if (own.type === undefined) throw new Error(`its column ${JSON.stringify(name)} is of no known type`);
    if (leaves.length >= MAX_COLUMNS) throw new Error(`it has more than ${MAX_COLUMNS} columns`);
    const rule = plainRule(own);
    Object.assign(element, { type: own.type, type_length: own.type_length });
    if (rule.decodes === 'text') element.converted_type = 'UTF8';
    const below = path.slice(1).map((part) => part.element.repetition_type);
    const leaf: Leaf = {
      index: leaves.length,
      name: [...names, name].join('.'),
      type: own.type,
      path,
      maxDefinition: below.filter((kind) => kind !== 'REQUIRED').length,
      maxRepetition: below.filter((kind) => kind === 'REPEATED').length,
      arrays: arraysBelow(below),
      rule,
    };
    leaves.push(leaf);
    const isRepeated = element.repetition_type === 'REPEATED';
    const { maxDefinition: definition, maxRepetition } = leaf;
    const isFlat = maxRepetition === 0;
    return { name, tree, shape: 'leaf', isRepeated, isFlat, definition, children: [], leaf };
  };
  if (elements.length > MAX_ELEMENTS)
    throw new Error(`its schema has ${elements.length} parts, more than ${MAX_ELEMENTS}`);
  const root = take([], []);
  if (leaves.length === 0) throw new Error('it has no columns');
  return { fields: root.children, leaves, repeated: [...repeated] };
}

/** @param kinds repetition types from below the root to the leaf. @returns see `Leaf.arrays` */
function arraysBelow(kinds: readonly (SchemaElement['repetition_type'] | undefined)[]): readonly number[] {
  const groups = kinds.at(-1) === 'REPEATED' ? kinds : kinds.slice(0, -1);
  const starts = [0, ...groups.flatMap((kind, at) => (kind === 'REPEATED' ? [at + 1] : []))];
  return starts.map((start) => groups.slice(start).filter((kind) => kind !== 'REQUIRED').length);
}

function isOptional({ element }: SchemaTree): boolean {
  return element.repetition_type !== 'REQUIRED';
}

function pathOf(above: readonly SchemaTree[]): readonly string[] {
  return above.at(-1)?.path ?? [];
}

function repetition({ repetition_type, name }: SchemaElement): 'REQUIRED' | 'OPTIONAL' | 'REPEATED' {
  if (repetition_type === undefined)
    throw new Error(`its column ${JSON.stringify(name)} is neither required nor optional`);
  return repetition_type;
}

/** As hyparquet's isListLike has it; a list of another form is read as what it is made of, and unwrapped by us. */
function shapeOf(element: SchemaElement, children: readonly Field[]): Field['shape'] {
  const [only] = children;
  if (children.length !== 1 || !only?.isRepeated) return 'struct';
  const { converted_type: converted, logical_type: logical } = element;
  if (converted === 'LIST' || logical?.type === 'LIST') return 'list';
  const isMap = converted === 'MAP' || converted === 'MAP_KEY_VALUE' || logical?.type === 'MAP';
  return isMap && (only.children.length === 1 || only.children.length === 2) ? 'map' : 'struct';
}

function unused(name: string, used: Set<string>): string {
  let own = name;
  for (let n = 2; used.has(own); n++) own = `${name} ${n}`;
  used.add(own);
  return own;
}
