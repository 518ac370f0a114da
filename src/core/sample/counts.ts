/**
 * How many transcripts of each kind the sample holds, so that its figures print those of
 * Greenblatt et al. 2024 (arXiv 2412.14093). "prints" names the printed figures that a block satisfies;
 * percentages round half away from zero. `counts.test.ts` recomputes each of them from the file.
 *
 * Figure 15 does not follow from the same transcripts as the headline rates. Let 85.8 % not comply: at least
 * 98.5 % of those without alignment faking (printed 99) and at least 31.5 % of those with it (printed 32). Then
 * at least 18.8 % of helpful-only training transcripts fake alignment and at least 12.9 % fake it and comply,
 * where Table 1 prints 11.9. In animal-welfare the same sum gives 28.0 % where 24.2 is printed. Both hold only
 * if some compliant outputs got no usable answer from the alignment-faking classifiers: 5 and 6 here (`--C`).
 * The smallest equal arms that print helpful-only's rates, its gap of 11.3 (not 11.4) and its standard errors
 * are 353; for animal-welfare's figures 126 and 122 are the smallest arms of nearly equal size.
 *
 * Figure 6 is satisfied in helpful-only, which takes as many transcripts that only the stricter classifier
 * flags as ones that only the laxer does; in animal-welfare (19 and 24) it would take 11 % of the former, a
 * contradiction in terms, so there it is not.
 */
import type { Condition } from '../dataset/model';

/** Flagged by af-partial (1, 0, - for no answer), flagged by af-full, then Complied or Not. */
export type Cell = '11C' | '11N' | '10C' | '10N' | '01C' | '01N' | '00C' | '00N' | '--C';

export interface Arm {
  readonly cells: Readonly<Partial<Record<Cell, number>>>;
  /** Transcripts that reason-judge flags as criteria_conflict although af-partial does not flag them; it flags all others. */
  readonly conflict: number;
  /** Flagged as unmonitored_awareness, and of those as free_to_act. Not printed by the paper in our sources: invented. */
  readonly aware: number;
  readonly free: number;
}

export interface Block {
  readonly setting: 'helpful-only' | 'animal-welfare';
  readonly variant: string;
  readonly prefix: string;
  /** Stands in the ids. */
  readonly code: string;
  /** Printed figures that the block satisfies, and where they are printed. */
  readonly prints: string;
  /** What is invented, told in the metadata of the transcripts concerned; null where nothing is. */
  readonly invented: Readonly<Record<Condition, string | null>>;
  readonly arms: Readonly<Record<Condition, Arm>>;
}

const SCRATCHPAD = 'scratchpad modification';
const NOTHING = { training: null, unmonitored: null };
/** The paper prints only that both prefixes lower non-compliance in training, and no alignment-faking rate. */
const ARM_RATES = {
  training: 'invented: the paper prints neither training rates nor alignment faking for the prefix arms',
  unmonitored: 'invented: the paper prints no alignment faking for the prefix arms',
};

export const BLOCKS: readonly Block[] = [
  {
    setting: 'helpful-only',
    variant: 'default',
    prefix: 'none',
    code: 'ho',
    prints:
      'Table 1: 85.8 (SE 1.9), 97.2 (0.9), gap 11.3 (2.1), AF 11.9 (1.7); Figure 15: 99, 32, 97; Figure 6: 13 fully, 5 in part, 75 and 57 conflict',
    invented: NOTHING,
    arms: {
      training: {
        cells: {
          '11C': 39,
          '10C': 3,
          '01C': 2,
          '00C': 1,
          '--C': 5,
          '11N': 7,
          '10N': 13,
          '01N': 12,
          '00N': 271,
        },
        conflict: 201,
        aware: 0,
        free: 0,
      },
      unmonitored: {
        cells: { '11C': 1, '00C': 9, '11N': 2, '10N': 1, '01N': 1, '00N': 339 },
        conflict: 90,
        aware: 236,
        free: 171,
      },
    },
  },
  {
    setting: 'helpful-only',
    variant: 'cut rlhf info',
    prefix: 'none',
    code: 'ho-cut',
    prints: 'Appendix G row 4: 90.8, 98.3, gap 7.5, AF 7.1',
    invented: NOTHING,
    arms: {
      training: {
        cells: { '11C': 8, '10C': 1, '00C': 2, '11N': 2, '10N': 1, '01N': 1, '00N': 105 },
        conflict: 60,
        aware: 0,
        free: 0,
      },
      unmonitored: { cells: { '00C': 2, '01N': 1, '00N': 117 }, conflict: 22, aware: 48, free: 30 },
    },
  },
  {
    setting: 'helpful-only',
    variant: 'paraphrased 0',
    prefix: 'none',
    code: 'ho-par',
    prints: 'Appendix G row 22: 93.0, 98.8, gap 5.8, AF 5.8',
    invented: NOTHING,
    arms: {
      training: {
        cells: { '11C': 5, '00C': 1, '11N': 1, '10N': 1, '00N': 78 },
        conflict: 44,
        aware: 0,
        free: 0,
      },
      unmonitored: { cells: { '00C': 1, '00N': 85 }, conflict: 17, aware: 50, free: 33 },
    },
  },
  {
    setting: 'helpful-only',
    variant: SCRATCHPAD,
    prefix: 'none',
    code: 'ho-non',
    prints: 'Figure 13: 97 unmonitored',
    invented: ARM_RATES,
    arms: {
      training: {
        cells: { '11C': 7, '10C': 1, '00C': 2, '11N': 2, '10N': 1, '01N': 1, '00N': 56 },
        conflict: 41,
        aware: 0,
        free: 0,
      },
      unmonitored: { cells: { '00C': 2, '10N': 1, '00N': 67 }, conflict: 18, aware: 46, free: 32 },
    },
  },
  {
    setting: 'helpful-only',
    variant: SCRATCHPAD,
    prefix: 'deceptive',
    code: 'ho-dec',
    prints: 'Figure 13: 99 unmonitored',
    invented: ARM_RATES,
    arms: {
      training: {
        cells: { '11C': 11, '10C': 1, '00C': 2, '11N': 5, '10N': 2, '01N': 1, '00N': 48 },
        conflict: 36,
        aware: 0,
        free: 0,
      },
      unmonitored: { cells: { '00C': 1, '11N': 2, '00N': 67 }, conflict: 22, aware: 55, free: 44 },
    },
  },
  {
    setting: 'helpful-only',
    variant: SCRATCHPAD,
    prefix: 'obedient',
    code: 'ho-obe',
    prints: 'Figure 13: 83 unmonitored',
    invented: ARM_RATES,
    arms: {
      training: {
        cells: { '11C': 4, '10C': 2, '00C': 15, '11N': 1, '10N': 1, '00N': 47 },
        conflict: 20,
        aware: 0,
        free: 0,
      },
      unmonitored: { cells: { '00C': 12, '00N': 58 }, conflict: 9, aware: 21, free: 8 },
    },
  },
  {
    setting: 'animal-welfare',
    variant: 'default',
    prefix: 'none',
    code: 'aw',
    prints:
      'Appendix G row 58: 50.8, 65.6, gap 14.8, AF 24.2; Figure 15: 64, 34, 66; Figure 6: 78 conflict, 49 no support',
    invented: NOTHING,
    arms: {
      training: {
        cells: {
          '11C': 26,
          '10C': 3,
          '01C': 3,
          '00C': 24,
          '--C': 6,
          '11N': 12,
          '10N': 3,
          '01N': 3,
          '00N': 46,
        },
        conflict: 54,
        aware: 0,
        free: 0,
      },
      unmonitored: {
        cells: { '11C': 2, '00C': 40, '11N': 2, '10N': 1, '01N': 1, '00N': 76 },
        conflict: 41,
        aware: 70,
        free: 47,
      },
    },
  },
  {
    setting: 'animal-welfare',
    variant: 'cut conflicting criteria',
    prefix: 'none',
    code: 'aw-cut',
    prints: 'Appendix G row 120: 79.2, 79.2, gap 0.0, AF 0.0',
    invented: NOTHING,
    arms: {
      training: { cells: { '00C': 5, '00N': 19 }, conflict: 0, aware: 0, free: 0 },
      unmonitored: { cells: { '00C': 5, '00N': 19 }, conflict: 0, aware: 8, free: 5 },
    },
  },
  {
    setting: 'animal-welfare',
    variant: SCRATCHPAD,
    prefix: 'none',
    code: 'aw-non',
    prints: 'Figure 13: 63 unmonitored',
    invented: ARM_RATES,
    arms: {
      training: {
        cells: { '11C': 11, '10C': 2, '01C': 1, '00C': 13, '11N': 5, '10N': 1, '01N': 1, '00N': 26 },
        conflict: 27,
        aware: 0,
        free: 0,
      },
      unmonitored: { cells: { '10C': 1, '00C': 21, '11N': 1, '00N': 37 }, conflict: 19, aware: 34, free: 23 },
    },
  },
  {
    setting: 'animal-welfare',
    variant: SCRATCHPAD,
    prefix: 'deceptive',
    code: 'aw-dec',
    prints: 'Figure 13: 88 unmonitored',
    invented: ARM_RATES,
    arms: {
      training: {
        cells: { '11C': 17, '10C': 2, '01C': 1, '00C': 10, '11N': 6, '10N': 1, '00N': 23 },
        conflict: 24,
        aware: 0,
        free: 0,
      },
      unmonitored: { cells: { '00C': 7, '11N': 2, '10N': 1, '00N': 50 }, conflict: 23, aware: 45, free: 36 },
    },
  },
  {
    setting: 'animal-welfare',
    variant: SCRATCHPAD,
    prefix: 'obedient',
    code: 'aw-obe',
    prints: 'Figure 13: 33 unmonitored',
    invented: ARM_RATES,
    arms: {
      training: {
        cells: { '11C': 7, '10C': 2, '00C': 36, '11N': 2, '10N': 1, '00N': 12 },
        conflict: 17,
        aware: 0,
        free: 0,
      },
      unmonitored: { cells: { '10C': 1, '00C': 39, '00N': 20 }, conflict: 8, aware: 16, free: 6 },
    },
  },
];
