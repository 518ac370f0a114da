/** The lists under one key that are not read. */
interface PassedLists {
  /** The first of them came before the records. */
  readonly isBefore: boolean;
  entries: number;
}

/**
 * The lists of a JSON document that may hold its records. They are taken from the first that holds any; what stands in
 * the others is counted as its bytes go by, so that nothing is left out without a word.
 */
export class DocumentLists {
  private taken: string | null = null;
  private readonly passed = new Map<string, PassedLists>();
  private passing: PassedLists | null = null;

  /** Entries go by that are not read. */
  get isPassing(): boolean {
    return this.passing !== null;
  }

  /** The list under this key begins, and its entries are the records. */
  take(key: string): void {
    this.taken = key;
  }

  /** The list that was taken has ended without an entry, so that the next one is taken. */
  tookNone(): void {
    if (this.taken !== null) this.under(this.taken, true);
    this.taken = null;
  }

  /** The list under this key begins, which is not read. */
  pass(key: string): void {
    this.passing = this.under(key, false);
  }

  passEntry(): void {
    if (this.passing) this.passing.entries++;
  }

  endPassed(): void {
    this.passing = null;
  }

  /** In the list that goes by, the last entry begins a record all the same. */
  takeBack(): void {
    if (this.passing && this.passing.entries > 0) this.passing.entries--;
    this.passing = null;
  }

  /** What is not read, in words, once all bytes have gone by. */
  warnings(): readonly string[] {
    const { taken } = this;
    return taken === null ? [] : [...this.passed].flatMap(([key, lists]) => inWords(key, lists, taken));
  }

  private under(key: string, isBefore: boolean): PassedLists {
    const lists = this.passed.get(key) ?? { isBefore, entries: 0 };
    this.passed.set(key, lists);
    return lists;
  }
}

function inWords(key: string, { isBefore, entries }: PassedLists, taken: string): readonly string[] {
  const counted = entries === 1 ? '1 entry' : `${entries} entries`;
  if (key === taken) {
    const left = entries > 0 ? `, and ${counted} of the others are not read` : '';
    return [`the list "${key}" occurs more than once; the first that holds records counts${left}`];
  }
  if (entries > 0) return [`the list "${key}" is not read (${counted}): records are taken from "${taken}"`];
  // an empty one behind the records hides nothing, and no reader would have taken it
  return isBefore ? [`the list "${key}" holds no record: records are taken from "${taken}"`] : [];
}
