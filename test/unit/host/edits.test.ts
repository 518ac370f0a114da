import fc from 'fast-check';
import { decodeTime, ulid } from 'ulid';
import { describe, expect, it, vi } from 'vitest';
import { EntryIds } from '../../../src/host/entryIds';
import { SavePoint } from '../../../src/host/savePoint';

describe('EntryIds', () => {
  it('are greater than any id before, however clocks differ', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1e10, max: 1e10 }), { minLength: 1 }), (skews) => {
        const ids = new EntryIds();
        let newest: string | null = null;
        for (const skew of skews) {
          const made = ids.next(newest);
          if (newest !== null) expect(made > newest).toBe(true);
          // Between two of ours, a colleague's entry arrives, whose clock is off by `skew`.
          const theirs = ulid(Date.now() + skew);
          newest = [made, theirs].sort().at(-1) ?? null;
        }
        expect(ids.next(newest) > (newest ?? '')).toBe(true);
      }),
    );
  });

  it('carry the time of now where nothing is ahead of it', () => {
    const now = vi.useFakeTimers().getMockedSystemTime()?.getTime();
    expect(decodeTime(new EntryIds().next(null))).toBe(now);
    vi.useRealTimers();
  });
});

/** VS Code's own bookkeeping of a custom document, written from its source's behaviour: a stack and two indices. */
class Workbench {
  private edits: number[] = [];
  private current = -1;
  private atSave = -1;

  push(): void {
    this.edits = [...this.edits.slice(0, this.current + 1), this.edits.length];
    this.current = this.edits.length - 1;
  }
  canStep(by: 1 | -1): boolean {
    return by < 0 ? this.current >= 0 : this.current < this.edits.length - 1;
  }
  step(by: 1 | -1): void {
    this.current += by;
  }
  save(): void {
    this.atSave = this.current;
  }
  get dirty(): boolean {
    return this.current !== this.atSave;
  }
}

describe('SavePoint', () => {
  it('tells each time that a new edit leaves VS Code with a document that it takes for saved', () => {
    const action = fc.constantFrom('push', 'undo', 'redo', 'save');
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const workbench = new Workbench();
        const point = new SavePoint();
        for (const one of actions) {
          if (one === 'push') {
            workbench.push();
            expect(point.push()).toBe(!workbench.dirty);
          } else if (one === 'save') {
            workbench.save();
            point.saved();
          } else {
            const by = one === 'undo' ? -1 : 1;
            if (!workbench.canStep(by)) continue;
            workbench.step(by);
            point.step(by);
          }
        }
      }),
    );
  });
});
