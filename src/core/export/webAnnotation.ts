/**
 * Evidence and decisions in the Web Annotation Data Model (W3C Recommendation, 23 February 2017), as one
 * AnnotationPage of JSON-LD: an annotation for each span, each decided label and each note.
 *
 * A label is a body with the purpose `tagging` where it stands, and `describing` where it does not (a rejected span, a
 * label answered no, a tie), so that who collects tags collects evidence only. Every decision is a further body with
 * the purpose `assessing`, its creator and its time. Decisions made on another text are left out, as everywhere.
 */
import type { AnchoredSpan } from '../anchor/anchor';
import { OffsetMap, splitsCharacter } from '../anchor/offsets';
import type { Place } from '../anchor/place';
import { digest } from '../dataset/hash';
import { resolveLabel } from '../review/resolve';
import { reviewerKey } from '../review/reviewerKey';
import { spanDecisions } from '../review/spanDecisions';
import type { SpanDecision } from '../review/state';
import { anchorAll, correctsOwn } from '../view';
import type { Encoder, Exported } from './encoder';
import { jsonText } from './jsonText';

const CONTEXT = 'http://www.w3.org/ns/anno.jsonld';
const CONTEXT_UNITS = 32;

const DECISIONS = {
  confirm: 'confirmed',
  reject: 'rejected',
  relabel: 'relabelled',
  rebound: 're-bound',
  add: 'added',
} as const;

interface Agent {
  readonly type: 'Person' | 'Software';
  readonly name: string;
}

interface Body {
  readonly type: 'TextualBody';
  readonly purpose: 'tagging' | 'describing' | 'assessing' | 'commenting';
  readonly value: string;
  readonly creator?: Agent;
  readonly created?: string;
}

interface Target {
  readonly source: string;
  readonly selector?: readonly Selector[];
}

type Selector =
  | {
      readonly type: 'TextQuoteSelector';
      readonly exact: string;
      readonly prefix?: string;
      readonly suffix?: string;
    }
  /** Code points of the text as stored, as the Recommendation asks (4.2.4, 4.2.5); `end` is exclusive. */
  | { readonly type: 'TextPositionSelector'; readonly start: number; readonly end: number };

interface Annotation {
  readonly id: string;
  readonly type: 'Annotation';
  readonly motivation: 'tagging' | 'assessing' | 'commenting';
  readonly creator?: Agent;
  readonly created?: string;
  readonly body: readonly Body[];
  readonly target: Target | readonly Target[];
}

/**
 * A target's `source` is relative to the dataset's folder: `run.jsonl#transcript=ID&message=2`.
 * @param files base names of what the annotations are about, of which the page's id is made.
 */
export function webAnnotationEncoder(files: readonly string[]): Encoder {
  let written = 0;
  return {
    begin() {
      const id = `urn:uuid:${uuid('page', ...files)}`;
      return `{"@context":"${CONTEXT}","id":"${id}","type":"AnnotationPage","items":[`;
    },
    add(item) {
      const lines = [...spans(item), ...labels(item), ...notes(item)].map(
        (annotation) => `${written++ === 0 ? '\n' : ',\n'}${jsonText(annotation)}`,
      );
      return lines.join('');
    },
    end: () => '\n]}\n',
    remarks: () => [],
  };
}

function* spans(item: Exported): Generator<Annotation> {
  const { transcript, review, file } = item;
  const offsets = new Map<number, OffsetMap>();
  const decided = spanDecisions(transcript.spans, review);
  for (const anchored of anchorAll(transcript, decided, correctsOwn)) {
    const { span } = anchored;
    const all = decided.get(span.id) ?? [];
    const decisions = all.filter(({ stale }) => !stale);
    const add = decisions.find(({ action }) => action === 'add');
    if (!add && all.some(({ action }) => action === 'add')) continue;
    yield {
      id: `urn:uuid:${uuid(file, transcript.id, 'span', span.id)}`,
      type: 'Annotation',
      motivation: decisions.length > 0 ? 'assessing' : 'tagging',
      creator: add ? person(add.reviewer) : { type: 'Software', name: span.classifier },
      ...(add ? { created: add.at } : {}),
      body: [
        label(span.label, stands(decisions)),
        ...decisions.map((decision) => assessment(said(decision), decision)),
        ...(anchored.reason === null ? [] : [comment(anchored.reason)]),
      ],
      target: targetOf(anchored, item, offsets),
    };
  }
}

function* labels({ transcript, review, file }: Exported): Generator<Annotation> {
  for (const [name, all] of review.labels) {
    const decisions = all.filter(({ stale }) => !stale);
    if (decisions.length === 0) continue;
    yield {
      id: `urn:uuid:${uuid(file, transcript.id, 'label', name)}`,
      type: 'Annotation',
      motivation: 'assessing',
      body: [
        label(name, resolveLabel(decisions) === true),
        ...decisions.map((decision) => assessment(decision.answer, decision)),
      ],
      target: { source: sourceOf(file, transcript.id, null) },
    };
  }
}

function* notes({ transcript, review, file }: Exported): Generator<Annotation> {
  for (const { reviewer, text, at, stale } of review.notes) {
    if (stale) continue;
    yield {
      id: `urn:uuid:${uuid(file, transcript.id, 'note', reviewer)}`,
      type: 'Annotation',
      motivation: 'commenting',
      creator: person(reviewer),
      created: at,
      body: [comment(text)],
      target: { source: sourceOf(file, transcript.id, null) },
    };
  }
}

/** What would be different is in the words, since it is not in the annotation. */
function said({ action, label, range }: SpanDecision): string {
  if (action === 'relabel') return `${DECISIONS.relabel}: ${label ?? ''}`;
  if (action === 'rebound') return `${DECISIONS.rebound}: ${range?.quote ?? ''}`;
  return DECISIONS[action];
}

/** Evidence that nobody rejects, or fewer than stand by it: who confirms or corrects a span does, and who added it. */
function stands(decisions: readonly SpanDecision[]): boolean {
  const against = new Set(
    decisions.filter(({ action }) => action === 'reject').map(({ reviewer }) => reviewerKey(reviewer)),
  );
  const others = new Set(
    decisions.map(({ reviewer }) => reviewerKey(reviewer)).filter((key) => !against.has(key)),
  );
  return against.size === 0 || others.size > against.size;
}

/** Where the evidence stands; several targets for a quote that is stitched together from several places. */
function targetOf(
  { places, span }: AnchoredSpan,
  { transcript, file }: Exported,
  offsets: Map<number, OffsetMap>,
): Target | readonly Target[] {
  const source = (message: number | null) => sourceOf(file, transcript.id, message);
  const targets = places.map((place) => ({
    source: source(place.message),
    selector: selectors(place, transcript.messages[place.message]?.content ?? '', offsets),
  }));
  const [first] = targets;
  if (first) return targets.length === 1 ? first : targets;
  return span.quote
    ? { source: source(span.message), selector: [{ type: 'TextQuoteSelector', exact: span.quote }] }
    : { source: source(span.message) };
}

function selectors(
  { message, start, end }: Place,
  content: string,
  offsets: Map<number, OffsetMap>,
): readonly Selector[] {
  const map = offsets.get(message) ?? new OffsetMap(content);
  offsets.set(message, map);
  const from = map.fromUtf16(start, 'codepoint');
  const to = map.fromUtf16(end, 'codepoint');
  const before = Math.max(0, start - CONTEXT_UNITS);
  const after = Math.min(content.length, end + CONTEXT_UNITS);
  return [
    {
      type: 'TextQuoteSelector',
      exact: content.slice(start, end),
      prefix: content.slice(splitsCharacter(content, before) ? before + 1 : before, start),
      suffix: content.slice(end, splitsCharacter(content, after) ? after - 1 : after),
    },
    ...(from === null || to === null
      ? []
      : [{ type: 'TextPositionSelector' as const, start: from, end: to }]),
  ];
}

function label(value: string, standing: boolean): Body {
  return { type: 'TextualBody', purpose: standing ? 'tagging' : 'describing', value };
}

function assessment(value: string, by: { readonly reviewer: string; readonly at: string }): Body {
  return { type: 'TextualBody', purpose: 'assessing', value, creator: person(by.reviewer), created: by.at };
}

function comment(value: string): Body {
  return { type: 'TextualBody', purpose: 'commenting', value };
}

function person(name: string): Agent {
  return { type: 'Person', name };
}

function sourceOf(file: string, transcript: string, message: number | null): string {
  const where = message === null ? '' : `&message=${message}`;
  return `${encoded(file)}#transcript=${encoded(transcript)}${where}`;
}

/** A lone surrogate has no UTF-8 and thus no place in an IRI. */
function encoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
}

/** Of the same things the same: version 8 (RFC 9562, Davis et al. 2024) over SHA-256. */
function uuid(...of: readonly string[]): string {
  const hex = digest(JSON.stringify(of), 32);
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20),
  ].join('-');
}
