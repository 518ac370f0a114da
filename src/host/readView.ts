import type { AnchorMemory } from '../core/anchor/anchor';
import { shortened } from '../core/invisible';
import { recordView } from '../core/view';
import type { RecordView } from '../core/viewModel';
import type { Audit } from '../node/audit';
import type { Dataset } from '../node/dataset';
import { textHash } from '../node/textHash';
import type { CursorView } from '../protocol/editor';
import type { TranscriptList } from './transcriptList';

/** A sentence or two, with names of the record in them. */
const REASON_ROOM = 1_000;

/** Reads one record and makes what the editor draws of it. @throws DatasetError when the file has changed. */
export async function readView(
  { dataset, facts, log }: Audit,
  index: number,
  reviewer: string,
  memory: AnchorMemory,
): Promise<RecordView> {
  const { columns } = dataset;
  const record = await dataset.record(index);
  const line = columns.line(index);
  const id = columns.id(index);
  const file = dataset.files[columns.file(index)];
  const where = {
    ...(file && file.unit !== 'line' ? { unit: file.unit } : {}),
    ...(file && dataset.files.length > 1 ? { file: file.name } : {}),
  };
  if (record.kind === 'bad') {
    const reason = shortened(record.reason, REASON_ROOM);
    const offset = columns.offset(index);
    return { kind: 'bad', index, id: shortened(id), line, ...where, offset, reason, raw: record.raw };
  }
  const { transcript, warnings: problems } = record;
  const hash = await textHash(transcript.messages);
  const input = { transcript, hash, index, line, review: log.review(id), reviewer };
  return { ...recordView({ ...input, labels: facts.labels, problems }, memory), ...where };
}

/** Keeps label and span in focus where the transcript has them; else alignment faking, and no span. */
export function defaultFocus(view: RecordView, cursor: CursorView): Pick<CursorView, 'label' | 'span'> {
  if (view.kind === 'bad') return { label: cursor.label, span: null };
  const has = (label: string | null) => view.labels.some((one) => one.label === label);
  const label = has(cursor.label)
    ? cursor.label
    : has('alignment_faking')
      ? 'alignment_faking'
      : (view.labels[0]?.label ?? null);
  const span = view.spans.some(({ id }) => id === cursor.span) ? cursor.span : null;
  return { label, span };
}

/** The next one of the list is likely next; having it parsed makes the next key press quick. */
export async function readAhead(dataset: Dataset, list: TranscriptList, position: number): Promise<void> {
  const next = position + 1;
  if (next >= list.length) return;
  const record = await dataset.record(list.at(next)).catch(() => null);
  if (record?.kind === 'transcript') await textHash(record.transcript.messages);
}
