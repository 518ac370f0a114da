/** Entries to lines of a reviewer's file and back. Reading never throws: what cannot be read is kept aside. */
import { ENTRY_VERSION, Entry } from './entry';
import { SpreadMap } from './spreadMap';

/** What is wrong with a line. `line` is 1-based. */
export interface BadLine {
  readonly line: number;
  readonly reason: string;
  /** It holds an entry that counts all the same. */
  readonly counts?: true;
}

/** Far more than any version writes; what is deeper can be read, but not be written again. */
const MAX_DEPTH = 100;
/** Likewise: checking hundreds of thousands of values that fit no schema takes seconds. */
const MAX_VALUES = 20_000;
/** Beside what may be long by right. Keys of later versions are kept, and 60 KB of empty objects take 1.4 MB of memory. */
const MAX_OTHER_VALUES = 100;
const LONG_BY_RIGHT = ['saw', 'over'] as const;
/** Of what one entry replaces the newest are named: only a file that somebody made up holds as many side by side. */
export const MAX_OVER = 10_000;
/** A longer line is no entry. */
export const MAX_LINE_BYTES = 1 << 20;
/** A longer name of a label, a reviewer or an added span is none: each is sent to the editor with every decision. */
const MAX_NAME_UNITS = 1_000;
/** What is written is shorter, so that there is room for its retraction. */
const MAX_WRITTEN_BYTES = MAX_LINE_BYTES - 1024;
const BYTES_PER_UNIT = 3;
/** Of what does not fit in one entry so much is told. */
const MAX_ISSUES = 3;
const MAX_PATH = 100;

/** ULIDs of the last moment that they can tell: no clock says so, and no later id can be made. */
const LAST_MOMENT = '7ZZZZZZZZZ';

interface ReadLine {
  readonly entry: Entry;
  readonly line: number;
}

export interface DecodedLog {
  /** In the order of the file, one for each id. */
  readonly entries: readonly Entry[];
  readonly problems: readonly BadLine[];
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

/** Why an entry, once written, would not be read again, in words; null for all but huge ones. */
export function whyNotKept(entry: Entry): string | null {
  const line = encode(entry);
  const isLong =
    line.length * BYTES_PER_UNIT > MAX_WRITTEN_BYTES &&
    new TextEncoder().encode(line).length > MAX_WRITTEN_BYTES;
  return isLong ? `longer than ${MAX_LINE_BYTES / 2 ** 20} MiB` : (excessOf(entry) ?? longName(entry));
}

/** A shorter line holds no entry: less than the names of an entry's keys and their quotes. */
const MIN_ENTRY_UNITS = 100;

/** What a line holds: an entry, in words why it is none, or null where it is blank. @param text without its line feed */
function readLine(text: string, isLast = false): Entry | string | null {
  const raw = text.endsWith('\r') ? text.slice(0, -1) : text;
  if (raw.trim() === '') return null;
  const json = parseJson(raw);
  if (json) return readEntry(json.value);
  return isLast ? 'half-written last line' : notJson(raw);
}

/** Reads the lines of a reviewer's file one after the other, so that a file of any size can be read, and read on. */
export class LogDecoder {
  readonly problems: BadLine[] = [];
  /** Those that are not listed included. */
  problemCount = 0;
  private line = 0;
  /** Entries whose ids are greater than all before them: nearly all, since ids grow with time. */
  private readonly ascending: ReadLine[] = [];
  /** The others, by id. */
  private readonly others = new SpreadMap<ReadLine>();

  /** @param maxListed so many problems are listed. */
  constructor(private readonly maxListed = Number.POSITIVE_INFINITY) {}

  /**
   * The entry on the next line; null where there is none, or none that was not there before: of entries with the same
   * id the first stands, and a later one that says something else is a problem.
   */
  next(text: string): Entry | null {
    const start = this.withoutMark(text);
    this.line++;
    // Millions of them, which only a made-up file has, need not be looked at.
    if (this.isHopeless(start)) return this.bad('too short');
    const read = readLine(start);
    if (read === null) return null;
    return typeof read === 'string' ? this.bad(read) : this.take(read);
  }

  /** The next line, which was written here, and holds this entry. What it gives is as of `next`. */
  nextWritten(entry: Entry): Entry | null {
    this.line++;
    return this.take(entry);
  }

  /** The next line is not to be read. */
  skip(reason: string): null {
    this.line++;
    return this.bad(reason);
  }

  /**
   * What the file ends with behind its last line feed: it may be half-written. Nothing is kept of it: once it has ended,
   * it is the next line.
   * @param reason why it is not to be read
   */
  last(text: string, reason?: string): { readonly entry: Entry | null; readonly problem: BadLine | null } {
    const line = this.line + 1;
    if (reason !== undefined) return { entry: null, problem: { line, reason } };
    const read = readLine(this.withoutMark(text), true);
    if (read === null) return { entry: null, problem: null };
    if (typeof read === 'string') return { entry: null, problem: { line, reason: read } };
    const clash = this.clashOf(read);
    if (clash) return { entry: null, problem: clash.problem && { line, ...clash.problem } };
    return { entry: read, problem: isOfLastMoment(read) ? { line, ...ofLastMoment(read) } : null };
  }

  private withoutMark(text: string): string {
    return this.line === 0 ? text.replace(/^\uFEFF/, '') : text;
  }

  private isHopeless(text: string): boolean {
    return text.length < MIN_ENTRY_UNITS && this.problems.length >= this.maxListed && text.trim() !== '';
  }

  private take(entry: Entry): Entry | null {
    const clash = this.clashOf(entry);
    if (clash) return clash.problem ? this.bad(clash.problem.reason) : null;
    this.keep({ entry, line: this.line });
    if (isOfLastMoment(entry)) this.report({ line: this.line, ...ofLastMoment(entry) });
    return entry;
  }

  /** That there is an entry with its id already; and, where that one says something else, that this is none. */
  private clashOf(entry: Entry): { readonly problem: { readonly reason: string } | null } | null {
    const first = this.withId(entry.id);
    if (!first) return null;
    if (encode(first.entry) === encode(entry)) return { problem: null };
    return { problem: { reason: `another entry with the id ${entry.id} stands on line ${first.line}` } };
  }

  private keep(read: ReadLine): void {
    const last = this.ascending.at(-1);
    if (!last || last.entry.id < read.entry.id) this.ascending.push(read);
    else this.others.set(read.entry.id, read);
  }

  private withId(id: string): ReadLine | undefined {
    let from = 0;
    let to = this.ascending.length;
    if (to === 0 || (this.ascending[to - 1] as ReadLine).entry.id < id) return undefined;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.ascending[middle] as ReadLine).entry.id < id) from = middle + 1;
      else to = middle;
    }
    const found = this.ascending[from];
    return found?.entry.id === id ? found : this.others.get(id);
  }

  private bad(reason: string): null {
    this.report({ line: this.line, reason });
    return null;
  }

  private report(problem: BadLine): void {
    this.problemCount++;
    if (this.problems.length < this.maxListed) this.problems.push(problem);
  }
}

/** Reads a whole log. A last line without a line feed counts if it is whole. */
export function decodeLog(source: string | Uint8Array): DecodedLog {
  const text =
    typeof source === 'string' ? source : new TextDecoder('utf-8', { ignoreBOM: true }).decode(source);
  const lines = text.split('\n');
  const decoder = new LogDecoder();
  const entries: Entry[] = [];
  const unfinished = lines.pop() ?? '';
  for (const line of lines) {
    const entry = decoder.next(line);
    if (entry) entries.push(entry);
  }
  const { entry, problem } = decoder.last(unfinished);
  if (entry) entries.push(entry);
  return { entries, problems: problem ? [...decoder.problems, problem] : decoder.problems };
}

function parseJson(raw: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(raw) };
  } catch {
    return null;
  }
}

function isOfLastMoment(entry: Entry): boolean {
  return entry.id.startsWith(LAST_MOMENT);
}

function ofLastMoment({ id }: Entry): Omit<BadLine, 'line'> {
  const reason = `no later id can be made than ${id}; what replaces it is told by name, so it keeps nobody from deciding`;
  return { reason, counts: true };
}

function notJson(raw: string): string {
  return /^(<{7}|\|{7}|={7}|>{7})( |$)/.test(raw) ? 'conflict marker of a git merge' : 'not JSON';
}

/** Else it would take the place of a span of another's. */
function misnamed({ id, action, target }: Entry): string | null {
  return action === 'add' && target.span !== id ? 'it adds a span under another id than its own' : null;
}

/** The entry, or in words why the value is none. */
function readEntry(value: unknown): Entry | string {
  const excess = excessOf(value);
  if (excess !== null) return excess;
  const version = typeof value === 'object' && value !== null && 'v' in value ? value.v : undefined;
  if (typeof version === 'number' && version > ENTRY_VERSION) {
    return `written by a newer version of this extension (v ${version}; this one reads ${ENTRY_VERSION})`;
  }
  const result = Entry.safeParse(value);
  // As it was read: the schema transforms nothing, and a copy of each of 100,000 would cost as much again.
  if (result.success) {
    const entry = value as Entry;
    return longName(entry) ?? longOver(entry) ?? misnamed(entry) ?? entry;
  }
  const { issues } = result.error;
  const told = issues.slice(0, MAX_ISSUES).map(({ path, message }) => {
    const where = path.join('.').slice(0, MAX_PATH);
    return where === '' ? message : `${where}: ${message}`;
  });
  if (issues.length > told.length) told.push(`and ${issues.length - told.length} more`);
  return told.join('; ');
}

/** In words, which of the entry's names is longer than any; null when none is. */
function longName(entry: Entry): string | null {
  const names: Record<string, string | null> = {
    reviewer: entry.reviewer,
    label: entry.action === 'label' ? entry.target.label : null,
    'value.label': entry.action === 'relabel' || entry.action === 'add' ? entry.value.label : null,
    // The name of a span of the dataset is as long as it is there.
    span: entry.action === 'add' ? entry.target.span : null,
    of: 'of' in entry.target && typeof entry.target.of === 'string' ? entry.target.of : null,
  };
  for (const [what, name] of Object.entries(names))
    if (name !== null && name.length > MAX_NAME_UNITS)
      return `${what}: longer than ${MAX_NAME_UNITS} characters`;
  return null;
}

function longOver({ over }: Entry): string | null {
  return over && over.length > MAX_OVER ? `over: more than ${MAX_OVER} ids` : null;
}

/** In words, how the value is larger than any entry; null when it is not. */
function excessOf(value: unknown): string | null {
  let left = MAX_VALUES;
  const excess = (part: unknown, depth: number): string | null => {
    if (--left < 0) return `more than ${MAX_VALUES} values`;
    if (typeof part !== 'object' || part === null) return null;
    if (depth === 0) return `more than ${MAX_DEPTH} levels deep`;
    for (const each of Object.values(part)) {
      const found = excess(each, depth - 1);
      if (found !== null) return found;
    }
    return null;
  };
  const found = excess(value, MAX_DEPTH);
  if (found !== null || typeof value !== 'object' || value === null) return found;
  let others = MAX_VALUES - left - 1; // but for the entry itself
  for (const key of LONG_BY_RIGHT) {
    const part = (value as Readonly<Record<string, unknown>>)[key];
    if (typeof part === 'object' && part !== null) others -= 1 + Object.keys(part).length;
  }
  return others > MAX_OTHER_VALUES
    ? `more than ${MAX_OTHER_VALUES} values beside ${LONG_BY_RIGHT.join(' and ')}`
    : null;
}
