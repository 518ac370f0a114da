import { describe, expect, it } from 'vitest';
import { RecordError } from '../../../src/core/formats/format';
import type { Fields } from '../../../src/core/formats/inspectFields';
import type { FlatMessage } from '../../../src/core/formats/inspectMessages';
import { TOO_MANY_VALUES } from '../../../src/core/formats/looseJson';
import { scanRecord } from '../../../src/core/formats/scoutScan';

const MESSAGES: readonly FlatMessage[] = ['m1', 'm2', 'm1'].map((id) => ({
  role: 'user',
  content: 'hi',
  id,
}));

/** A table keeps a text once, in however many rows it stands. */
const read = (row: Fields, { rows = 1, messages = MESSAGES } = {}) =>
  scanRecord({
    id: 't1',
    rows: Array.from({ length: rows }, () => ({ scanner: 'judge', row })),
    messages,
    scan: {},
  }).value;

const references = (count: number, id = 'm1') =>
  JSON.stringify(Array.from({ length: count }, () => ({ type: 'message', id, cite: '[M1]' })));

describe('what scanners found in a transcript', () => {
  it('refers to every message of an id', () => {
    const { spans } = read({ value: true, message_references: references(1) });
    expect(spans).toMatchObject([{ message: 0 }, { message: 2 }]);
  });

  it('has a hundred thousand results at most', () => {
    const value = JSON.stringify(Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`k${i}`, i])));
    const row = { value, value_type: 'object' };
    expect(read(row, { rows: 100 }).verdicts).toHaveLength(1_000);
    expect(() => read(row, { rows: 101 })).toThrow(
      new RecordError('its scanners give more than 100000 results'),
    );
  });

  it.each([
    ['many references to one message', references(50_001), MESSAGES],
    ['references to many messages of one id', references(317), Array(317).fill(MESSAGES[0])],
    ['references that lead nowhere', references(100_001, 'none'), MESSAGES],
  ])('refers to messages a hundred thousand times at most: %s', (_what, message_references, messages) => {
    const row = { value: true, message_references };
    expect(() => read(row, { messages })).toThrow(
      new RecordError('its results refer to messages more than 100000 times'),
    );
  });

  it('does so in a set of results of which each is its own evidence', () => {
    const ids = JSON.stringify(Array(1_000).fill('m2'));
    const value = JSON.stringify(Array(101).fill({ value: true, input_type: 'message' }));
    expect(() => read({ value, value_type: 'resultset', input_ids: ids })).toThrow(RecordError);
  });

  it('refers to no more messages than it may while its results are gathered', () => {
    const ids = JSON.stringify(Array(60_000).fill('none'));
    let made = 0;
    const value = JSON.stringify(Array(500).fill({ value: true, input_type: 'message' }));
    const { filter } = Array.prototype;
    Array.prototype.filter = function (this: unknown[], ...args: [never]) {
      if (this.length === 60_000) made++;
      return filter.apply(this, args) as never;
    };
    try {
      expect(() => read({ value, value_type: 'resultset', input_ids: ids })).toThrow(RecordError);
    } finally {
      Array.prototype.filter = filter;
    }
    expect(made).toBe(3);
  });

  it.each([
    ['results', { value: true, input_type: 'message' }],
    ['sets of results', { value_type: 'resultset', value: [] }],
  ])('looks once through ids that name no message, for all of a set of %s', (_what, inner) => {
    const ids = JSON.stringify(Array(60_000).fill(0));
    const value = JSON.stringify(Array(500).fill(inner));
    let looks = 0;
    const { filter } = Array.prototype;
    Array.prototype.filter = function (this: unknown[], ...args: [never]) {
      if (this.length === 60_000) looks++;
      return filter.apply(this, args) as never;
    };
    try {
      read({ value, value_type: 'resultset', input_ids: ids });
    } finally {
      Array.prototype.filter = filter;
    }
    expect(looks).toBe(1);
  });

  it.each([
    ['of the set', { input_ids: '["m2", 5, null]' }, ['m2']],
    ['of the result, where the set has none', {}, ['m1']],
    ['of a set in a set', { input_ids: '["m2"]' }, ['m2'], true],
  ])('takes the ids %s for what its results are about', (_what, more, expected, isNested = false) => {
    const inner = [{ value: true, input_type: 'message', input_id: 'm1' }];
    const value = JSON.stringify(isNested ? [{ value: inner, value_type: 'resultset' }] : inner);
    const messages = ['m1', 'm2'].map((id) => ({ role: 'user', content: 'hi', id }));
    const { spans } = read({ value, value_type: 'resultset', ...more }, { messages });
    expect((spans as { message: number }[]).map(({ message }) => messages[message]?.id)).toEqual(expected);
  });

  it('is a reason where a long name is part of that of each of its results', () => {
    const value = JSON.stringify(Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`k${n}`, n])));
    const row = { value, value_type: 'object', label: 'x'.repeat(40_000) };
    expect(() => read(row)).toThrow(
      new RecordError('the names of its results have more than 33554432 characters together'),
    );
    expect(read({ ...row, label: 'x'.repeat(1_000) }).verdicts).toHaveLength(1_000);
  });

  it('is a reason where its results hold too many values together', () => {
    const value = `[${'1,'.repeat(1_100_000)}1]`;
    expect(() => read({ value, value_type: 'array' }, { rows: 2 })).toThrow(new RecordError(TOO_MANY_VALUES));
  });

  it('tells values of sixteen million characters of JSON, and leaves the rest as text', () => {
    const explanation = JSON.stringify(['x'.repeat((1 << 20) - 4)]);
    const { metadata } = read({ value: true, metadata: explanation }, { rows: 17 });
    const { judge } = (metadata as { results: { judge: readonly { metadata: unknown }[] } }).results;
    expect(judge.slice(14).map((one) => Array.isArray(one.metadata))).toEqual([true, true, false]);
  });
});
