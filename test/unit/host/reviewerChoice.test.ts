import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chooseReviewer,
  describeChoice,
  type Reviewer,
  rememberedAs,
  shortChoice,
} from '../../../src/host/reviewerChoice';

const ben: Reviewer = { name: 'ben', from: 'git' };

describe('chooseReviewer', () => {
  it('takes who is configured, on a dataset where nobody has decided', () => {
    expect(chooseReviewer(ben, null)).toEqual({ kind: 'known', reviewer: ben });
  });

  it('takes another spelling of the same name without a question', () => {
    expect(
      chooseReviewer({ name: 'ANDRE\u0301', from: 'git' }, { name: 'andré', insteadOf: null }).kind,
    ).toBe('known');
  });

  it('takes nobody when somebody else decided last', () => {
    const choice = chooseReviewer(ben, { name: 'ana', insteadOf: null });
    expect(choice).toEqual({ kind: 'differs', reviewer: ben, last: 'ana' });
    expect(describeChoice(choice)).toBe("You decided as ana here last time; git's user.email now says ben.");
    expect(shortChoice(choice)).toBe('ana or ben?');
  });

  it('keeps an answer for as long as the same name is configured, and no longer', () => {
    const last = rememberedAs('ana', ben);
    expect(chooseReviewer(ben, last)).toEqual({ kind: 'known', reviewer: { name: 'ana', from: 'asked' } });
    expect(chooseReviewer({ name: 'carl', from: 'git' }, last).kind).toBe('differs');
  });

  it('takes no name that cannot be that of a file', () => {
    const choice = chooseReviewer({ name: 'x'.repeat(250), from: 'setting' }, null);
    expect(choice.kind).toBe('refused');
    expect(describeChoice(choice)).toMatch(
      /^The reviewer's name from the setting transcriptReview\.reviewer cannot be used\. This name is too long/,
    );
  });

  it('knows nobody when nobody is configured, and who it was last', () => {
    expect(chooseReviewer(null, null)).toEqual({ kind: 'unknown', last: null });
    expect(chooseReviewer(null, { name: 'ana', insteadOf: null })).toEqual({ kind: 'unknown', last: 'ana' });
  });

  it('never takes a name that was neither used last nor said by the user', () => {
    const name = fc.constantFrom('ana', 'Ana', 'ben', 'carl', 'x'.repeat(250));
    const configured = fc.record({ name, from: fc.constantFrom('setting' as const, 'git' as const) });
    fc.assert(
      fc.property(configured, name, fc.option(name), (now, used, insteadOf) => {
        const choice = chooseReviewer(now, { name: used, insteadOf });
        if (choice.kind === 'known') {
          expect(choice.reviewer.name.toLowerCase()).toBe(used.toLowerCase());
        }
      }),
    );
  });
});
