import type * as z from 'zod';
import { shown } from './format';
import { type Profile, profileSchema } from './profile';

/** Something wrong with a profile: where, as a path such as `verdicts[0].at`, and what, in words. */
export interface ProfileIssue {
  readonly path: string;
  readonly message: string;
}

export type ProfileCheck =
  | { readonly ok: true; readonly profile: Profile }
  | { readonly ok: false; readonly issues: readonly ProfileIssue[] };

/** Checks what a user wrote, or what stands in a file, against the rules for profiles. */
export function checkProfile(value: unknown): ProfileCheck {
  const parsed = profileSchema.safeParse(value, { reportInput: true });
  if (parsed.success) return { ok: true, profile: parsed.data };
  return { ok: false, issues: parsed.error.issues.flatMap((issue) => inWords(issue, [])) };
}

type Issue = z.core.$ZodIssue;

function inWords(issue: Issue, before: readonly PropertyKey[]): ProfileIssue[] {
  const path = [...before, ...issue.path];
  if (issue.code === 'invalid_union') {
    const branch = closest(issue.errors);
    if (branch !== null) return branch.flatMap((inner) => inWords(inner, path));
  }
  return [{ path: pathInWords(path), message: messageOf(issue) }];
}

/** The alternative that the value was meant to be: the one in which least is wrong with its kind, then with its parts. */
function closest(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const weight = (issues: readonly Issue[]) =>
    issues.reduce(
      (sum, { code, path }) =>
        sum + (code === 'unrecognized_keys' || (code === 'invalid_type' && path.length === 0) ? 100 : 1),
      0,
    );
  const [first] = [...branches].sort((a, b) => weight(a) - weight(b));
  return first === undefined || first.length === 0 ? null : first;
}

function messageOf(issue: Issue): string {
  if (issue.code === 'unrecognized_keys') return `unknown: ${issue.keys.map((key) => shown(key)).join(', ')}`;
  if (issue.code === 'custom' || issue.code === 'too_small' || issue.code === 'too_big') return issue.message;
  const message = issue.message.replace(/^Invalid (?:input|option): /, '').replace(/, received .*$/, '');
  return `${message}, found ${shown(issue.input)}`;
}

function pathInWords(path: readonly PropertyKey[]): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return text.replace(/^\./, '') || 'profile';
}
