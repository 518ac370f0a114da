import { anchorSpans, anchorWarnings } from '../core/anchor/anchor';
import type { BloomFilter } from '../core/dataset/bloomFilter';
import { eachLine } from '../core/dataset/eachLine';
import type { Problem, Transcript } from '../core/dataset/model';
import type { RecordRange } from '../core/dataset/scan';
import { moreWarnings, Warnings } from '../core/dataset/warnings';
import { type Format, placeId, type ReadPart, type ReadRecord } from '../core/formats/format';
import { parseJson, readParts } from './parseRecord';
import type { JsonFile } from './sources/jsonFile';
import { isTooLong } from './sources/linePieces';
import { textHashNow } from './textHash';

const EMIT_MS = 50;
/** UTF-16 units of what is wrong with records: what is taken in at one go. */
export const REASONS_AT_ONCE = 1 << 20;
/** Taking in so many takes no longer than a moment. */
const HASHES_AT_ONCE = 256;

/** What reading in full found out about records that were only skimmed. Problems carry the index of their record. */
export interface Findings {
  readonly problems: readonly Problem[];
  /** Bytes of this file that are checked. */
  readonly bytesRead: number;
}

/** Of the text of a transcript that people decided on. */
export interface TextHash {
  readonly index: number;
  readonly hash: string;
}

/** Follows the check. */
export interface CheckListener {
  readonly found: (findings: Findings) => void;
  readonly hashed: (texts: readonly TextHash[]) => void;
}

/** The part of a file that was skimmed, and as what. */
export interface Skimmed {
  readonly name: string;
  readonly format: Format;
  /** Bytes; `from` is the beginning of line number `line`. */
  readonly from: number;
  readonly to: number;
  readonly line: number;
  /** Index in the dataset of the first record in it. */
  readonly first: number;
  /** How many records stand before it in the file. */
  readonly before: number;
  /** Indices, in order, of records that were read in full at once, and of which all is known. */
  readonly known: readonly number[];
}

/**
 * Reads every record in full that the index pass has skimmed, and tells what is wrong with it: the skim does not look into
 * texts, and a record that cannot be read must be in no count. One line is one record is one transcript here.
 * @param decided indices of records whose texts are hashed on the way; whoever decides may add to them meanwhile
 * @throws AbortError when cancelled.
 */
export async function checkRecords(
  source: JsonFile,
  part: Skimmed,
  { found, hashed }: CheckListener,
  decided: BloomFilter | null,
  signal?: AbortSignal,
): Promise<void> {
  let { line, first: index } = part;
  let knownAt = 0;
  let problems: Problem[] = [];
  let texts: TextHash[] = [];
  let units = 0;
  let lastEmit = Date.now();
  const check = (range: RecordRange, bytes: Uint8Array) => {
    const at = index++;
    if (part.known[knownAt] === at) knownAt++;
    else {
      const ordinal = part.before + at - part.first + 1;
      const about = { file: part.name, line: range.line, offset: range.offset, index: at };
      const place = { file: part.name, line: range.line, ordinal };
      for (const read of readParts(parseJson(bytes), part.format, place, () => placeId(place, false))) {
        for (const problem of problemsOf(read, about)) {
          problems.push(problem);
          units += problem.reason.length;
        }
        if (read.ok && decided?.mayHave(at))
          texts.push({ index: at, hash: textHashNow(read.transcript.messages) });
      }
      if (texts.length >= HASHES_AT_ONCE) tellHashed();
    }
  };
  const tellHashed = () => {
    if (texts.length > 0) hashed(texts);
    texts = [];
  };
  for await (const piece of source.pieces(part.from, part.to, signal)) {
    const { bytes, offset, length } = piece;
    if (isTooLong(piece)) check({ offset, length, line: line++ }, bytes);
    else line = eachLine(bytes, offset, line, check);
    if (Date.now() - lastEmit < EMIT_MS && units < REASONS_AT_ONCE) continue;
    tellHashed();
    found({ problems, bytesRead: offset + length });
    problems = [];
    units = 0;
    lastEmit = Date.now();
  }
  tellHashed();
  found({ problems, bytesRead: part.to });
}

function problemsOf(part: ReadPart, about: Omit<Problem, 'severity' | 'reason'>): Problem[] {
  if (!part.ok) return [{ severity: 'error', ...about, reason: part.reason }];
  const { warnings, more = 0 } = warningsOf(part);
  const problem = { severity: 'warning', ...about } as const;
  const problems: Problem[] = warnings.map((reason) => ({ ...problem, reason }));
  return more === 0 ? problems : [...problems, { ...problem, reason: moreWarnings(more), times: more }];
}

/** What is to be said of a transcript, its evidence that is not simply where it says it is included. */
export function warningsOf({ transcript, warnings, more = 0 }: ReadRecord): ReturnType<Warnings['told']> {
  if (transcript.spans.length === 0) return { warnings, more };
  const ofSpans = new Warnings();
  for (const warning of spanWarnings(transcript)) ofSpans.push(warning);
  return { warnings: [...warnings, ...ofSpans.texts], more: more + ofSpans.more };
}

/** What is to be said of a transcript's evidence that is not simply where it says it is. */
export function spanWarnings({ messages, spans }: Transcript): readonly string[] {
  return anchorWarnings(anchorSpans(messages, spans));
}
