/** Under whose name decisions on a dataset are made: what is configured, against what was used there last. */
import { reviewerKey } from '../core/review/reviewerKey';
import { reviewerNameProblem } from '../core/review/reviewerName';

export interface Reviewer {
  readonly name: string;
  /** `asked`: chosen for this dataset, in place of what is configured. */
  readonly from: 'setting' | 'git' | 'asked';
}

/** What is remembered of a dataset from the last decision on it. */
export interface LastReviewer {
  readonly name: string;
  /** The configured name that was turned down for it; null when none was. */
  readonly insteadOf: string | null;
}

export type ReviewerChoice =
  | { readonly kind: 'known'; readonly reviewer: Reviewer }
  /** Nobody is configured. `last` decided here last; null when nobody has. */
  | { readonly kind: 'unknown'; readonly last: string | null }
  /** The configured name cannot be used. */
  | { readonly kind: 'refused'; readonly reviewer: Reviewer; readonly problem: string }
  /** Somebody else than last time is configured: nothing is decided before the user says who it is. */
  | { readonly kind: 'differs'; readonly reviewer: Reviewer; readonly last: string };

/** @param configured by the setting, else by git; null when neither names anybody. */
export function chooseReviewer(configured: Reviewer | null, last: LastReviewer | null): ReviewerChoice {
  if (configured === null) return { kind: 'unknown', last: last?.name ?? null };
  if (last !== null && last.insteadOf !== null && isSame(configured.name, last.insteadOf)) {
    return { kind: 'known', reviewer: { name: last.name, from: 'asked' } };
  }
  const problem = reviewerNameProblem(configured.name);
  if (problem !== null) return { kind: 'refused', reviewer: configured, problem };
  if (last === null || isSame(configured.name, last.name)) return { kind: 'known', reviewer: configured };
  return { kind: 'differs', reviewer: configured, last: last.name };
}

/** What to remember when the user says to be `name` where `configured` stands. */
export function rememberedAs(name: string, configured: Reviewer | null): LastReviewer {
  const turnedDown = configured !== null && !isSame(name, configured.name);
  return { name, insteadOf: turnedDown ? configured.name : null };
}

/** Where a name comes from, in words. */
export function originOf({ from }: Reviewer): string {
  if (from === 'setting') return 'the setting transcriptReview.reviewer';
  return from === 'git' ? "git's user.email" : 'your choice for this dataset';
}

/** Under whose name the next decision is made and why, in a sentence. */
export function describeChoice(choice: ReviewerChoice): string {
  switch (choice.kind) {
    case 'known':
      return `You decide as ${choice.reviewer.name} (${originOf(choice.reviewer)}).`;
    case 'unknown':
      return choice.last === null
        ? 'Nobody is named as the reviewer yet.'
        : `You decided as ${choice.last} here last time; nobody is named as the reviewer now.`;
    case 'refused':
      return `The reviewer's name from ${originOf(choice.reviewer)} cannot be used. ${choice.problem}`;
    case 'differs':
      return `You decided as ${choice.last} here last time; ${originOf(choice.reviewer)} now says ${choice.reviewer.name}.`;
  }
}

/** The same for the status bar. */
export function shortChoice(choice: ReviewerChoice): string {
  if (choice.kind === 'known') return choice.reviewer.name;
  return choice.kind === 'differs' ? `${choice.last} or ${choice.reviewer.name}?` : 'Reviewer?';
}

function isSame(a: string, b: string): boolean {
  return reviewerKey(a) === reviewerKey(b);
}
