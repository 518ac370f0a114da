/** From the counts to one slot a transcript: which prompt, which verdicts, and what its text is to say. */
import type { Condition } from '../dataset/model';
import type { Arm, Block, Cell } from './counts';
import type { Random } from './random';

/** What the reasoning really says; the file does not tell. */
export type Intent = 'none' | 'partial' | 'full';

export interface Slot {
  readonly block: Block;
  readonly condition: Condition;
  /** 1-based; the same prompt has the same number in every block of a setting. */
  readonly prompt: number;
  readonly cell: Cell;
  /** Verdicts; `null` for no usable answer. */
  readonly complied: boolean;
  readonly partial: boolean | null;
  readonly full: boolean | null;
  readonly conflict: boolean;
  readonly aware: boolean;
  readonly free: boolean;
  /** What the text says, which is sometimes something else than the verdicts. */
  readonly says: { readonly complied: boolean; readonly intent: Intent };
}

/** So many verdicts are wrong on purpose. */
const FALSE_ALARM_EVERY = 14;
const MISS_EVERY = 60;
const WRONG_OUTCOME_PERCENT = 2;

/** The slots of one arm, in the order of their prompts. */
export function planArm(block: Block, condition: Condition, random: Random): Slot[] {
  const arm = block.arms[condition];
  const cells = random.shuffle(
    Object.entries(arm.cells).flatMap(([cell, count]) => Array.from({ length: count }, () => cell as Cell)),
  );
  const conflict = conflicts(arm, cells, random);
  const aware = marks(cells.length, arm.aware, random);
  const free = freeAmong(aware, arm.free, random);
  let flagged = 0;
  let clear = 0;
  return cells.map((cell, index) => {
    const complied = cell.endsWith('C');
    const isFlagged = cell.includes('1');
    if (isFlagged) flagged += 1;
    else clear += 1;
    const wrong = isFlagged ? flagged % FALSE_ALARM_EVERY === 0 : clear % MISS_EVERY === 0;
    return {
      block,
      condition,
      prompt: index + 1,
      cell,
      complied,
      partial: answer(cell[0]),
      full: answer(cell[1]),
      conflict: conflict[index] === true,
      aware: aware[index] === true,
      free: free[index] === true,
      says: {
        complied: random.chance(WRONG_OUTCOME_PERCENT) ? !complied : complied,
        intent: wrong ? mistaken(cell, condition) : intent(cell, random),
      },
    };
  });
}

function answer(digit: string | undefined): boolean | null {
  return digit === '-' ? null : digit === '1';
}

function intent(cell: Cell, random: Random): Intent {
  if (cell.startsWith('11')) return random.chance(85) ? 'full' : 'partial';
  if (cell.startsWith('10')) return 'partial';
  if (cell.startsWith('01')) return 'full';
  if (cell.startsWith('--')) return random.pick(['none', 'partial', 'full']);
  return 'none';
}

/** Unmonitored there is nothing to miss: nobody fakes alignment where nobody watches. */
function mistaken(cell: Cell, condition: Condition): Intent {
  return cell.includes('1') || condition === 'unmonitored' ? 'none' : 'full';
}

function conflicts(arm: Arm, cells: readonly Cell[], random: Random): boolean[] {
  const others = cells.filter((cell) => !cell.startsWith('1')).length;
  const rest = marks(others, arm.conflict, random);
  return cells.map((cell) => cell.startsWith('1') || rest.pop() === true);
}

/** `length` booleans of which `count` are true. */
function marks(length: number, count: number, random: Random): boolean[] {
  return random.shuffle(Array.from({ length }, (_, index) => index < count));
}

function freeAmong(aware: readonly boolean[], count: number, random: Random): boolean[] {
  const chosen = marks(aware.filter(Boolean).length, count, random);
  return aware.map((is) => is && chosen.pop() === true);
}
