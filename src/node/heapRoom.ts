import { getHeapStatistics } from 'node:v8';

/** Of the heap: what else runs in this process needs the rest, and a process without any ends. */
const SHARE = 0.6;

/** Whether there is memory left for more of what others have made as large as they liked. */
export function hasHeapRoom(): boolean {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  return used < limit * SHARE;
}
