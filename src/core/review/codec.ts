/** Entries to lines of a reviewer's file and back. Reading never throws: what cannot be read is kept aside. */
import { ENTRY_VERSION, Entry } from './entry';

/** A line that holds no entry we can use. `line` is 1-based; `raw` is its text without the line break. */
export interface BadLine {
  readonly line: number;
  readonly reason: string;
  readonly raw: string;
}

export interface DecodedLog {
  /** In the order of the file, one for each id. */
  readonly entries: readonly Entry[];
  readonly problems: readonly BadLine[];
  /** A half-written last line (also among the problems); null when the file ends well. */
  readonly tail: string | null;
}

/**
 * One line of JSON that ends in a line feed.
 * Lone surrogates are escaped by JSON.stringify; the other line breaks of Unicode are escaped here, since
 * tools that split on them (Python's splitlines, some editors) would tear the line.
 */
export function encode(entry: Entry): string {
  const json = JSON.stringify(entry).replace(
    /[\u0085\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${json}\n`;
}

/**
 * Reads a reviewer's file. Of entries with the same id the first stands; a later one that says something
 * else is reported. A last line without a line feed counts if it is whole.
 */
export function decodeLog(source: string | Uint8Array): DecodedLog {
  const text = typeof source === 'string' ? source : new TextDecoder().decode(source);
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const entries: Entry[] = [];
  const problems: BadLine[] = [];
  const firstLines = new Map<string, { readonly line: number; readonly raw: string }>();
  let tail: string | null = null;

  lines.forEach((untrimmed, index) => {
    const raw = untrimmed.endsWith('\r') ? untrimmed.slice(0, -1) : untrimmed;
    if (raw.trim() === '') return;
    const line = index + 1;
    const json = parseJson(raw);
    if (!json) {
      const unfinished = index === lines.length - 1;
      if (unfinished) tail = raw;
      problems.push({ line, raw, reason: unfinished ? 'half-written last line' : notJson(raw) });
      return;
    }
    const read = readEntry(json.value);
    if (typeof read === 'string') {
      problems.push({ line, raw, reason: read });
      return;
    }
    const first = firstLines.get(read.id);
    if (!first) {
      firstLines.set(read.id, { line, raw });
      entries.push(read);
    } else if (first.raw !== raw) {
      problems.push({
        line,
        raw,
        reason: `another entry with the id ${read.id} stands on line ${first.line}`,
      });
    }
  });
  return { entries, problems, tail };
}

function parseJson(raw: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(raw) };
  } catch {
    return null;
  }
}

function notJson(raw: string): string {
  return /^(<{7}|\|{7}|={7}|>{7})( |$)/.test(raw) ? 'conflict marker of a git merge' : 'not JSON';
}

/** The entry, or in words why the value is none. */
function readEntry(value: unknown): Entry | string {
  const version = typeof value === 'object' && value !== null && 'v' in value ? value.v : undefined;
  if (typeof version === 'number' && version > ENTRY_VERSION) {
    return `written by a newer version of this extension (v ${version}; this one reads ${ENTRY_VERSION})`;
  }
  const result = Entry.safeParse(value);
  if (result.success) return result.data;
  return result.error.issues
    .map((issue) => (issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`))
    .join('; ');
}
