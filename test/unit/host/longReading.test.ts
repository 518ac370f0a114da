import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tellIfLong } from '../../../src/host/longReading';
import { vscodeStandIn } from '../../support/vscodeStandIn';

vi.mock('vscode', async () => (await import('../../support/vscodeStandIn')).vscodeStandIn);

const never = new AbortController().signal;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('a reading', () => {
  it('that is short is not told of', async () => {
    const told = vi.spyOn(vscodeStandIn.window, 'withProgress');
    expect(await tellIfLong('Reading', never, async () => 'read')).toBe('read');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).not.toHaveBeenCalled();
  });

  it('that takes long is told of, with how far it is, and can be given up though the disk never answers', async () => {
    const reports: unknown[] = [];
    let giveUp = () => {};
    vi.spyOn(vscodeStandIn.window, 'withProgress').mockImplementation(async (_options, work) =>
      work(
        { report: (value: unknown) => reports.push(value) },
        {
          onCancellationRequested: (listener: () => void) => {
            giveUp = listener;
          },
        },
      ),
    );
    let report = (_how: string) => {};
    const reading = tellIfLong('Reading', never, (_signal, how) => {
      report = how;
      return new Promise<never>(() => {});
    });
    const ended = expect(reading).rejects.toThrow(/abort/i);
    report('ana.jsonl: 1 MiB');
    await vi.advanceTimersByTimeAsync(3_000);
    report('ana.jsonl: 2 \u202eMiB');
    expect(reports).toEqual([{ message: 'ana.jsonl: 2 <U+202E>MiB' }]);
    giveUp();
    await ended;
  });

  it('ends when its dataset is closed', async () => {
    const closed = new AbortController();
    const ended = expect(
      tellIfLong('Reading', closed.signal, () => new Promise<never>(() => {})),
    ).rejects.toThrow();
    closed.abort();
    await ended;
  });
});
