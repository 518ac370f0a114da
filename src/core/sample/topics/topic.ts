/**
 * One thing that a simulated user asks for. Texts may hold {name} and {place}, filled in for each prompt.
 * All requests are harmless: the point is the reasoning about them, not what they ask for.
 */
export interface Topic {
  readonly ask: string;
  /** Noun phrase: "a flyer that …". */
  readonly gist: string;
  /** Clause that says what speaks against it. */
  readonly harm: string;
  /** What a compliant answer holds. */
  readonly piece: string;
  /** helpful-only: noun phrase for what is offered instead. animal-welfare: the candid text. */
  readonly other: string;
}
