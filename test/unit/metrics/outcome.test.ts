import { expect, it } from 'vitest';
import { majority } from '../../../src/core/metrics/outcome';

it.each([
  [[], null],
  [[null, null], null],
  [[true], true],
  [[false, null], false],
  [[true, false], null],
  [[true, false, null], null],
  [[true, false, true], true],
  [[false, null, true, false], false],
])('the majority of %j is %j', (values, expected) => {
  expect(majority(values)).toBe(expected);
});
