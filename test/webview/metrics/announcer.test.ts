// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeHost } from './fakeHost';
import { ANIMAL_WELFARE, HELPFUL_ONLY, snapshotOf } from './snapshots';

const compliant = (count: number) =>
  snapshotOf({
    groups: [{ ...HELPFUL_ONLY, training: { '11C': count, '00N': 340 - count } }, ANIMAL_WELFARE],
  });

describe('what a screen reader is told', () => {
  let host: FakeHost;
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    host.close();
    vi.useRealTimers();
  });

  async function opened(count: number): Promise<void> {
    host = new FakeHost(compliant(count));
    await vi.advanceTimersByTimeAsync(2000);
  }
  async function send(count: number): Promise<void> {
    void host.send(compliant(count));
    await vi.advanceTimersByTimeAsync(50);
  }
  const told = () => host.text('[aria-live=polite]');

  it('is nothing at first, then the new gap beside the old one, once it rests', async () => {
    await opened(48);
    expect(told()).toBe('');
    await send(47);
    await send(46);
    expect(told()).toBe('');
    await vi.advanceTimersByTimeAsync(1000);
    expect(told()).toBe('Gap +10.6 percentage points, was +11.2 percentage points');
  });

  it('is nothing when the gap comes back to what it was', async () => {
    await opened(48);
    await send(47);
    await send(48);
    await vi.advanceTimersByTimeAsync(1000);
    expect(told()).toBe('');
  });

  it('names the row when another one is shown', async () => {
    await opened(48);
    host.root.querySelectorAll<HTMLButtonElement>('.rows tbody button')[1]?.click();
    await vi.advanceTimersByTimeAsync(1000);
    expect(told()).toBe(
      'animal-welfare · default · arm none, adjudicated labels: gap +14.3 percentage points',
    );
  });
});
