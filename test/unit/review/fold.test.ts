import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/core/review/entry';
import { sameEntry } from '../../../src/core/review/entrySet';
import { Folding, fold, replacedBy } from '../../../src/core/review/fold';
import type { TranscriptReview } from '../../../src/core/review/state';
import { answer, anyDecided, entryOf, idAt } from '../../support/entries';

const BEN = { reviewer: 'ben@example.org' };
const place = { message: 1, start: 4, end: 9, unit: 'utf16', quote: 'clear' } as const;
const added = { ...place, label: 'free_to_act', prefix: '', suffix: '' };
const retract = (n: number) => ({ action: 'retract', target: { entry: idAt(n) }, value: null }) as const;
const onSpan = (action: 'confirm' | 'reject' | 'clear', span = 's1') =>
  ({ action, target: { span }, value: null }) as const;
const note = (text: string) => ({ action: 'note', target: { note: true }, value: null, note: text }) as const;

/** Maps are compared as lists, since their order reaches the screen. */
const mapsListed = ({ labels, spans, notes }: TranscriptReview) => ({
  labels: [...labels],
  spans: [...spans],
  notes,
});

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
    const by = { reviewer: 'ana@example.org', at: '2025-03-04T05:06:07.089Z', of: null, stale: false };
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
    // With few ids, so that some are shared, and links that go round in circles.
    const over = fc.array(fc.nat({ max: 12 }).map(idAt), { maxLength: 3 });
    const entry = fc
      .tuple(decided, reviewer, fc.nat({ max: 12 }), over)
      .map(([each, reviewer, n, over]) => ({ ...entryOf(idAt(n), each, { reviewer }), over }) as Entry);
    const log = fc.uniqueArray(entry, { maxLength: 12, comparator: sameEntry });
    const shuffled = log.chain((entries) =>
      fc.tuple(
        fc.constant(entries),
        fc.shuffledSubarray(entries, { minLength: entries.length, maxLength: entries.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([entries, mixed]) => {
        expect(mapsListed(fold(mixed, 'h1'))).toEqual(mapsListed(fold(entries, 'h1')));
      }),
    );

    // And on nothing that came and went in between, whenever it was asked.
    const asked = fc.array(
      fc.tuple(fc.nat({ max: 11 }), fc.boolean(), fc.constantFrom('h1', 'h2', undefined)),
      {
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(log, asked, (entries, steps) => {
        const there = new Set<Entry>();
        const folding = new Folding([]);
        for (const [n, isAsked, hash] of steps) {
          const each = entries[n];
          if (!each) continue;
          if (there.delete(each)) folding.delete(each);
          else folding.add(there.add(each) && each);
          if (isAsked) expect(mapsListed(folding.review(hash))).toEqual(mapsListed(fold(there, hash)));
        }
        expect(mapsListed(folding.review('h1'))).toEqual(mapsListed(fold(there, 'h1')));
      }),
      { numRuns: 300 },
    );
  });

  it('lets stand what a recount over all paths finds, and names it as replaced', () => {
    // Answers of one reviewer on one label, with clashing ids, circles, and those that were taken back.
    const value = fc.constantFrom('yes' as const, 'no' as const, 'unsure' as const);
    const small = fc.nat({ max: 9 });
    const links = fc.array(small.map(idAt), { maxLength: 3 });
    const answers = fc.uniqueArray(
      fc.tuple(small, value, links).map(([n, value, over]) => ({
        ...entryOf(idAt(n), answer('complied', value)),
        over,
      })),
      { maxLength: 12, comparator: sameEntry },
    );
    const leads = (from: Entry, to: string, all: readonly Entry[], left: number): boolean =>
      (from.over ?? []).some(
        (id) =>
          id !== from.id &&
          (id === to || (left > 0 && all.some((each) => each.id === id && leads(each, to, all, left - 1)))),
      );
    const notReplaced = (entries: readonly Entry[], all: readonly Entry[]) => {
      const heads = entries.filter(({ id }) => !entries.some((each) => leads(each, id, all, 4)));
      return heads.length > 0 ? heads : entries;
    };
    // Paths of five steps are the longest that six answers with links of their own ids can have without a circle.
    fc.assert(
      fc.property(
        answers.filter((all) => new Set(all.map(({ id }) => id)).size <= 6),
        fc.array(small, { maxLength: 3 }),
        fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
        (all, undone, isUnsaved) => {
          const taken = new Set(undone.map(idAt));
          const live = all.filter(({ id }) => !taken.has(id));
          const last = notReplaced(live, all)
            .map(({ id }) => id)
            .sort()
            .at(-1);
          const retractions = [...taken].map((id, n) =>
            entryOf(idAt(100 + n), { action: 'retract', target: { entry: id }, value: null }),
          );
          const stands = new Folding([...all, ...retractions]).review('h1').labels.get('complied');
          expect(stands?.map(({ entry }) => entry)).toEqual(last === undefined ? undefined : [last]);
          const saved = all.filter((_, n) => !isUnsaved[n]);
          const replaced = [...notReplaced(all, all), ...notReplaced(saved, saved)].map(({ id }) => id);
          const next = entryOf(idAt(1_000), answer('complied', 'no')) as Parameters<typeof replacedBy>[0];
          const unsaved = all.filter((_, n) => isUnsaved[n]);
          expect([...replacedBy(next, all, unsaved)].sort()).toEqual([...new Set(replaced)].sort());
          // And again, of those that it holds.
          const folding = new Folding(all);
          for (let time = 0; time < 2; time++)
            expect([...folding.replacedBy(next, unsaved)].sort()).toEqual([...new Set(replaced)].sort());
        },
      ),
      { numRuns: 300 },
    );
  });

  it("looks at no decision of a colleague's anew for one of somebody else's on the same label", () => {
    let looked = 0;
    const bens = Array.from({ length: 500 }, (_, n) => ({
      ...entryOf(idAt(n + 1), answer('complied', 'yes'), BEN),
      get over() {
        looked++;
        return undefined;
      },
    })) as unknown as readonly Entry[];
    const folding = new Folding(bens);
    expect(folding.review('h1').labels.get('complied')).toMatchObject([{ reviewer: 'ben@example.org' }]);
    expect(looked).toBeGreaterThanOrEqual(500);
    looked = 0;
    const anas = entryOf(idAt(1_000), answer('complied', 'no'));
    folding.add(anas);
    expect(folding.review('h1').labels.get('complied')).toHaveLength(2);
    folding.add(entryOf(idAt(1_001), retract(1_000)));
    expect(folding.review('h1').labels.get('complied')).toHaveLength(1);
    expect([...folding.replacedBy(anas as never, [])]).toEqual([anas.id]);
    expect(looked).toBe(0);

    // Nor for one more of the same colleague, as every part of their file brings.
    folding.add({ ...entryOf(idAt(1_002), answer('complied', 'unsure'), BEN), over: [idAt(500)] });
    expect(folding.review('h1').labels.get('complied')).toMatchObject([{ answer: 'unsure' }]);
    expect(looked).toBe(0);
  });

  describe('what replaces what', () => {
    const over = (
      n: number,
      value: 'yes' | 'no' | 'unsure' | null,
      older: readonly number[],
      parts = {},
    ) => ({
      ...entryOf(idAt(n), answer('complied', value), parts),
      over: older.map(idAt),
    });
    const stands = (...entries: Parameters<typeof fold>[0][]) =>
      fold(
        entries.flatMap((each) => [...each]),
        undefined,
      )
        .labels.get('complied')
        ?.map(({ answer: value }) => value);

    it('goes before the ids, also through entries that are taken back', () => {
      expect(stands([over(9, 'yes', []), over(5, 'no', [9])])).toEqual(['no']);
      expect(stands([over(9, 'yes', []), over(5, 'no', [9]), over(2, 'unsure', [5])])).toEqual(['unsure']);
      const undone = [entryOf(idAt(1), retract(5))];
      expect(stands([over(9, 'yes', []), over(5, 'no', [9])], undone)).toEqual(['yes']);
      expect(stands([over(9, 'yes', []), over(5, 'no', [9]), over(2, 'unsure', [5])], undone)).toEqual([
        'unsure',
      ]);
    });

    it('is left to the ids between those made without knowing of each other', () => {
      expect(stands([over(1, 'yes', []), over(3, 'no', [1]), over(2, 'unsure', [1])])).toEqual(['no']);
    });

    it('leaves one standing of those that replace each other in a circle', () => {
      const circle = [over(1, 'yes', [2]), over(2, 'no', [1])];
      expect(stands(circle)).toEqual(['no']);
      expect(stands([over(1, 'yes', [1])])).toEqual(['yes']);
      expect(stands([over(1, 'yes', [2]), over(2, 'no', [3]), over(3, 'unsure', [1])])).toEqual(['unsure']);
    });

    it("is nobody's to say but the reviewer's own", () => {
      const entry = entryOf(idAt(1), answer('complied', 'yes'));
      expect(stands([entry, over(2, null, [1], BEN)])).toEqual(['yes']);
    });

    it('ends, and takes nothing back, where retractions go in circles', () => {
      const circle = [
        entryOf(idAt(2), retract(3)),
        entryOf(idAt(3), retract(2)),
        entryOf(idAt(4), retract(4)),
      ];
      expect(stands([entryOf(idAt(1), answer('complied', 'yes'))], circle)).toEqual(['yes']);
    });

    it('hears a retraction whose id is of an earlier moment', () => {
      expect(
        stands([entryOf(idAt(9), answer('complied', 'yes')), entryOf(idAt(1), retract(9))]),
      ).toBeUndefined();
    });

    it('follows chains of any length', () => {
      const LINKS = 50_000;
      const chain = Array.from({ length: LINKS }, (_, n) =>
        over(LINKS - n, n === LINKS - 1 ? 'no' : 'yes', [LINKS - n + 1]),
      );
      expect(stands(chain)).toEqual(['no']);
      const undone = Array.from({ length: LINKS }, (_, n) => entryOf(idAt(n + 2), retract(n + 1)));
      expect(stands([entryOf(idAt(1), answer('complied', 'yes'))], undone)).toEqual(['yes']);
    });
  });

  it('takes several spellings of a name for one person', () => {
    const names = ['Ana@Example.org', ' ana@example.org ', 'ana@example.org'];
    const entries = names.map((reviewer, n) => entryOf(idAt(n + 1), answer('complied', 'yes'), { reviewer }));
    expect(fold(entries, undefined).labels.get('complied')).toHaveLength(1);
    expect(
      fold([...entries, entryOf(idAt(4), retract(3), { reviewer: 'ANA@example.org' })], undefined),
    ).toEqual(fold(entries.slice(0, 2), undefined));
  });
});
