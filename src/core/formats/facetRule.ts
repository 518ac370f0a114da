import { CONDITIONS, type Condition } from '../dataset/model';
import { isScalar, plainWord } from './answer';
import { conditionOf } from './conditionWords';
import { shown } from './format';
import type { Patterns } from './pattern';
import type { FacetRule } from './profile';
import { type FacetName, finderOf, placesInWords, type Scope } from './scope';

export type FacetReader = (scope: Scope) => string | null;

/** Where a facet's text stands, for messages, and the text. */
interface Raw {
  readonly where: string;
  readonly text: string;
}

/** A folder and a file say enough; the rest of a long path only costs time. */
const PATH_CHARACTERS = 200;

/** Reads a facet by its rule; null where the record does not say. */
export function facetReader(
  rule: FacetRule | undefined,
  name: FacetName | 'model',
  patterns: Patterns,
): FacetReader {
  const raw = rawReader(rule ?? {}, name, patterns);
  const values = new Map(Object.entries(rule?.values ?? {}).map(([key, value]) => [plainWord(key), value]));
  const otherwise = rule?.otherwise ?? null;
  return (scope) => {
    const found = raw(scope);
    if (found === null) return otherwise;
    const value =
      values.get(plainWord(found.text)) ?? (name === 'condition' ? conditionOf(found.text) : found.text);
    if (value !== null) return value;
    scope.warnings.push(
      `${found.where} is ${shown(found.text)}, which names neither training nor unmonitored`,
    );
    return otherwise;
  };
}

export function conditionReader(
  rule: FacetRule | undefined,
  patterns: Patterns,
): (scope: Scope) => Condition | null {
  const read = facetReader(rule, 'condition', patterns);
  return (scope) => {
    const value = read(scope);
    return CONDITIONS.find((condition) => condition === value) ?? null;
  };
}

function rawReader(
  rule: FacetRule,
  name: FacetName | 'model',
  patterns: Patterns,
): (scope: Scope) => Raw | null {
  const find = finderOf(rule.at ?? []);
  const places = placesInWords(rule.at ?? []);
  const matcher = rule.pattern === undefined ? null : patterns.matcher(rule.pattern);
  const match = (text: string, { looks }: Scope) => {
    if (matcher === null) return looks.once('blank', text, isBlank) ? null : text;
    const matched = matcher(text);
    return matched && (matched.slice(1).find((group) => group !== undefined && group !== '') ?? matched[0]);
  };
  return (scope) => {
    const ofArm = name === 'model' ? undefined : scope.arm?.facets.get(name);
    if (ofArm !== undefined) return { where: `the name ${shown(scope.arm?.key)}`, text: ofArm };
    if (rule.file === true) {
      const { folder, file } = scope.place;
      const path = folder === undefined ? file : `${folder}/${file}`;
      const text = match(path.slice(-PATH_CHARACTERS), scope);
      if (text) return { where: `the file name ${shown(path)}`, text };
    }
    const found = find(scope);
    if (found === null) {
      if (rule.expected === true && rule.at !== undefined) {
        scope.warnings.push(`${places}: nothing stands there, so the ${name} is not known`);
      }
      return null;
    }
    if (!isScalar(found.value)) {
      scope.warnings.push(`${found.pointer}: expected a text for the ${name}, found ${shown(found.value)}`);
      return null;
    }
    const stored = String(found.value);
    const text = match(stored, scope);
    if (text) return { where: found.pointer, text };
    if (stored !== '' && name === 'condition') {
      scope.warnings.push(
        `${found.pointer} is ${shown(stored)}, in which the pattern for the condition finds nothing`,
      );
    }
    return null;
  };
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}
