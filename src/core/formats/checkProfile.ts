import type * as z from 'zod';
import { pathInWords, shown } from './format';
import { patternProblems } from './pattern';
import { type Profile, profileSchema } from './profile';

/** Something wrong with a profile: where, as a path such as `verdicts[0].at`, and what, in words. */
export interface ProfileIssue {
  readonly path: string;
  readonly message: string;
}

export type ProfileCheck =
  | { readonly ok: true; readonly profile: Profile }
  | { readonly ok: false; readonly issues: readonly ProfileIssue[] };

/** Of a file that is no profile at all everything is wrong. */
const MAX_ISSUES = 100;
const MAX_NAMED_KEYS = 10;

/** Far more than a thousand rules have. Each costs the schema some microseconds, and memory where it is wrong. */
const MAX_VALUES = 50_000;

/** Checks what a user wrote, or what stands in a file, against the rules for profiles: first their form, then patterns. */
export async function checkProfile(value: unknown): Promise<ProfileCheck> {
  if (hasMore(value, MAX_VALUES)) {
    const message = `more than ${MAX_VALUES.toLocaleString('en')} values, more than any profile has`;
    return { ok: false, issues: [{ path: pathInWords([]), message }] };
  }
  const parsed = profileSchema.safeParse(value, { reportInput: true });
  if (!parsed.success) {
    const issues = parsed.error.issues.slice(0, MAX_ISSUES).flatMap((issue) => inWords(issue, []));
    return { ok: false, issues: issues.slice(0, MAX_ISSUES) };
  }
  const problems = await patternProblems(parsed.data);
  return problems.length === 0
    ? { ok: true, profile: parsed.data }
    : { ok: false, issues: problems.map(({ path, reason }) => ({ path, message: reason })) };
}

function hasMore(value: unknown, most: number): boolean {
  const open = [value];
  for (let seen = 0; open.length > 0; seen++) {
    if (seen === most) return true;
    const part = open.pop();
    if (typeof part === 'object' && part !== null) for (const each of Object.values(part)) open.push(each);
  }
  return false;
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
  if (issue.code === 'unrecognized_keys') {
    const named = issue.keys.slice(0, MAX_NAMED_KEYS).map((key) => shown(key));
    return `unknown: ${named.join(', ')}${issue.keys.length > named.length ? ' …' : ''}`;
  }
  if (issue.code === 'custom') return issue.message;
  const message = issue.message.replace(/^Invalid (?:input|option): /, '').split(', received ', 1)[0];
  return `${message}, found ${shown(issue.input)}`;
}
