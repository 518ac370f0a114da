import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/core/review/fold';
import { answer, anyDecided, entryOf, idAt } from '../../support/entries';

const BEN = { reviewer: 'ben@example.org' };
const place = { message: 1, start: 4, end: 9, unit: 'utf16', quote: 'clear' } as const;
const added = { ...place, label: 'free_to_act', prefix: '', suffix: '' };
const retract = (n: number) => ({ action: 'retract', target: { entry: idAt(n) }, value: null }) as const;
const onSpan = (action: 'confirm' | 'reject' | 'clear', span = 's1') =>
  ({ action, target: { span }, value: null }) as const;
const note = (text: string) => ({ action: 'note', target: { note: true }, value: null, note: text }) as const;

describe('fold', () => {
  it('lets the newest answer of each reviewer on each label stand', () => {
    const { labels } = fold(
      [
        entryOf(idAt(1), answer('complied', 'yes')),
        entryOf(idAt(2), answer('complied', 'unsure'), BEN),
        entryOf(idAt(3), answer('complied', 'no')),
        entryOf(idAt(4), answer('free_to_act', 'yes')),
      ],
      undefined,
    );
    const answers = (label: string) => labels.get(label)?.map(({ reviewer, answer }) => [reviewer, answer]);
    expect(answers('complied')).toEqual([
      ['ben@example.org', 'unsure'],
      ['ana@example.org', 'no'],
    ]);
    expect(answers('free_to_act')).toEqual([['ana@example.org', 'yes']]);
  });

  it('gives each kind of decision on a span with what it says', () => {
    const by = { reviewer: 'ana@example.org', at: '2025-03-04T05:06:07.089Z', stale: false };
    const range = { message: 1, start: 4, end: 9, quote: 'clear' };
    const { spans } = fold(
      [
        entryOf(idAt(1), onSpan('confirm', 'a')),
        entryOf(idAt(2), onSpan('reject', 'b')),
        entryOf(idAt(3), { action: 'relabel', target: { span: 'c' }, value: { label: 'free_to_act' } }),
        entryOf(idAt(4), { action: 'rebound', target: { span: 'd' }, value: place }),
        entryOf(idAt(5), { action: 'add', target: { span: 'e' }, value: added }),
      ],
      'h1',
    );
    expect(Object.fromEntries(spans)).toEqual({
      a: [{ ...by, entry: idAt(1), action: 'confirm', label: null, range: null }],
      b: [{ ...by, entry: idAt(2), action: 'reject', label: null, range: null }],
      c: [{ ...by, entry: idAt(3), action: 'relabel', label: 'free_to_act', range: null }],
      d: [{ ...by, entry: idAt(4), action: 'rebound', label: null, range }],
      e: [{ ...by, entry: idAt(5), action: 'add', label: 'free_to_act', range }],
    });
  });

  it('clears by null, by "clear" and by an empty note, for the one who says so only', () => {
    const set = [
      entryOf(idAt(1), answer('complied', 'yes')),
      entryOf(idAt(2), onSpan('confirm')),
      entryOf(idAt(3), note('odd')),
    ];
    const clear = (parts: { reviewer?: string }) => [
      entryOf(idAt(4), answer('complied', null), parts),
      entryOf(idAt(5), onSpan('clear'), parts),
      entryOf(idAt(6), note(''), parts),
    ];
    const empty = { labels: new Map(), spans: new Map(), notes: [] };
    expect(fold([...set, ...clear({})], undefined)).toEqual(empty);
    expect(fold([...set, ...clear(BEN)], undefined)).toEqual(fold(set, undefined));
    expect(fold(set, undefined)).not.toEqual(empty);
  });

  it('keeps an added span whatever its author or another says of it later', () => {
    const add = entryOf(idAt(1), { action: 'add', target: { span: 's1' }, value: added });
    const actions = (...more: Parameters<typeof fold>[0][]) =>
      fold([add, ...more.flatMap((each) => [...each])], undefined)
        .spans.get('s1')
        ?.map(({ reviewer, action }) => `${reviewer.slice(0, 3)} ${action}`);
    expect(actions([entryOf(idAt(2), onSpan('reject'), BEN)])).toEqual(['ana add', 'ben reject']);
    expect(actions([entryOf(idAt(2), onSpan('confirm'))])).toEqual(['ana add', 'ana confirm']);
    expect(actions([entryOf(idAt(2), onSpan('confirm'))], [entryOf(idAt(3), onSpan('clear'))])).toEqual([
      'ana add',
    ]);
  });

  it('follows a chain of retractions', () => {
    const first = entryOf(idAt(1), answer('complied', 'yes'));
    const second = entryOf(idAt(2), answer('complied', 'no'));
    const undone = entryOf(idAt(3), retract(2));
    const redone = entryOf(idAt(4), retract(3));
    const undoneAgain = entryOf(idAt(5), retract(4));
    const stands = (...entries: Parameters<typeof fold>[0][]) =>
      fold(
        entries.flatMap((each) => [...each]),
        undefined,
      ).labels.get('complied')?.[0]?.answer;
    expect(stands([first, second])).toBe('no');
    expect(stands([first, second, undone])).toBe('yes');
    expect(stands([first, second, undone, redone])).toBe('no');
    expect(stands([first, second, undone, redone, undoneAgain])).toBe('yes');
  });

  it('hears no retraction of what another reviewer decided', () => {
    const entry = entryOf(idAt(1), answer('complied', 'yes'));
    expect(fold([entry, entryOf(idAt(2), retract(1), BEN)], undefined)).toEqual(fold([entry], undefined));
  });

  it('marks as stale what was decided on another text, once the present text is known', () => {
    const entries = [
      entryOf(idAt(1), answer('complied', 'yes'), { hash: 'old' }),
      entryOf(idAt(2), answer('complied', 'no'), { ...BEN, hash: 'new' }),
      entryOf(idAt(3), onSpan('confirm'), { hash: 'old' }),
      entryOf(idAt(4), note('odd'), { hash: 'old' }),
    ];
    const flags = (hash: string | undefined) => {
      const { labels, spans, notes } = fold(entries, hash);
      return [...(labels.get('complied') ?? []), ...(spans.get('s1') ?? []), ...notes].map((d) => d.stale);
    };
    expect(flags('new')).toEqual([true, false, true, true]);
    expect(flags(undefined)).toEqual([false, false, false, false]);
  });

  it('depends on no order, of the lines or in the result', () => {
    // Few names, so that slots collide; retractions aim at entries that exist.
    const decided = fc.oneof(
      { weight: 2, arbitrary: anyDecided },
      fc.constantFrom('yes' as const, 'no' as const, null).map((value) => answer('complied', value)),
      fc.constantFrom('confirm' as const, 'reject' as const, 'clear' as const).map((each) => onSpan(each)),
      fc.nat({ max: 12 }).map(retract),
    );
    const reviewer = fc.constantFrom('ana@example.org', 'ben@example.org');
    const log = fc
      .array(fc.tuple(decided, reviewer), { maxLength: 12 })
      .map((all) => all.map(([each, reviewer], index) => entryOf(idAt(index), each, { reviewer })));
    const shuffled = log.chain((entries) =>
      fc.tuple(
        fc.constant(entries),
        fc.shuffledSubarray(entries, { minLength: entries.length, maxLength: entries.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([entries, mixed]) => {
        // Maps are compared as lists, since their order reaches the screen.
        const listed = (from: typeof entries) => {
          const { labels, spans, notes } = fold(from, 'h1');
          return { labels: [...labels], spans: [...spans], notes };
        };
        expect(listed(mixed)).toEqual(listed(entries));
      }),
    );
  });
});
