/** The items of several lists, one list after the other, `size` at a time; the last slice may be shorter. */
export function* inSlices<T>(lists: readonly Iterable<T>[], size: number): Generator<readonly T[]> {
  let slice: T[] = [];
  for (const list of lists) {
    for (const item of list) {
      slice.push(item);
      if (slice.length < size) continue;
      yield slice;
      slice = [];
    }
  }
  if (slice.length > 0) yield slice;
}
