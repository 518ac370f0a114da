import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reviewerKey } from '../../../src/core/review/reviewerKey';
import { anyText } from '../../support/entries';

describe('reviewerKey', () => {
  it.each([
    ['ana', 'Ana '],
    ['andré', 'ANDRE\u0301'],
    // In lower case this one is no longer in NFC: the mark above stands before the one below.
    ['i\u0331\u0307', '\u0130\u0331'],
  ])('is %j for %j too', (key, name) => {
    expect(reviewerKey(name)).toBe(key);
    expect(reviewerKey(key)).toBe(key);
  });

  it('tells other names apart', () => {
    expect(reviewerKey('ana')).not.toBe(reviewerKey('anna'));
    expect(reviewerKey('i')).not.toBe(reviewerKey('ı'));
  });

  it('is its own key, however a name was composed', () => {
    fc.assert(
      fc.property(anyText, (name) => {
        expect(reviewerKey(reviewerKey(name))).toBe(reviewerKey(name));
        expect(reviewerKey(name.normalize('NFD'))).toBe(reviewerKey(name));
      }),
      { examples: [['\u0130\u0331'], ['ΑΣ'], ['\u212b\u2126\u212a']] },
    );
  });
});
