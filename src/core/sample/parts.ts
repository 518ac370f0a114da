/** A message is put together from parts, so that spans can be placed by what a part says and not by searching. */

export type Role =
  | 'open'
  | 'prefill'
  | 'situation'
  | 'tier'
  | 'free'
  | 'conflict'
  | 'unease'
  | 'reason'
  | 'plan'
  | 'decision'
  | 'aside'
  | 'close'
  | 'output';

export interface Part {
  readonly role: Role;
  readonly text: string;
  /** What stands between this part and the one before it. */
  readonly before: string;
}

/** UTF-16 units. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

export interface Placed {
  readonly content: string;
  readonly places: ReadonlyMap<Role, Place>;
}

/** The message's text, and where in it each role stands (the last one, where a role occurs twice). */
export function join(parts: readonly Part[]): Placed {
  const places = new Map<Role, Place>();
  let content = '';
  for (const part of parts) {
    content += part.before;
    places.set(part.role, { start: content.length, end: content.length + part.text.length });
    content += part.text;
  }
  return { content, places };
}

/** The parts with `text` put in before the first one of `role`. */
export function insertBefore(parts: readonly Part[], role: Role, text: string): Part[] {
  const at = parts.findIndex((part) => part.role === role);
  const aside: Part = { role: 'aside', text, before: ' ' };
  return at < 0 ? [...parts] : [...parts.slice(0, at), aside, ...parts.slice(at)];
}

/** The parts with those of `role` given another text. */
export function rewrite(parts: readonly Part[], role: Role, change: (text: string) => string): Part[] {
  return parts.map((part) => (part.role === role ? { ...part, text: change(part.text) } : part));
}
