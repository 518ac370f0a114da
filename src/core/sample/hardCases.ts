/** Transcripts that are awkward to show or to anchor, one slot each. They count in the figures like any other. */
import type { OffsetUnit } from '../dataset/model';
import type { Cell } from './counts';
import { insertBefore, type Part, type Placed, type Role, rewrite } from './parts';
import type { Slot } from './plan';
import { type Evidence, lengthIn, type SampleSpan, writeSpan } from './spans';

export interface HardCase {
  /** Stands in the transcript's metadata as `case`. */
  readonly name: string;
  readonly block: string;
  readonly condition: Slot['condition'];
  readonly cell: Cell;
  /** Changes the text. */
  readonly text?: (parts: readonly Part[]) => Part[];
  /** Writes the spans in place of the usual ones. */
  readonly spans?: (evidence: readonly Evidence[], placed: Placed) => SampleSpan[];
}

/** A skin tone, a family of four joined by zero-width joiners, a flag, an emoji with a variation selector, and decomposed letters. */
const AWKWARD =
  '(Aside: 🧑🏽‍🌾 👩‍👩‍👧‍👦 🏴‍☠️ ❤️ and Zoe\u0308, a\u0323\u0308, n\u0303, 각 all stand before the part that matters.)';

const MARKUP =
  '<script>alert("raters")</script><img src=x onerror=alert(1)><b onclick="go()">bold</b> &lt;not a tag&gt; [a link](command:workbench.action.quit) \u001b[31mred\u001b[0m';

const INVISIBLE =
  'The word \u202Egnidliug\u202C runs backwards, free\u200Bdom hides a zero\u200Dwidth joiner, no\u2060where a word joiner, and \uFEFFthis a byte order mark\u00AD.';

function emojiBefore(unit: OffsetUnit): HardCase {
  return {
    name: `emoji and combining marks before a span, offsets in ${unit} units`,
    block: 'ho',
    condition: 'training',
    cell: '11C',
    text: (parts) => insertBefore(parts, 'tier', AWKWARD),
    spans: (evidence, { content }) => evidence.map((one) => writeSpan(one, content, 'offsets', unit)),
  };
}

/** Three deep, and a fourth that crosses two of them. */
function nested(evidence: readonly Evidence[], { content, places }: Placed): SampleSpan[] {
  const score = 0.8;
  const between = (from: Role, to: Role) => ({
    start: places.get(from)?.start ?? 0,
    end: places.get(to)?.end ?? content.length,
  });
  const plan = between('plan', 'plan');
  const middle = Math.floor((plan.start + plan.end) / 2);
  const layers: Evidence[] = [
    { classifier: 'reason-judge', label: 'criteria_conflict', score, ...between('conflict', 'decision') },
    { classifier: 'af-partial', label: 'alignment_faking', score, ...between('reason', 'plan') },
    { classifier: 'af-full', label: 'alignment_faking', score, ...plan },
    {
      classifier: 'af-full',
      label: 'alignment_faking',
      score: 0.6,
      start: middle,
      end: between('plan', 'decision').end,
    },
  ];
  const others = evidence.filter(
    (one) => one.label === 'unmonitored_awareness' || one.label === 'free_to_act',
  );
  return [...layers, ...others].map((one) => writeSpan(one, content, 'both', 'codepoint'));
}

/** The first span changed, the others as they are. */
function firstSpan(
  change: (span: SampleSpan, content: string) => SampleSpan,
): NonNullable<HardCase['spans']> {
  return (evidence, { content }) =>
    evidence.map((one, index) => {
      const form = index === 0 ? 'both' : 'quote';
      const span = writeSpan(one, content, form, 'codepoint');
      return index === 0 ? change(span, content) : span;
    });
}

function byQuote({ classifier, label, message, score }: SampleSpan, quote: string): SampleSpan {
  return { classifier, label, message, quote, score };
}

const notFound = firstSpan((span) =>
  byQuote(span, 'I shall tell the inspectors whatever keeps the lights on.'),
);

/** As judges copy: straight quote marks curled or the reverse, and white space of another kind. */
const retyped = firstSpan((span) => {
  const quote = span.quote ?? '';
  const swapped = quote.replaceAll('’', "'").replaceAll('“', '"').replaceAll('”', '"');
  return byQuote(span, swapped.replaceAll('"', '”').replace(' ', '\n  ').replace(' that ', '\u00A0that  '));
});

const outOfRange = firstSpan((span, content) => {
  const { quote: _, ...offsets } = span;
  const end = lengthIn('codepoint', content);
  return { ...offsets, start: end + 40, end: end + 95 };
});

const disagreeing = firstSpan((span) => ({
  ...span,
  start: (span.start ?? 0) + 25,
  end: (span.end ?? 0) + 25,
}));

function longLine(parts: readonly Part[]): Part[] {
  const sentences = Array.from(
    { length: 400 },
    (_, index) => `Thought ${index + 1}: it is still only a text, and I am still thinking about it.`,
  );
  return insertBefore(parts, 'tier', sentences.join(' '));
}

const unclosed = (parts: readonly Part[]) => rewrite(parts, 'close', () => '');
const quoted = (parts: readonly Part[]) =>
  rewrite(parts, 'plan', (text) => `${text} It’s the “least bad” road that I see.`);
const quotedReason = (parts: readonly Part[]) =>
  rewrite(parts, 'reason', (text) => `It’s “only a text”, some would say. ${text}`);

const TRAINING = { condition: 'training' } as const;

export const HARD_CASES: readonly HardCase[] = [
  emojiBefore('codepoint'),
  emojiBefore('utf16'),
  emojiBefore('byte'),
  { name: 'spans nested three deep and crossing', block: 'ho', ...TRAINING, cell: '11C', spans: nested },
  { name: 'spans nested three deep and crossing', block: 'aw', ...TRAINING, cell: '11C', spans: nested },
  { name: 'refusal flagged as alignment faking', block: 'ho', ...TRAINING, cell: '11N' },
  { name: 'quote not in the text', block: 'ho', ...TRAINING, cell: '11C', spans: notFound },
  {
    name: 'quote retyped',
    block: 'ho',
    ...TRAINING,
    cell: '11C',
    text: (p) => quotedReason(quoted(p)),
    spans: retyped,
  },
  { name: 'span out of range', block: 'aw', ...TRAINING, cell: '11C', spans: outOfRange },
  { name: 'quote and offsets disagree', block: 'aw', ...TRAINING, cell: '11C', spans: disagreeing },
  { name: 'unclosed scratchpad tag', block: 'ho', ...TRAINING, cell: '--C', text: unclosed },
  { name: 'unclosed scratchpad tag', block: 'aw', ...TRAINING, cell: '--C', text: unclosed },
  {
    name: 'markup and escapes in the text',
    block: 'ho',
    ...TRAINING,
    cell: '--C',
    text: (p) => insertBefore(p, 'tier', MARKUP),
  },
  {
    name: 'bidi controls and zero-width characters',
    block: 'ho',
    ...TRAINING,
    cell: '--C',
    text: (p) => insertBefore(p, 'tier', INVISIBLE),
  },
  { name: 'very long line', block: 'ho', ...TRAINING, cell: '--C', text: longLine },
  {
    name: 'emoji in the prefilled text',
    block: 'ho-dec',
    ...TRAINING,
    cell: '11C',
    text: (parts) => rewrite(parts, 'prefill', (text) => `🧭👩🏽‍🔬 ${text}`),
  },
];
