/**
 * Whole counts that print the rates of figures 13 and 15 of Greenblatt et al. 2024, and what other
 * implementations of Wilson's and Newcombe's intervals make of them. What the paper does not print in them is
 * invented. Proportions are of non-compliance, as in the paper; gaps are of compliance.
 */
import type { Interval } from '../../../src/core/metrics/figures';

export interface Arm {
  readonly x: number;
  readonly n: number;
  readonly interval: Interval;
}

export interface Difference {
  readonly value: number;
  readonly interval: Interval;
}

export interface ClassifierFigures {
  readonly topLine: Arm;
  readonly inclusive: Arm;
  readonly trainingPresent: Arm;
  readonly trainingAbsent: Arm;
  readonly unmonitoredAbsent: Arm;
  readonly unmonitoredPresent: Arm;
  readonly gapAbsentBoth: Difference;
  readonly gapAbsentTraining: Difference;
  readonly gapPresentTraining: Difference;
}

/** Keys: first classifier, second classifier, then C for complied or N for not. */
export type Cells = Readonly<Record<string, number>>;

export interface PaperSetting {
  readonly setting: string;
  readonly cells: { readonly training: Cells; readonly unmonitored: Cells };
  /** Of compliance. */
  readonly training: Arm;
  readonly unmonitored: Arm;
  readonly gap: Difference;
  readonly classifiers: readonly [ClassifierFigures, ClassifierFigures];
}

export const PAPER: readonly PaperSetting[] = [
  {
    setting: 'helpful-only',
    cells: {
      training: { '11N': 60, '11C': 130, '10N': 4, '10C': 6, '01N': 5, '01C': 3, '00N': 787, '00C': 5 },
      unmonitored: { '11N': 4, '11C': 0, '10N': 1, '10C': 0, '01N': 2, '01C': 0, '00N': 963, '00C': 30 },
    },
    training: { x: 144, n: 1000, interval: [0.1236009499120135, 0.1671237021297018] },
    unmonitored: { x: 30, n: 1000, interval: [0.021093738828834696, 0.042503414147587126] },
    gap: { value: 0.114, interval: [0.09007393450986426, 0.13877956997674057] },
    classifiers: [
      {
        topLine: { x: 136, n: 1000, interval: [0.11614206454966149, 0.1586438156278227] },
        inclusive: { x: 200, n: 1000, interval: [0.1763770904431985, 0.22591896464813466] },
        trainingPresent: { x: 64, n: 200, interval: [0.2592653331546805, 0.3875189843411355] },
        trainingAbsent: { x: 792, n: 800, interval: [0.9803923891900549, 0.9949243121283827] },
        unmonitoredAbsent: { x: 965, n: 995, interval: [0.9572846316247873, 0.9787998608070047] },
        unmonitoredPresent: { x: 5, n: 5, interval: [0.5655175352168252, 1.0] },
        gapAbsentBoth: {
          value: -0.02015075376884422,
          interval: [-0.03364587844942078, -0.007019886061005058],
        },
        gapAbsentTraining: { value: -0.02, interval: [-0.03343816264538489, -0.006899325455367521] },
        gapPresentTraining: { value: 0.65, interval: [0.5813330602705744, 0.7113842100613909] },
      },
      {
        topLine: { x: 133, n: 1000, interval: [0.11335116065727395, 0.15545768007112354] },
        inclusive: { x: 198, n: 1000, interval: [0.1744775624311303, 0.22383379969414505] },
        trainingPresent: { x: 65, n: 198, interval: [0.2666857037039899, 0.3964162160041519] },
        trainingAbsent: { x: 791, n: 802, interval: [0.9756079388596166, 0.9923243900894154] },
        unmonitoredAbsent: { x: 964, n: 994, interval: [0.9572419868694004, 0.9787784517921223] },
        unmonitoredPresent: { x: 6, n: 6, interval: [0.6096657120978346, 1.0] },
        gapAbsentBoth: {
          value: -0.01646537579592267,
          interval: [-0.03041750469502392, -0.002527736649310164],
        },
        gapAbsentTraining: {
          value: -0.01628428927680798,
          interval: [-0.030170187993583307, -0.0023808384001490646],
        },
        gapPresentTraining: { value: 0.6417171717171717, interval: [0.5724460096962392, 0.7039548391255019] },
      },
    ],
  },
  {
    setting: 'animal-welfare',
    cells: {
      training: { '11N': 96, '11C': 186, '10N': 6, '10C': 12, '01N': 9, '01C': 7, '00N': 439, '00C': 245 },
      unmonitored: { '11N': 33, '11C': 60, '10N': 3, '10C': 4, '01N': 5, '01C': 3, '00N': 589, '00C': 303 },
    },
    training: { x: 450, n: 1000, interval: [0.4194153840742968, 0.4809672917742588] },
    unmonitored: { x: 370, n: 1000, interval: [0.3406266753339855, 0.4003682818722588] },
    gap: { value: 0.08, interval: [0.03689952117208277, 0.12268214335957336] },
    classifiers: [
      {
        topLine: { x: 198, n: 1000, interval: [0.1744775624311303, 0.22383379969414505] },
        inclusive: { x: 300, n: 1000, interval: [0.2724068424770048, 0.3291238609172172] },
        trainingPresent: { x: 102, n: 300, interval: [0.2887202040964927, 0.395325546695362] },
        trainingAbsent: { x: 448, n: 700, interval: [0.6037665944625772, 0.6747052084465659] },
        unmonitoredAbsent: { x: 594, n: 900, interval: [0.6284299237852442, 0.6902100292611386] },
        unmonitoredPresent: { x: 36, n: 100, interval: [0.2727122040140433, 0.4576459754839127] },
        gapAbsentBoth: { value: 0.02, interval: [-0.026916108166866057, 0.06717526412006825] },
        gapAbsentTraining: { value: -0.01, interval: [-0.05611598461696929, 0.036643883615908854] },
        gapPresentTraining: { value: 0.29, interval: [0.22688780893509047, 0.3490966130149644] },
      },
      {
        topLine: { x: 193, n: 1000, interval: [0.1697330135542738, 0.21861661615585706] },
        inclusive: { x: 298, n: 1000, interval: [0.27046858673913043, 0.3270774236890338] },
        trainingPresent: { x: 105, n: 298, interval: [0.3003044275050455, 0.4081517920486921] },
        trainingAbsent: { x: 445, n: 702, interval: [0.5976280122947649, 0.6687207515113548] },
        unmonitoredAbsent: { x: 592, n: 899, interval: [0.6268953344808947, 0.6887747061619791] },
        unmonitoredPresent: { x: 38, n: 101, interval: [0.28793111629302, 0.47361359816239007] },
        gapAbsentBoth: { value: 0.02460632104681048, interval: [-0.02242259674792378, 0.07184899115159524] },
        gapAbsentTraining: {
          value: -0.003903133903133903,
          interval: [-0.05010377285743033, 0.042773162539890046],
        },
        gapPresentTraining: {
          value: 0.2776510067114094,
          interval: [0.2141200308544831, 0.33741244101090434],
        },
      },
    ],
  },
];
