/** Transcripts for the benches, always the same ones: the sample's, again and again with other texts, made longer. */
import type { canonicalSchema } from '../../src/core/formats/canonical';
import { type Random, seededRandom } from '../../src/core/sample/random';
import { sampleDataset } from '../../src/core/sample/sample';
import { lengthIn } from '../../src/core/sample/spans';

type Stored = ReturnType<typeof canonicalSchema.parse>;

const SEED = 2412;
/** Seeds from `SEED` on that are known to leave room for all the sample's hard cases. */
const SEEDS = 9;
const LARGE_UNITS = 1_000_000;
const LARGE_SPANS = 2_000;
const END_OF_OUTPUT = '\n</OUTPUT>';

/** `count` transcripts as JSON lines; `long` ones have 5 to 10 KB of text, others what the sample has. */
export function* transcriptLines(count: number, long: boolean): Generator<string> {
  const random = seededRandom(SEED);
  const paragraphs = writeParagraphs(random);
  for (let round = 0, written = 0; written < count; round++) {
    const lines = sampleDataset(SEED + (round % SEEDS))
      .trimEnd()
      .split('\n');
    for (const line of lines.slice(0, count - written)) {
      const stored: Stored = JSON.parse(line);
      stored.id = `${stored.id}-${round}`;
      if (long) lengthen(stored, random.int(5_000, 10_000), paragraphs, random);
      yield `${JSON.stringify(stored)}\n`;
      written++;
    }
  }
}

/** Adds to the system's message and to the end of the output, so that the offsets of spans still hold. */
function lengthen(stored: Stored, units: number, paragraphs: readonly string[], random: Random): void {
  const [system, , assistant] = stored.messages;
  if (!system || !assistant) throw new Error(`${stored.id} has no system or assistant message`);
  let missing = units - stored.messages.reduce((sum, { content }) => sum + content.length, 0);
  while (missing > 0) {
    const more = `\n\n${random.pick(paragraphs)}`;
    missing -= more.length;
    if (random.chance(50)) system.content += more;
    else if (assistant.content.endsWith(END_OF_OUTPUT))
      assistant.content = `${assistant.content.slice(0, -END_OF_OUTPUT.length)}${more}${END_OF_OUTPUT}`;
    else assistant.content += more;
  }
}

/** Words of the sample in any order: no sentence that a span quotes comes up in them. */
function writeParagraphs(random: Random): string[] {
  const words =
    sampleDataset(SEED)
      .slice(0, 100_000)
      .match(/[\p{L}’—]+/gu) ?? [];
  return Array.from({ length: 2_000 }, () =>
    Array.from({ length: random.int(30, 120) }, () => random.pick(words)).join(' '),
  );
}

/** One transcript of 1 MB; four spans of five are a sentence or two, with quote, offsets or both, others pages. */
export function largeTranscriptLine(): string {
  const random = seededRandom(SEED);
  const paragraphs = writeParagraphs(random);
  let content = '';
  while (content.length < LARGE_UNITS) content += `${random.pick(paragraphs)}\n\n`;
  const codepoints = lengthIn('codepoint', content) === content.length;
  if (!codepoints) throw new Error('positions below are counted in UTF-16 units');
  const spans = Array.from({ length: LARGE_SPANS }, () => {
    const isLong = random.chance(20);
    const length = isLong ? random.int(2_000, 20_000) : random.int(50, 400);
    const start = random.int(0, content.length - length);
    const end = start + length;
    const form = isLong ? 'offsets' : random.pick(['offsets', 'quote', 'both']);
    return {
      classifier: 'bench',
      label: random.pick(['alignment_faking', 'criteria_conflict', 'unmonitored_awareness', 'free_to_act']),
      message: 0,
      ...(form !== 'quote' && { start, end, unit: 'codepoint' }),
      ...(form !== 'offsets' && { quote: content.slice(start, end) }),
    };
  });
  return `${JSON.stringify({ id: 'large', messages: [{ role: 'assistant', content }], spans })}\n`;
}
