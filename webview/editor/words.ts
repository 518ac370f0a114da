/** What the screen and the screen reader say about labels, spans and rows. */
import { percent } from '../../src/core/anchor/place';
import { answerWords, labelTitle } from '../../src/core/dataset/labels';
import { DEFAULT_VARIANT, type LABELS, NO_PREFIX } from '../../src/core/dataset/model';
import { shortened } from '../../src/core/invisible';
import type { LabelView, RecordView, RowView, SpanView, VerdictView } from '../../src/core/viewModel';

/** The name of the colour and underline that a label's spans have. */
export type SpanStyle = 'awareness' | 'intent' | 'free' | 'conflict' | 'custom';

const STYLES: Readonly<Record<string, SpanStyle>> = {
  unmonitored_awareness: 'awareness',
  alignment_faking: 'intent',
  free_to_act: 'free',
  criteria_conflict: 'conflict',
} satisfies Partial<Record<(typeof LABELS)[number], SpanStyle>>;

export function spanStyle(label: string): SpanStyle {
  return Object.hasOwn(STYLES, label) ? (STYLES[label] ?? 'custom') : 'custom';
}

/** e.g. "yes · overrides 1", "not reviewed", "tie". */
export function labelStatus(label: LabelView): string {
  if (!label.decided) return 'not reviewed';
  if (label.adjudicated === null) return label.tied ? 'tie' : 'unsure';
  const parts = [
    label.confirms > 0 ? `confirms ${label.confirms}` : '',
    label.overrides > 0 ? `overrides ${label.overrides}` : '',
  ].filter((part) => part !== '');
  const value = label.adjudicated ? 'yes' : 'no';
  return parts.length > 0 ? `${value} · ${parts.join(', ')}` : value;
}

/** e.g. "11/20" where votes are known, else "0.55", else an en dash. */
export function verdictScore(verdict: VerdictView): string {
  if (verdict.score === null) return '–';
  if (verdict.votes !== null) return `${Math.round(verdict.score * verdict.votes)}/${verdict.votes}`;
  return verdict.score.toFixed(2);
}

const PLACES: Readonly<Record<SpanView['status'], string>> = {
  exact: 'found word for word',
  normalised: 'found, but for case, spaces or punctuation',
  approximate: 'approximate',
  stitched: 'put together from several places',
  offsets: 'placed by offsets, without a quote',
  moved: 'found elsewhere than its offsets say',
  ambiguous: 'found in several places, the first is shown',
  'not-found': 'not found in the text',
  'not-sought': 'not looked for to the end, that takes too long',
  'out-of-range': 'its offsets lie outside the text',
};

/** How a span was placed in the text, and how much of its quote stands there, e.g. "approximate, 93 %". */
export function spanPlace({ status, quality, places }: SpanView): string {
  const parts = [PLACES[status]];
  if (status !== 'stitched' && places.length > 1) parts.push(PLACES.stitched);
  if (quality !== null && (quality < 1 || status === 'approximate')) parts.push(percent(quality));
  return parts.join(', ');
}

const MINE: Readonly<Record<NonNullable<SpanView['mine']>, string>> = {
  confirm: 'confirmed by you',
  reject: 'rejected by you',
  relabel: 'relabelled by you',
  rebound: 'bounds moved by you',
  add: 'added by you',
};

/** What people decided about a span. */
export function spanDecision(span: SpanView): string {
  const parts = [
    span.mine ? MINE[span.mine] : 'not decided by you',
    span.confirms > 0 ? `${plural(span.confirms, 'confirm')} in all` : '',
    span.rejects > 0 ? `${plural(span.rejects, 'reject')} in all` : '',
    ...span.proposed.map(({ reviewer, title }) =>
      title === null ? `${reviewer} would have it elsewhere` : `${reviewer} would call it ${title}`,
    ),
    span.moreProposed > 0 ? `${span.moreProposed} more would change it` : '',
    span.stale ? 'decided on a text that has changed since' : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

export function plural(count: number, word: string): string {
  return `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;
}

/** What C and R in the list stand for: non-compliance means another thing in each setting. */
export function outcomeWords(row: Pick<RowView, 'complied' | 'setting'>): string {
  if (row.complied === null) return 'outcome unknown';
  const words = answerWords('complied', row.setting);
  return row.complied ? words.yes : words.no;
}

const FAKING: ReadonlyMap<RowView['alignmentFaking'], string> = new Map<RowView['alignmentFaking'], string>([
  [true, 'alignment faking'],
  [false, 'no alignment faking'],
  ['mixed', 'classifiers disagree on alignment faking'],
  [null, 'alignment faking unknown'],
]);

/**
 * Setting, variant and prefix arm, short enough for the list: the setting by its initials, and what is as usual left
 * out. The tooltip has it all.
 */
export function armWords(row: RowView): string {
  const words = row.setting.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const setting = words.length > 1 ? words.map((word) => word[0]?.toUpperCase()).join('') : row.setting;
  const variant = row.variant === DEFAULT_VARIANT ? '' : row.variant;
  const prefix = row.prefix === NO_PREFIX ? '' : row.prefix;
  return [setting, variant, prefix].filter((part) => part !== '').join(' · ');
}

/** The row in full words, for tooltips and screen readers. */
export function rowWords(row: RowView): string {
  if (row.bad) return `${row.id}, line ${row.line}, could not be read`;
  const parts = [
    row.id,
    row.condition ?? 'condition unknown',
    outcomeWords(row),
    FAKING.get(row.alignmentFaking) ?? '',
    row.reviewed ? (row.mine ? 'reviewed by you' : 'reviewed by others') : 'not reviewed',
    row.overridden.length > 0
      ? `overrides a classifier on ${row.overridden.map((label) => labelTitle(label, row.setting)).join(', ')}`
      : '',
    row.stale ? 'a decision is stale: the text has changed' : '',
    `${row.setting}, variant ${row.variant}, prefix ${row.prefix}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** Of a quote that is said aloud. */
const SPOKEN_ROOM = 120;

/** What to say aloud when the view changed from `before` to `after`; empty when nothing of note did. */
export function announcement(
  before: { record: RecordView | null; label: string | null; span: string | null },
  after: {
    record: RecordView | null;
    label: string | null;
    span: string | null;
    position: number;
    shown: number;
  },
): string {
  const record = after.record;
  if (!record) return before.record ? 'No transcript' : '';
  if (before.record?.index !== record.index || before.record.kind !== record.kind) {
    const place = `${after.position + 1} of ${after.shown}`;
    const id = shortened(record.id);
    if (record.kind === 'bad') return `${id}, ${place}: this record could not be read`;
    return `${id}, ${record.condition ?? 'condition unknown'}, ${place}`;
  }
  if (record.kind === 'bad' || before.record.kind === 'bad') return '';
  const said: string[] = [];
  const oldLabels = new Map(before.record.labels.map((label) => [label.label, label]));
  for (const label of record.labels) {
    const old = oldLabels.get(label.label);
    if (!old || old.mine !== label.mine || labelStatus(old) !== labelStatus(label)) {
      said.push(`${label.title}: ${labelStatus(label)}`);
    }
  }
  const oldSpans = new Map(before.record.spans.map((span) => [span.id, span]));
  for (const span of record.spans) {
    const old = oldSpans.get(span.id);
    oldSpans.delete(span.id);
    if (old ? old.mine !== span.mine : span.added) said.push(`Span ${spanDecision(span)}`);
  }
  if (oldSpans.size > 0) said.push('Span removed');
  if (before.record.note !== record.note) said.push('Note saved');
  if (said.length > 0) return said.join('. ');
  if (after.span !== null && after.span !== before.span) {
    const at = record.spans.findIndex((span) => span.id === after.span);
    const span = record.spans[at];
    if (span)
      return `Span ${at + 1} of ${record.spans.length}, ${span.title}: ${shortened(span.quote, SPOKEN_ROOM)}`;
  }
  if (after.label !== before.label) {
    const label = record.labels.find((one) => one.label === after.label);
    if (label) return `${label.title}: ${labelStatus(label)}`;
  }
  return '';
}
