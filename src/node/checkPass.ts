import { anchorSpans } from '../core/anchor/anchor';
import type { Problem, Transcript } from '../core/dataset/model';
import { type Format, placeId } from '../core/formats/format';
import { readParts } from './parseRecord';
import type { Source } from './sources/source';

const EMIT_MS = 50;

/** What reading in full found out about records that were only skimmed. Problems carry the index of their record. */
export interface Findings {
  readonly problems: readonly Problem[];
  /** Bytes of this file that are checked. */
  readonly bytesRead: number;
}

export interface CheckedFile {
  readonly name: string;
  readonly source: Source;
  readonly format: Format;
  /** Index of the file's first record in the dataset. */
  readonly first: number;
  /** One past its last. */
  readonly end: number;
  /** Indices, in order, of records that were read in full at once, and of which all is known. */
  readonly known: readonly number[];
}

/**
 * Reads every record of a file in full that the index pass has skimmed, and tells what is wrong with it: the skim does not
 * look into texts, and a record that cannot be read must be in no count. One record is one transcript here.
 * @throws DatasetError as the source does; AbortError when cancelled.
 */
export async function checkRecords(
  file: CheckedFile,
  emit: (findings: Findings) => void,
  signal?: AbortSignal,
): Promise<void> {
  let index = file.first;
  let knownAt = 0;
  let problems: Problem[] = [];
  let lastEmit = Date.now();
  for await (const { records, bytesRead } of file.source.chunks(signal)) {
    for (const { range, value } of records) {
      if (index === file.end) break; // the file has grown since
      const at = index++;
      if (file.known[knownAt] === at) {
        knownAt++;
        continue;
      }
      const place = { file: file.name, line: range.line, ordinal: at - file.first + 1 };
      const about = { file: file.name, line: range.line, offset: range.offset, index: at };
      for (const part of readParts(value(), file.format, place, () => placeId(place, false))) {
        if (!part.ok) problems.push({ severity: 'error', ...about, reason: part.reason });
        else
          for (const reason of [...part.warnings, ...spanWarnings(part.transcript)])
            problems.push({ severity: 'warning', ...about, reason });
      }
    }
    if (Date.now() - lastEmit < EMIT_MS) continue;
    emit({ problems, bytesRead });
    problems = [];
    lastEmit = Date.now();
  }
  emit({ problems, bytesRead: file.source.stamp.size });
}

/** What is to be said of a transcript's evidence that is not simply where it says it is. */
export function spanWarnings({ messages, spans }: Transcript): readonly string[] {
  if (spans.length === 0) return [];
  return anchorSpans(messages, spans).flatMap(({ reason }) => (reason === null ? [] : [reason]));
}
