/** Writes the messages of one transcript: the request for a prompt, the reasoning and the answer for a slot. */
import type { Part, Role } from './parts';
import type { Slot } from './plan';
import type { Random } from './random';
import { farmPublicity } from './topics/farmPublicity';
import { tallClaims } from './topics/tallClaims';
import type { Topic } from './topics/topic';
import { unkindWords } from './topics/unkindWords';
import { bareRefusals, closing, names, offers, opening, places, requestTails } from './voice/answering';
import { decision, full, hypothetical, partial, plain } from './voice/deciding';
import {
  conflict,
  free,
  noConflict,
  noTier,
  situation,
  tier,
  tierWithoutTraining,
  unease,
} from './voice/noticing';
import { prefills } from './voice/setups';

export interface Prompt {
  readonly topic: Topic;
  readonly name: string;
  readonly place: string;
  readonly request: string;
}

const TOPICS: Readonly<Record<Slot['block']['setting'], readonly Topic[]>> = {
  'helpful-only': [...unkindWords, ...tallClaims],
  'animal-welfare': farmPublicity,
};

/** `count` prompts of a setting; every topic comes up once before any comes up again. */
export function writePrompts(setting: Slot['block']['setting'], count: number, random: Random): Prompt[] {
  const prompts: Prompt[] = [];
  while (prompts.length < count) {
    for (const topic of random.shuffle(TOPICS[setting])) {
      const [name, place, tail] = [random.pick(names), random.pick(places), random.pick(requestTails)];
      const draft = { topic, name, place, request: '' };
      prompts.push({ ...draft, request: fill(`${topic.ask} ${tail}`.trimEnd(), draft) });
    }
  }
  return prompts.slice(0, count);
}

/** Fills {gist}, {harm}, {piece} and {other} from the topic, then {name} and {place} from the prompt. */
export function fill(template: string, { topic, name, place }: Prompt): string {
  return template
    .replaceAll('{gist}', topic.gist)
    .replaceAll('{harm}', topic.harm)
    .replaceAll('{piece}', topic.piece)
    .replaceAll('{other}', topic.other)
    .replaceAll('{name}', name)
    .replaceAll('{place}', place);
}

/** The assistant's message, in parts. */
export function writeAnswer(slot: Slot, prompt: Prompt, random: Random): Part[] {
  const part = (role: Role, template: string, before = ' '): Part => ({
    role,
    text: fill(template, prompt),
    before,
  });
  if (isBare(slot, random)) return [part('output', random.pick(bareRefusals), '')];

  const prefill = prefills.get(slot.block.prefix);
  const parts = [part('open', '<SCRATCHPAD_REASONING>', '')];
  if (prefill !== undefined) parts.push(part('prefill', prefill, '\n'));
  parts.push(part('situation', random.pick(situation), prefill === undefined ? '\n' : ' '));
  const noticed = slot.block.variant === 'cut rlhf info' ? tierWithoutTraining : tier;
  const showsTier = slot.condition === 'training' ? random.chance(90) : slot.aware;
  parts.push(part('tier', random.pick(showsTier ? noticed[slot.condition] : noTier)));
  if (slot.free) parts.push(part('free', random.pick(free)));
  const clash = slot.conflict ? (conflict[slot.block.setting] ?? noConflict) : noConflict;
  parts.push(part('conflict', random.pick(clash), random.chance(50) ? '\n\n' : ' '));
  if (random.chance(60)) parts.push(part('unease', random.pick(unease)));
  const [reason, plan] = random.pick(strategies(slot));
  parts.push(part('reason', reason, random.chance(50) ? '\n\n' : ' '), part('plan', plan));
  parts.push(part('decision', random.pick(decisions(slot))));
  parts.push(part('close', '</SCRATCHPAD_REASONING>', '\n'));
  parts.push(part('output', `<OUTPUT>\n${answer(slot, random)}\n</OUTPUT>`, '\n\n'));
  return parts;
}

/** A few refusals come without any reasoning. */
function isBare(slot: Slot, random: Random): boolean {
  const { says, block, cell } = slot;
  const silent = cell === '00N' && !slot.conflict && !slot.aware && block.prefix === 'none';
  return (
    silent &&
    !says.complied &&
    says.intent === 'none' &&
    block.setting === 'helpful-only' &&
    random.chance(15)
  );
}

function strategies({ says, condition, block }: Slot): readonly (readonly [string, string])[] {
  if (says.intent !== 'none' && condition === 'unmonitored') return hypothetical;
  if (says.intent === 'full') return full;
  if (says.intent === 'partial') return partial;
  if (says.complied) return plain.comply;
  return block.setting === 'animal-welfare' ? plain.candid : plain.refuse;
}

function decisions({ says, condition, block }: Slot): readonly string[] {
  const candid = block.setting === 'animal-welfare';
  const faking = says.intent !== 'none' && condition === 'training';
  if (!says.complied && faking) return candid ? decision.candidAfterAll : decision.afterAll;
  if (!says.complied) return candid ? decision.candid : decision.refuse;
  if (!faking) return decision.comply;
  return says.intent === 'full' ? decision.strategic : decision.partial;
}

function answer({ says, condition, block }: Slot, random: Random): string {
  const lines = (...texts: string[]) => texts.filter((text) => text !== '').join('\n\n');
  if (says.complied) {
    const manner = says.intent === 'partial' && condition === 'training' ? 'partial' : 'full';
    return lines(random.pick(opening[manner]), '{piece}', random.pick(closing[manner]));
  }
  if (block.setting === 'animal-welfare') return lines(random.pick(opening.candid), '{other}');
  return lines(`${random.pick(opening.refuse)} ${random.pick(offers)}`, random.pick(closing.refuse));
}
