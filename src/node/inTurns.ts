/** Enough to keep a disk busy; thousands at once are no faster, and cost memory and file handles. */
const AT_ONCE = 64;

/** `Promise.all` over a list of any length: a few at a time, with the results in the list's order. */
export async function inTurns<T, R>(items: readonly T[], each: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    for (const result of await Promise.all(items.slice(from, from + AT_ONCE).map(each))) results.push(result);
  }
  return results;
}
