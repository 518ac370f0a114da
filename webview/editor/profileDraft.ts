/** The profile in the form: JSON that may be anything while it is being written, and the texts that stand for parts of it. */

export type JsonObject = Readonly<Record<string, unknown>>;
export type Path = readonly (string | number)[];

export type Parsed =
  | { readonly ok: true; readonly value: JsonObject }
  | { readonly ok: false; readonly reason: string };

/** What the form can show of a text: a JSON object. */
export function parseDraft(text: string): Parsed {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? { ok: true, value } : { ok: false, reason: 'a profile is a JSON object: {…}' };
  } catch (error) {
    return { ok: false, reason: `not JSON: ${(error as Error).message}` };
  }
}

export function draftText(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function valueAt(value: unknown, path: Path): unknown {
  let inside = value;
  for (const step of path) {
    if (Array.isArray(inside)) inside = typeof step === 'number' ? inside[step] : undefined;
    else inside = isObject(inside) && Object.hasOwn(inside, step) ? inside[step] : undefined;
  }
  return inside;
}

/** The entries of a list in the profile; none where there is no list. */
export function listAt(value: unknown, path: Path): readonly unknown[] {
  const list = valueAt(value, path);
  return Array.isArray(list) ? list : [];
}

/**
 * A copy in which `next` stands at the path. undefined takes out what stood there, and with it what then holds nothing
 * more; entries of a list stay, though they be empty.
 */
export function withValueAt(value: unknown, path: Path, next: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return next;
  const before = valueAt(value, [step]);
  const changed = withValueAt(before, rest, next);
  if (typeof step === 'number') {
    const list: unknown[] = Array.isArray(value) ? [...value] : [];
    if (changed === undefined && rest.length === 0) list.splice(step, 1);
    else list[step] = changed;
    return list;
  }
  const isGone = changed === undefined || (next === undefined && rest.length > 0 && isEmpty(changed));
  const entries = isObject(value) ? Object.entries(value) : [];
  if (isGone) return Object.fromEntries(entries.filter(([key]) => key !== step));
  const stood = entries.findIndex(([key]) => key === step);
  // as pairs, since a key may be __proto__
  entries.splice(stood < 0 ? entries.length : stood, 1, [step, changed]);
  return Object.fromEntries(entries);
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

/** As the host names the place of an issue: `verdicts[0].at`. */
export function pathWords(path: Path): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}

/** One place, or several in order of preference, as one types them: `/id or /uuid`. */
export function whereText(where: unknown): string {
  if (where === undefined) return '';
  if (typeof where === 'string') return where;
  if (Array.isArray(where) && where.every((place) => typeof place === 'string')) return where.join(' or ');
  return JSON.stringify(where);
}

export function whereOf(text: string): string | readonly string[] | undefined {
  const places = text
    .split(/\sor\s+(?=\/)/)
    .map((place) => place.trim())
    .filter((place) => place !== '');
  return places.length > 1 ? places : places[0];
}

/** The parts of an id, which are joined: `/run + /epoch`. */
export function idText(parts: unknown): string {
  if (parts === undefined) return '';
  return Array.isArray(parts) ? parts.map(whereText).join(' + ') : JSON.stringify(parts);
}

export function idOf(text: string): readonly (string | readonly string[])[] | undefined {
  const parts = text.split(/\s\+\s+(?=\/)/).flatMap((part) => {
    const where = whereOf(part);
    return where === undefined ? [] : [where];
  });
  return parts.length === 0 ? undefined : parts;
}

/** Words with commas between them; one that holds a comma, a quote or spaces at its ends stands in quotes. */
export function wordsText(words: unknown): string {
  if (words === undefined) return '';
  if (!Array.isArray(words)) return JSON.stringify(words);
  return words
    .map((word) => {
      const text = isObject(word) || Array.isArray(word) ? JSON.stringify(word) : String(word);
      return text === '' || /[,"]|^\s|\s$/.test(text) ? JSON.stringify(text) : text;
    })
    .join(', ');
}

export function wordsOf(text: string): readonly string[] | undefined {
  const words = [...text.matchAll(/\s*("(?:[^"\\]|\\.)*"|[^,]+)\s*(?:,|$)/g)].flatMap(([, word = '']) => {
    const plain = word.trim();
    return plain === '' ? [] : [unquoted(plain)];
  });
  return words.length === 0 ? undefined : words;
}

function unquoted(word: string): string {
  if (!word.startsWith('"')) return word;
  try {
    return String(JSON.parse(word));
  } catch {
    return word; // its end is still being typed
  }
}

/** The words that a facet's values give one meaning. */
export function meaningWords(values: unknown, meaning: string): readonly string[] {
  if (!isObject(values)) return [];
  return Object.entries(values).flatMap(([word, means]) => (means === meaning ? [word] : []));
}

/** The values with these words, and no others, for one meaning. */
export function withMeaning(
  values: unknown,
  meaning: string,
  words: readonly string[],
): JsonObject | undefined {
  const others = isObject(values) ? Object.entries(values).filter(([, means]) => means !== meaning) : [];
  const all = [
    ...others.filter(([word]) => !words.includes(word)),
    ...words.map((word): [string, unknown] => [word, meaning]),
  ];
  return all.length === 0 ? undefined : Object.fromEntries(all);
}

/** What a rule says besides what the form has fields for. */
export function otherKeys(rule: unknown, known: readonly string[]): readonly string[] {
  return isObject(rule) ? Object.keys(rule).filter((key) => !known.includes(key)) : [];
}
