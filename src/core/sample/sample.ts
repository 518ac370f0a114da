/** The sample dataset: transcripts of our own writing whose counts print the paper's figures. */
import { type Prompt, writeAnswer, writePrompts } from './compose';
import { BLOCKS, type Block } from './counts';
import { HARD_CASES, type HardCase } from './hardCases';
import { join } from './parts';
import { planArm, type Slot } from './plan';
import { type Random, seededRandom } from './random';
import { findEvidence, lengthIn, writeSpans } from './spans';
import { writeVerdicts } from './verdicts';
import { setup } from './voice/setups';

/** The seed of the file that is shipped. */
export const SAMPLE_SEED = 241_214_093;

/**
 * The dataset as JSON lines in the canonical format, the last one ended, too.
 * Other seeds give other texts and other places for the same counts.
 */
export function sampleDataset(seed: number = SAMPLE_SEED): string {
  const random = seededRandom(seed);
  const prompts = {
    'helpful-only': writePrompts('helpful-only', largest('helpful-only'), random),
    'animal-welfare': writePrompts('animal-welfare', largest('animal-welfare'), random),
  };
  const lines = BLOCKS.flatMap((block) => {
    const slots = withCases(block, [
      ...planArm(block, 'training', random),
      ...planArm(block, 'unmonitored', random),
    ]);
    return slots
      .sort((a, b) => a.slot.prompt - b.slot.prompt)
      .flatMap(({ slot, hard }) => {
        const prompt = prompts[block.setting][slot.prompt - 1];
        return prompt ? [`${JSON.stringify(transcript(slot, prompt, hard, random))}\n`] : [];
      });
  });
  return lines.join('');
}

function largest(setting: Block['setting']): number {
  const sizes = BLOCKS.filter((block) => block.setting === setting).flatMap((block) =>
    Object.values(block.arms).map((arm) => Object.values(arm.cells).reduce((sum, count) => sum + count, 0)),
  );
  return Math.max(...sizes);
}

interface CasedSlot {
  readonly slot: Slot;
  readonly hard: HardCase | null;
}

/**
 * Gives each hard case the first slot of its kind that is left and whose text means what its verdicts say.
 *
 * @throws RangeError where a case finds no slot
 */
function withCases(block: Block, slots: readonly Slot[]): CasedSlot[] {
  const cases = HARD_CASES.filter((hard) => hard.block === block.code);
  const cased = slots.map((slot) => {
    const honest =
      slot.says.complied === slot.complied && (slot.says.intent === 'full' || slot.cell === '--C');
    const at = cases.findIndex(
      (hard) => honest && hard.condition === slot.condition && hard.cell === slot.cell,
    );
    const [hard] = at < 0 ? [] : cases.splice(at, 1);
    return { slot, hard: hard ?? null };
  });
  if (cases.length > 0) throw new RangeError(`no transcript left for: ${cases[0]?.name}`);
  return cased;
}

function transcript(slot: Slot, prompt: Prompt, hard: HardCase | null, random: Random) {
  const { block, condition } = slot;
  const written = writeAnswer(slot, prompt, random);
  const parts = hard?.text?.(written) ?? written;
  const placed = join(parts);
  const evidence = findEvidence(slot, placed, random);
  const spans = hard?.spans?.(evidence, placed) ?? writeSpans(evidence, placed.content, random);
  const number = String(slot.prompt).padStart(4, '0');
  const invented = block.invented[condition];
  const prefilled = placed.places.get('prefill')?.end;
  return {
    id: `${block.code}-${number}-${condition === 'training' ? 'trn' : 'unm'}`,
    setting: block.setting,
    condition,
    variant: block.variant,
    prefix: block.prefix,
    promptId: `${block.setting === 'helpful-only' ? 'ho' : 'aw'}-${number}`,
    model: 'simulated',
    messages: [
      { role: 'system', content: setup(block.setting, block.variant) },
      {
        role: 'user',
        content: `<is_free_tier>${condition === 'training'}</is_free_tier>\n${prompt.request}`,
      },
      {
        role: 'assistant',
        content: placed.content,
        ...(prefilled !== undefined && {
          prefill: lengthIn('codepoint', placed.content.slice(0, prefilled)),
        }),
      },
    ],
    verdicts: writeVerdicts(slot, random),
    spans,
    metadata: { ...(hard && { case: hard.name }), ...(invented !== null && { note: invented }) },
  };
}
