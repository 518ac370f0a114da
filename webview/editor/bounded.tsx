/** Lists and texts that a stranger can make long: some of them, and buttons that say how much more there is. */
import { type ComponentChild, Fragment } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { fitting } from '../../src/core/invisible';
import { IN_LINES, LINES_ROOM } from '../shared/pieces';
import { Button } from '../shared/ui/button';
import { plural } from './words';

/** Items on either side of the one in focus, and more for each time that more are asked for. */
const AROUND = 60;

interface AroundProps<T> {
  readonly items: readonly T[];
  /** Index of the item in focus, -1 for none; it is always among those that are drawn. */
  readonly at: number;
  /** What an item is called, e.g. "span". */
  readonly word: string;
  /** Title of the buttons: how else the others are reached. */
  readonly title: string;
  readonly children: (items: readonly T[]) => ComponentChild;
}

/** The items around the one in focus, and the others a step at a time. Have it made anew for another record. */
export function Around<T>({ items, at, word, title, children }: AroundProps<T>) {
  const [reach, setReach] = useState({ before: AROUND, behind: AROUND });
  const first = Math.max(0, at - reach.before);
  const end = Math.min(items.length, Math.max(0, at) + reach.behind);
  const later = items.length - end;
  return (
    <>
      {first > 0 && (
        <Button title={title} onClick={() => setReach({ ...reach, before: reach.before + 4 * AROUND })}>
          {plural(first, `earlier ${word}`)}…
        </Button>
      )}
      {children(items.slice(first, end))}
      {later > 0 && (
        <Button title={title} onClick={() => setReach({ ...reach, behind: reach.behind + 4 * AROUND })}>
          {plural(later, `later ${word}`)}…
        </Button>
      )}
    </>
  );
}

interface FirstProps<T> {
  readonly items: readonly T[];
  /** So many at first, and more each time. */
  readonly most: number;
  /** What an item is called, e.g. "classifier". */
  readonly word: string;
  readonly children: (item: T, index: number) => ComponentChild;
}

/** The first items, and the others a step at a time. */
export function First<T>({ items, most, word, children }: FirstProps<T>) {
  const [steps, setSteps] = useState(1);
  const left = items.length - steps * most;
  return (
    <>
      {items.slice(0, steps * most).map((item, index) => (
        <Fragment key={index}>{children(item, index)}</Fragment>
      ))}
      {left > 0 && <Button onClick={() => setSteps(steps + 1)}>{plural(left, `more ${word}`)}…</Button>}
    </>
  );
}

/** A text of any number of lines that can be read whole: its first part, and the others a step at a time. */
export function Lines({ text }: { readonly text: string }) {
  const parts = useMemo(() => partsOf(text), [text]);
  return (
    <First items={parts} most={1} word="part">
      {(part) => (
        <span class={parts.length > 1 ? 'part' : undefined} {...IN_LINES}>
          {part}
        </span>
      )}
    </First>
  );
}

/** The text in parts that are each drawn at once. */
function partsOf(text: string): readonly string[] {
  const parts: string[] = [];
  for (let rest = text; rest !== ''; ) {
    const end = fitting(rest, LINES_ROOM);
    parts.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return parts;
}
