import { useEffect, useRef, useState } from 'preact/hooks';

/** How the host is told what stands in a field. */
interface Telling<T> {
  readonly send: (draft: T) => void;
  /** Whether it comes to the same for the host: it is not told again. */
  readonly isSame: (a: T, b: T) => boolean;
}

/**
 * What stands in a field: sent on after a pause, while the host's own changes are followed.
 * @param held as the host has it
 */
export function useDraft<T>(
  held: T,
  { send, isSame }: Telling<T>,
): readonly [T, (draft: T, pauseMs: number) => void] {
  const [draft, setDraft] = useState(held);
  const seen = useRef(held);
  /** Sent and not yet heard back. */
  const pending = useRef<readonly T[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  if (!isSame(held, seen.current)) {
    seen.current = held;
    const echo = pending.current.findIndex((sent) => isSame(sent, held));
    pending.current = pending.current.slice(echo + 1);
    // changed by other means, e.g. the command that clears it; an echo must not undo what was typed since
    if (echo === -1) {
      clearTimeout(timer.current);
      setDraft(held);
    }
  }
  useEffect(() => () => clearTimeout(timer.current), []);
  const change = (next: T, pauseMs: number) => {
    setDraft(next);
    clearTimeout(timer.current);
    if (isSame(next, pending.current.at(-1) ?? seen.current)) return;
    timer.current = setTimeout(() => {
      pending.current = [...pending.current, next];
      send(next);
    }, pauseMs);
  };
  return [draft, change];
}
