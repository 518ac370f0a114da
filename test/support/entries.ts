/** Review entries for tests: one with given parts, ids in order, and any valid entry as an arbitrary. */
import fc from 'fast-check';
import type { Entry } from '../../src/core/review/entry';
import { sameEntry } from '../../src/core/review/entrySet';
import type { Delta, Edit, ReviewLog } from '../../src/core/review/log';
import { ANSWERS } from '../../src/core/review/state';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The n-th of a rising series of ULIDs. */
export function idAt(n: number): string {
  let digits = '';
  for (let rest = n; rest > 0; rest = Math.floor(rest / 32)) digits = CROCKFORD[rest % 32] + digits;
  return digits.padStart(26, '0');
}

export function risingIds(first = 1): () => string {
  let n = first;
  return () => idAt(n++);
}

type Decided =
  | Pick<Extract<Entry, { action: 'label' }>, 'action' | 'target' | 'value'>
  | Pick<Extract<Entry, { action: 'confirm' | 'reject' | 'clear' }>, 'action' | 'target' | 'value'>
  | Pick<Extract<Entry, { action: 'relabel' }>, 'action' | 'target' | 'value'>
  | Pick<Extract<Entry, { action: 'rebound' }>, 'action' | 'target' | 'value'>
  | Pick<Extract<Entry, { action: 'add' }>, 'action' | 'target' | 'value'>
  | Pick<Extract<Entry, { action: 'note' }>, 'action' | 'target' | 'value' | 'note'>
  | Pick<Extract<Entry, { action: 'retract' }>, 'action' | 'target' | 'value'>;

/** An entry by ana on transcript t1, unless `parts` say otherwise. */
export function entryOf(
  id: string,
  decided: Decided,
  parts: { reviewer?: string; transcript?: string; hash?: string; at?: string } = {},
): Entry {
  return {
    v: 1,
    id,
    at: '2025-03-04T05:06:07.089Z',
    reviewer: 'ana@example.org',
    transcript: 't1',
    hash: 'h1',
    saw: {},
    blind: false,
    draw: null,
    note: null,
    ...parts,
    ...decided,
  } as Entry;
}

export const answer = (label: string, value: 'yes' | 'no' | 'unsure' | null): Decided => ({
  action: 'label',
  target: { label },
  value,
});

/** Text that breaks naive codecs: any code unit, so lone surrogates too, and every kind of line break. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.oneof(
        fc.integer({ min: 0, max: 0xffff }),
        fc.constantFrom(0x0a, 0x0d, 0x85, 0x2028, 0xd83d, 0xfeff),
      ),
    )
    .map((units) => String.fromCharCode(...units)),
);

// A key "__proto__" is not a name that any classifier has, and zod leaves it out of records.
const key = anyText.filter((text) => text !== '__proto__');
const offset = fc.nat({ max: 1_000_000 });

const range = fc
  .record({ message: offset, start: offset, length: offset, quote: anyText })
  .map(({ message, start, length, quote }) => ({
    message,
    start,
    end: start + length,
    unit: 'utf16' as const,
    quote,
  }));

const anyId = fc
  .tuple(
    fc.constantFrom(...'01234567'),
    fc.array(fc.constantFrom(...CROCKFORD), { minLength: 25, maxLength: 25 }),
  )
  .map(([first, rest]) => first + rest.join(''));

const onSpan = fc.record({ span: anyText });
const none = fc.constant(null);

export const anyDecided: fc.Arbitrary<Decided> = fc.oneof(
  fc.record({
    action: fc.constant('label' as const),
    target: fc.record({ label: anyText }),
    value: fc.constantFrom(...ANSWERS, null),
  }),
  fc.record({
    action: fc.constantFrom('confirm' as const, 'reject' as const, 'clear' as const),
    target: onSpan,
    value: none,
  }) as fc.Arbitrary<Decided>,
  fc.record({
    action: fc.constant('relabel' as const),
    target: onSpan,
    value: fc.record({ label: anyText }),
  }),
  fc.record({ action: fc.constant('rebound' as const), target: onSpan, value: range }),
  fc.record({
    action: fc.constant('add' as const),
    target: onSpan, // its own, see anyEntry
    value: fc
      .tuple(range, fc.record({ label: anyText, prefix: anyText, suffix: anyText }))
      .map(([place, rest]) => ({ ...place, ...rest })),
  }),
  fc.record({
    action: fc.constant('note' as const),
    target: fc.constant({ note: true as const }),
    value: none,
    note: anyText,
  }),
  fc.record({ action: fc.constant('retract' as const), target: fc.record({ entry: anyId }), value: none }),
);

/** Any valid entry, with keys of a later version now and then. */
export const anyEntry: fc.Arbitrary<Entry> = fc
  .record({
    id: anyId,
    at: fc
      .date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString()),
    reviewer: anyText.filter((name) => name !== ''),
    transcript: anyText,
    hash: anyText,
    saw: fc.dictionary(key, fc.constantFrom(true, false, null), { noNullPrototype: true }),
    blind: fc.boolean(),
    draw: fc.option(
      fc.record({
        design: anyText,
        stratum: anyText,
        seed: fc.integer(),
        rank: fc.nat(),
        probability: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    ),
    note: fc.option(anyText),
    decided: anyDecided,
    extra: fc.constantFrom({}, { duration: 12.5 }, { ui: { theme: 'dark', keys: ['y'] } }),
  })
  .map(({ decided, extra, ...rest }) => {
    const own = decided.action === 'add' ? { target: { span: rest.id } } : {};
    return { v: 1, ...rest, ...extra, ...decided, ...own } as Entry;
  });

/** Tells a log what is on disk now, whatever was there before. */
export function diskOf(log: ReviewLog): (now: readonly Entry[]) => readonly Delta[] {
  let before: readonly Entry[] = [];
  return (now) => {
    const change = {
      added: now.filter((entry) => !before.some((other) => sameEntry(other, entry))),
      removed: before.filter((entry) => !now.some((other) => sameEntry(other, entry))),
    };
    before = now;
    return log.changeSaved(change);
  };
}

/** Undoes an edit that is done, else redoes it. @throws where neither can be done */
export function flip(log: ReviewLog, edit: Edit): Delta {
  const delta = log.undo(edit) ?? log.redo(edit);
  if (delta === null) throw new Error('the edit can be neither undone nor redone');
  return delta;
}
