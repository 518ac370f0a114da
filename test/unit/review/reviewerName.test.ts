import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reviewerKey } from '../../../src/core/review/reviewerKey';
import { fileOwner, reviewerNameProblem, reviewFileName } from '../../../src/core/review/reviewerName';
import { anyText } from '../../support/entries';

describe('reviewFileName', () => {
  it.each([
    ['ana@example.org', 'ana@example.org.jsonl'],
    ['Ana Müller', 'Ana Müller.jsonl'],
    ['../../etc/passwd', '%2E%2E%2F..%2Fetc%2Fpasswd.jsonl'],
    ['C:\\a*b?"<c>|', 'C%3A%5Ca%2Ab%3F%22%3Cc%3E%7C.jsonl'],
    ['100%', '100%25.jsonl'],
    ['a\u0000b\n', 'a%00b%0A.jsonl'],
    ['con', '%63on.jsonl'],
    ['LPT1.local', '%4CPT1.local.jsonl'],
    ['connie', 'connie.jsonl'],
  ])('%j -> %j', (reviewer, name) => {
    expect(reviewFileName(reviewer)).toBe(name);
  });

  it('tells the reviewer again, so two reviewers never share a file', () => {
    fc.assert(
      fc.property(anyText, (reviewer) => {
        const name = reviewFileName(reviewer);
        expect(fileOwner(name)).toBe(reviewerKey(reviewer));
        expect(name).not.toMatch(/[/\\:*?"<>|\p{Cc}]/u);
        expect(name).toMatch(reviewer === '' ? /^\.jsonl$/ : /^[^.]/);
      }),
    );
  });
});

describe('reviewerNameProblem', () => {
  it.each([
    'ana',
    'ana@example.org',
    'Ana Müller',
    '../../etc/passwd',
    '山田',
    '🦊',
    'a'.repeat(249),
    'é'.repeat(124),
  ])('takes %j', (name) => {
    expect(reviewerNameProblem(name)).toBeNull();
  });

  it.each([
    ['', 'A name is needed, so that decisions can be told apart.'],
    [' \u00a0', 'A name is needed, so that decisions can be told apart.'],
    ['ana\nben', 'A name cannot hold line breaks or control characters.'],
    ['ana\u2028ben', 'A name cannot hold line breaks or control characters.'],
    ['ana\u0000', 'A name cannot hold line breaks or control characters.'],
    ['ana\ud83d', 'A name cannot hold half a character.'],
    [
      'a'.repeat(250),
      "This name is too long: its file's name would take 256 bytes, and file systems keep 255.",
    ],
    [
      'é'.repeat(125),
      "This name is too long: its file's name would take 256 bytes, and file systems keep 255.",
    ],
    // Short as a name, long as a file's.
    [
      '/'.repeat(84),
      "This name is too long: its file's name would take 258 bytes, and file systems keep 255.",
    ],
    // Its letters have no composed form, and their decomposed one is longer.
    [
      '\u0958'.repeat(80),
      "This name is too long: its file's name would take 486 bytes, and file systems keep 255.",
    ],
  ])('refuses %j', (name, problem) => {
    expect(reviewerNameProblem(name)).toBe(problem);
  });

  it('takes only names whose files can be told apart in UTF-8', () => {
    fc.assert(
      fc.property(anyText, (name) => {
        fc.pre(reviewerNameProblem(name) === null);
        const file = reviewFileName(name);
        const bytes = new TextEncoder().encode(file);
        expect(bytes.length).toBeLessThanOrEqual(255);
        expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)).toBe(file);
      }),
    );
  });
});
