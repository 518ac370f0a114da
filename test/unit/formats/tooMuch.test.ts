/** What a profile may have done to one record: work is counted, and what is left out is said. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { problemLines } from '../../../src/cli/problems';
import { MOST_ID_UNITS } from '../../../src/core/dataset/model';
import { type ReadPart, RecordError } from '../../../src/core/formats/format';
import { Attachments } from '../../../src/core/formats/inspectMessages';
import type { Profile } from '../../../src/core/formats/profile';
import type { Audit } from '../../../src/node/audit';
import { Dataset } from '../../../src/node/dataset';
import { readParts as readRecord } from '../../../src/node/parseRecord';
import { inProcess } from '../../../src/node/runIndex';
import { temporaryFolder } from '../../support/dataset';
import { formatNow, place, profileOf } from './readers';

const folder = temporaryFolder();
const arms = { at: '/arms', key: '(?<variant>.+)' };
const armed = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`a${n}`, {}]));

describe('warnings of one record', () => {
  const ARMS = 40;
  const RULES = 300;
  const name = 'p'.repeat(900);
  const warning = `/${name}: expected an object of verdicts, found "z"`;
  const profile = profileOf({ arms, verdicts: Array(RULES).fill({ at: `/${name}`, keys: 'x', label: 'l' }) });
  const record = { text: 'said', arms: armed(ARMS), [name]: 'z' };

  it('are kept as far as there is room, the first of each arm always; of the others it is known how many', () => {
    const parts = formatNow(profile).read(record, place);
    const read = parts.flatMap((part) => (part.ok ? part : []));
    expect(read).toHaveLength(ARMS);
    for (const { warnings, more = 0 } of read) {
      expect(warnings.length + more).toBe(RULES);
      expect(new Set(warnings)).toEqual(new Set([warning]));
    }
    const kept = read.reduce((sum, { warnings }) => sum + warnings.join('').length, 0);
    expect(kept).toBeLessThan((1 << 20) + ARMS * warning.length);
  });

  it('are as they were where they are not too many', () => {
    const few = { ...profile, verdicts: profile.verdicts?.slice(0, 10) ?? [] };
    for (const part of formatNow(few).read(record, place)) {
      expect(part.ok && part.warnings).toEqual(Array(10).fill(warning));
      expect(part).not.toHaveProperty('more');
    }
  });

  it('are counted one by one, and told in batches of a bounded size', async () => {
    const path = join(folder, 'warned.jsonl');
    const RECORDS = 12;
    writeFileSync(path, `${JSON.stringify(record)}\n`.repeat(RECORDS));
    const dataset = new Dataset(path, { choose: async () => profile });
    const units: number[] = [];
    await dataset.index(
      (request, emit, signal) =>
        inProcess(
          request,
          (event) => {
            if (event.type === 'batch')
              units.push(event.batch.problems.reduce((sum, { reason }) => sum + reason.length, 0));
            emit(event);
          },
          signal,
        ),
      new AbortController().signal,
    );
    expect(dataset.columns.count).toBe(RECORDS * ARMS);
    expect(dataset.warnings).toBe(RECORDS * ARMS * RULES);
    expect(Math.max(...units)).toBeLessThan(3 << 20);
    const listed = problemLines({
      dataset,
      reviewProblems: [],
      totals: { orphans: 0, stale: 0 },
    } as unknown as Audit);
    const counts = listed.map((line) => Number(/([\d,]+) more /.exec(line)?.[1]?.replaceAll(',', '') ?? 1));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(dataset.warnings);
    const late = await dataset.record(ARMS - 1);
    expect(late.kind === 'transcript' && late.warnings).toEqual([
      warning,
      '299 more warnings of this record are left out: it has too many',
    ]);
    dataset.dispose();
  });

  it('and reasons are cut where they are far too long, with how much is left out', () => {
    const at = Array.from({ length: 100 }, (_, n) => `/${n}${'x'.repeat(900)}`);
    const format = formatNow(profileOf({ messages: [{ at, role: 'assistant' }] }));
    expect(() => format.read({}, place)).toThrow(/^.{3900,4000}… [\d,]+ more characters$/);
    const yes = Array.from({ length: 1_000 }, (_, n) => `${n}${'x'.repeat(900)}`);
    const [part] = formatNow(profileOf({ verdicts: [{ at: '/v', yes }] })).read({ text: 'x', v: '?' }, place);
    expect(part?.ok && part.warnings).toEqual([
      expect.stringMatching(/… [\d,]+ more characters; it counts as/),
    ]);
  });
});

describe('a budget that one arm has spent', () => {
  const reasonsOf = (parts: readonly ReadPart[]) => parts.map((part) => (part.ok ? null : part.reason));

  it('on patterns lets no other arm begin the work again', () => {
    let walks = 0;
    const keys = Object.fromEntries(Array.from({ length: 300_000 }, (_, n) => [`key ${n}`, 1]));
    const v = new Proxy(keys, {
      ownKeys(target) {
        walks++;
        return Reflect.ownKeys(target);
      },
    });
    const format = formatNow(profileOf({ arms, verdicts: [{ at: '/v', keys: 'zz' }] }));
    const reasons = reasonsOf(format.read({ text: 'said', arms: armed(20), v }, place));
    const first = reasons.findIndex((reason) => reason !== null);
    expect(walks).toBe(first + 1);
    expect(reasons.slice(first)).toEqual(Array(20 - first).fill(reasons[first]));
    expect(reasons[first]).toContain("the profile's patterns would take too long on it");
    // what one record cost is no fault of the next
    expect(reasonsOf(format.read({ text: 'said', arms: armed(2), v: {} }, place))).toEqual([null, null]);
  });

  it('on entries likewise', () => {
    let walks = 0;
    const chat = Array.from({ length: 60_000 }, () => ({ role: 'assistant', content: 'x' }));
    const text = new Proxy(chat, {
      get(target, key, self) {
        if (key === 'flatMap') walks++;
        return Reflect.get(target, key, self);
      },
    });
    const perArm = Object.fromEntries(Object.keys(armed(20)).map((key) => [key, { text }]));
    const format = formatNow(profileOf({ arms, messages: [{ chat: '/arms/{arm}/text' }] }));
    const reasons = reasonsOf(format.read({ arms: perArm }, place));
    expect(reasons.filter((reason) => reason === null)).toHaveLength(1);
    expect(new Set(reasons.slice(1)).size).toBe(1);
    expect(walks).toBe(1);
  });
});

it('a conversation is walked once, however many rules and arms name it, and says the same of itself to each', () => {
  const resolve = vi.spyOn(Attachments.prototype, 'resolve');
  const chat = [{ content: 'who said it', tool_calls: Array(10).fill(0) }];
  const messages: Profile['messages'] = Array(50).fill({ chat: '/chat' });
  const parts = formatNow(profileOf({ arms, messages })).read({ chat, arms: armed(20) }, place);
  const looked = resolve.mock.calls.length;
  resolve.mockRestore();
  expect(looked).toBe(1);
  for (const part of parts) {
    expect(part.ok && part.transcript.messages.map(({ content }) => content)).toEqual(
      Array(50).fill('who said it'),
    );
    expect(part.ok && part.warnings).toEqual(
      Array(50).fill('message 1 of the conversation does not say who speaks'),
    );
  }
});

it('an arm that is bad has no id longer than one may be', () => {
  const key = 'y'.repeat(MOST_ID_UNITS + 1);
  const value = { ok: true, value: { arms: { [key]: 1, y: 1 } }, warnings: [] } as const;
  const parts = readRecord(value, formatNow(profileOf({ arms })), place, () => 'made up');
  expect(parts).toMatchObject([
    { ok: false, id: 'made up' },
    { ok: false, id: 'run.json:7:y' },
  ]);
});

describe('an arm in pointers', () => {
  const read = (key: string, times: number, places: number, stands: string) => {
    const at = Array(places).fill(`/${'{arm}'.repeat(times)}`);
    const format = formatNow(
      profileOf({ arms: { at: '/arms', key: '^(?<variant>x)' }, verdicts: [{ at, label: 'l' }] }),
    );
    return format.read({ text: 'said', arms: { [key]: 1 }, [stands]: true }, place);
  };

  it('counts as long as its key is, before any text is made of it', () => {
    const replace = vi.spyOn(String.prototype, 'replaceAll');
    const key = `x${'y'.repeat(100_000)}`;
    let made = 0;
    try {
      expect(() => read(key, 199, 100, 'elsewhere')).toThrow(
        new RecordError('the profile looks for more than 1000000 steps of pointers in it'),
      );
      made = replace.mock.calls.filter(([sought]) => sought === '{arm}').length;
    } finally {
      replace.mockRestore();
    }
    expect(made).toBeLessThan(20);
  });

  it('is looked up as ever where it is no longer than names are', () => {
    for (const times of [1, 2, 20]) {
      const [part] = read('xyz', times, 50, 'xyz'.repeat(times));
      expect(part?.ok && part.transcript.verdicts).toMatchObject([{ label: 'l', value: true }]);
    }
  });
});
