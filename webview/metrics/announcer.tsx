/** Says to a screen reader how the gap has moved, once it has come to rest. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { readGap } from './readings';
import { type MetricsOptions, type RowSet, rowName } from './rows';

const REST_MS = 800;

export function Announcer({ set, options }: { readonly set: RowSet; readonly options: MetricsOptions }) {
  const [words, setWords] = useState('');
  const last = useRef<{ readonly subject: string; readonly gap: string } | null>(null);
  const gap = readGap(set.row).value;
  const subject = JSON.stringify([set.key, options]);
  const name = rowName(set.row);
  useEffect(() => {
    const timer = setTimeout(() => {
      const before = last.current;
      last.current = { subject, gap };
      if (before === null || (before.subject === subject && before.gap === gap)) return;
      setWords(
        before.subject === subject
          ? `Gap ${inWords(gap)}, was ${inWords(before.gap)}`
          : `${name}, ${options.labels} labels: gap ${inWords(gap)}`,
      );
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [subject, gap, name, options.labels]);
  return (
    <div class="hidden" aria-live="polite">
      {words}
    </div>
  );
}

function inWords(gap: string): string {
  return gap.replace(/ pp$/, ' percentage points');
}
