import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RowView } from '../../../src/core/viewModel';
import { type AskRows, PAGE, RowWindow } from '../../../webview/editor/rowWindow';

function row(index: number): RowView {
  return {
    index,
    id: `t${index}`,
    line: index + 1,
    setting: 'helpful-only',
    condition: 'training',
    variant: 'default',
    prefix: 'none',
    complied: null,
    alignmentFaking: null,
    reviewed: false,
    mine: false,
    overridden: [],
    stale: false,
    bad: false,
  };
}

/** A host that answers when it is told to. */
function slowHost() {
  const asked: {
    start: number;
    end: number;
    answer: (revision: number) => Promise<void>;
    fail: () => Promise<void>;
  }[] = [];
  const ask: AskRows = ({ start, end }) =>
    new Promise((resolve, reject) => {
      const settled = () => new Promise<void>((done) => setTimeout(done, 0));
      asked.push({
        start,
        end,
        answer: (revision) => {
          resolve({ revision, start, rows: Array.from({ length: end - start }, (_, i) => row(start + i)) });
          return settled();
        },
        fail: () => {
          reject(new Error('gone'));
          return settled();
        },
      });
    });
  const errors: Error[] = [];
  const rows = new RowWindow(ask, (error) => errors.push(error));
  return { asked, rows, errors };
}

/** Like the extension: answers with the list that it has by now, and tells of it later. A row's line is its revision. */
class HostOfChangingList {
  length = 1;
  revision = 1;
  private readonly waiting: (() => void)[] = [];

  readonly ask: AskRows = ({ start, end }) =>
    new Promise((resolve) => {
      this.waiting.push(() => {
        const rows = Array.from({ length: Math.max(0, Math.min(end, this.length) - start) }, (_, i) => ({
          ...row(start + i),
          line: this.revision,
        }));
        resolve({ revision: this.revision, start, rows });
      });
    });

  change(length: number): void {
    this.length = length;
    this.revision++;
  }

  tell(rows: RowWindow): void {
    rows.update(this.revision, this.length);
  }

  /** False when nothing was asked. */
  async answer(): Promise<boolean> {
    const next = this.waiting.shift();
    next?.();
    await new Promise((done) => setImmediate(done));
    return next !== undefined;
  }
}

describe('rows of the list', () => {
  it('are asked for where the list is looked at, and nowhere else', async () => {
    const { asked, rows } = slowHost();
    rows.update(1, 1_000_000);
    rows.show(500_010, 500_060);
    await asked[0]?.answer(1);
    await asked[1]?.answer(1);
    expect(asked.map(({ start, end }) => [start, end])).toEqual([
      [500_000, 500_000 + PAGE],
      [500_000 + PAGE, 500_000 + 2 * PAGE],
    ]);
    expect(rows.row(500_010)?.id).toBe('t500010');
    expect(rows.row(0)).toBeNull();
  });

  it('are asked for one page at a time, so that a dragged scrollbar leaves no queue', async () => {
    const { asked, rows } = slowHost();
    rows.update(1, 100_000);
    for (let start = 0; start < 50_000; start += 1000) rows.show(start, start + 20);
    expect(asked).toHaveLength(1);
    await asked[0]?.answer(1);
    expect(asked.map(({ start }) => start)).toEqual([0, 49_000]);
  });

  it('end with the list', async () => {
    const { asked, rows } = slowHost();
    rows.update(1, 7);
    rows.show(0, 60);
    expect(asked.map(({ start, end }) => [start, end])).toEqual([[0, PAGE]]);
    await asked[0]?.answer(1);
    expect(asked).toHaveLength(1);
  });

  it('all come, whatever the list does between a question and its answer', async () => {
    const event = fc.oneof(
      fc.record({ kind: fc.constant('list' as const), length: fc.nat(3 * PAGE) }),
      fc.record({ kind: fc.constant('show' as const), start: fc.nat(3 * PAGE) }),
      fc.record({ kind: fc.constantFrom('tell' as const, 'answer' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 30 }), async (events) => {
        const host = new HostOfChangingList();
        const rows = new RowWindow(host.ask, (error) => {
          throw error;
        });
        let start = 0;
        for (const event of events) {
          if (event.kind === 'list') host.change(event.length);
          if (event.kind === 'show') rows.show(event.start, event.start + 20);
          if (event.kind === 'show') start = event.start;
          if (event.kind === 'tell') host.tell(rows);
          if (event.kind === 'answer') await host.answer();
        }
        rows.show(start, start + 20);
        host.tell(rows);
        while (await host.answer());
        for (let position = start; position < Math.min(start + 20, host.length); position++) {
          expect(rows.row(position)).toMatchObject({ index: position, line: host.revision });
        }
      }),
    );
  });

  it('of an older revision stand in until new ones come', async () => {
    const { asked, rows } = slowHost();
    rows.update(1, 10);
    rows.show(0, 10);
    await asked[0]?.answer(1);
    rows.update(2, 10);
    expect(asked).toHaveLength(2);
    expect(rows.row(3)?.id).toBe('t3');
    await asked[1]?.answer(2);
    rows.update(2, 10);
    expect(asked).toHaveLength(2);
  });

  it('are asked for again after a failure that was told', async () => {
    const { asked, rows, errors } = slowHost();
    rows.update(1, 10);
    rows.show(0, 10);
    await asked[0]?.fail();
    expect(errors.map((error) => error.message)).toEqual(['gone']);
    expect(asked).toHaveLength(1);
    rows.show(0, 10);
    await asked[1]?.answer(1);
    expect(rows.row(0)?.id).toBe('t0');
  });

  it('that were left far behind are forgotten', async () => {
    const { asked, rows } = slowHost();
    rows.update(1, 1_000_000);
    for (let page = 0; page < 60; page++) {
      rows.show(page * PAGE, page * PAGE + 1);
      await asked.at(-1)?.answer(1);
    }
    expect(rows.row(0)).toBeNull();
    expect(rows.row(59 * PAGE)).not.toBeNull();
  });
});
