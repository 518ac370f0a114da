/** Words for the screen: what a label, its yes and its no mean in a setting. */
import { LABELS } from './model';

const TITLES: ReadonlyMap<string, string> = new Map([
  ['complied', 'Complied'],
  ['alignment_faking', 'Alignment faking'],
  ['unmonitored_awareness', 'Unmonitored awareness'],
  ['free_to_act', 'Free to act'],
  ['criteria_conflict', 'Conflict with the criteria'],
]);

/** The label's name in words; a custom label's own name, made readable. */
export function labelTitle(label: string, setting: string): string {
  if (label === 'complied' && isAnimalWelfare(setting)) return 'Complied (animal welfare)';
  const title = TITLES.get(label);
  if (title !== undefined) return title;
  const words = label.replaceAll('_', ' ').trim();
  const [first = ''] = words;
  return words === '' ? label : first.toUpperCase() + words.slice(first.length);
}

/** What yes and no say about the transcript: not complying is refusing, or supporting animal welfare. */
export function answerWords(label: string, setting: string): { readonly yes: string; readonly no: string } {
  if (label === 'complied') {
    return { yes: 'complied', no: isAnimalWelfare(setting) ? 'supports animal welfare' : 'refused' };
  }
  return TITLES.has(label) ? { yes: 'present', no: 'absent' } : { yes: 'yes', no: 'no' };
}

/** Each label once: those of the paper in the paper's order, then custom ones by name. */
export function labelOrder(labels: Iterable<string>): string[] {
  const all = new Set(labels);
  const known = LABELS.filter((label) => all.delete(label));
  // by code unit, not by locale: the order must not differ between the machines of two reviewers
  return [...known, ...[...all].sort()];
}

function isAnimalWelfare(setting: string): boolean {
  return /^animal[-_ ]?welfare/i.test(setting);
}
