/** Patterns come with a dataset from anybody, and meet text of anybody. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import fc from 'fast-check';
import * as re2js from 're2js';
import { describe, expect, it } from 'vitest';
import { checkProfile } from '../../../src/core/formats/checkProfile';
import { joinVerdicts } from '../../../src/core/formats/join';
import {
  compilePatterns,
  compileWith,
  MAX_PATTERNS_UNITS,
  MAX_STEPS,
  PatternError,
  patternsOf,
} from '../../../src/core/formats/pattern';
import { previewMapping } from '../../../src/core/formats/preview';
import { type JoinRule, MAX_PATTERN_UNITS, type Profile } from '../../../src/core/formats/profile';
import { BUILT_IN } from '../../../src/core/formats/profiles/builtIn';
import { formatOf } from '../../../src/core/formats/registry';
import { place, profileOf } from './readers';

const ROOT = resolve(__dirname, '../../..');

const withPattern = (pattern: string): Profile => profileOf({ variant: { at: '/v', pattern } });

async function problemOf(pattern: string): Promise<string | null> {
  const checked = await checkProfile(withPattern(pattern));
  return checked.ok ? null : checked.issues.map(({ path, message }) => `${path}: ${message}`).join('\n');
}

async function matcherOf(pattern: string) {
  return (await compilePatterns(withPattern(pattern))).matcher(pattern);
}

/** How many instructions RE2 makes of patterns in all, of those that are refused, too. */
function madeOf(patterns: readonly string[]): number {
  let made = 0;
  const { RE2JSSyntaxException } = re2js;
  const RE2JS = {
    CASE_INSENSITIVE: re2js.RE2JS.CASE_INSENSITIVE,
    compile(pattern: string, flags: number) {
      const expression = re2js.RE2JS.compile(pattern, flags);
      made += expression.programSize();
      return expression;
    },
  };
  const placed = patterns.map((pattern, index) => ({ path: [index], pattern }));
  compileWith({ RE2JSSyntaxException, RE2JS } as never, placed);
  return made;
}

/** What a facet takes from a match: all of it, and its groups. */
function partsOf(match: RegExpExecArray | null) {
  return match && { at: match.index, texts: [...match], named: { ...match.groups } };
}

describe('a pattern', () => {
  it.each<[string, string]>([
    ['(', 'missing closing )'],
    ['(?=a)b', '(?= looks ahead or behind'],
    ['(?!a)b', '(?! looks ahead or behind'],
    ['(?<=a)b', '(?<= looks ahead or behind'],
    ['(?<!a)b', '(?<! looks ahead or behind'],
    ['(a)\\1', '\\1 repeats what a group matched'],
    ['(?<x>a)\\k<x>', '\\k repeats what a group matched'],
    ['\\u00e9', '\\u is no escape of RE2 patterns'],
    ['\\cA', '\\c is no escape of RE2 patterns'],
    ['a{1001}', 'not an RE2 pattern: invalid repeat count in {1001}'],
    ['(a{10}){101}', 'invalid repeat count'],
    ['((a{1000}){1000}){1000}', 'repeats too much'],
    ['(?:\\pL{500})x\\pL{600}', 'repeats too much'],
    ['(a{1000}|'.repeat(50) + ')'.repeat(50), 'repeats too much'],
    ['(?<a>x)(?<a>y)', 'duplicate'],
    ['a'.repeat(MAX_PATTERN_UNITS + 1), 'characters, found 501'],
  ])('is refused, by its place and in words: %s', async (pattern, reason) => {
    const problem = await problemOf(pattern);
    expect(problem).toMatch(/^variant\.pattern: /);
    expect(problem).toContain(reason);
  });

  it.each([
    '^(?<condition>free|paid)_(?<variant>.+)$',
    '[(*+|]+',
    '\\(a*\\)*',
    '(?:_tier)?',
    '(ab)+',
    '[^/]+/',
    '(a|aa)'.repeat(60),
    '.*.*.*!',
    '^(a+)+$',
  ])('is taken: %s', async (pattern) => {
    expect(await problemOf(pattern)).toBeNull();
  });

  it('is named wherever in a profile it stands', async () => {
    const verdicts = [{ at: '/v', keys: '\\1' }];
    const joins = [{ file: 'x.json', by: 'id', here: '/id', there: '/id', verdicts }] as const;
    const checked = await checkProfile(profileOf({ verdicts, joins: [...joins] }));
    expect(!checked.ok && checked.issues.map(({ path }) => path)).toEqual([
      'verdicts[0].keys',
      'joins[0].verdicts[0].keys',
    ]);
    const arms = await checkProfile(profileOf({ arms: { at: '/r', key: '\\1' } }));
    expect(!arms.ok && arms.issues.map(({ path }) => path)).toEqual(['arms.key']);
  });

  it('is one of few: what all of a profile may be together is bounded', async () => {
    const pattern = (index: number) => `${'a'.repeat(MAX_PATTERN_UNITS - 1)}${index}`;
    const count = Math.floor(MAX_PATTERNS_UNITS / MAX_PATTERN_UNITS) + 1;
    const verdicts = Array.from({ length: count }, (_, index) => ({ at: '/v', keys: pattern(index) }));
    const checked = await checkProfile(profileOf({ verdicts }));
    expect(!checked.ok && checked.issues).toMatchObject([{ path: `verdicts[${count - 1}].keys` }]);
    expect((await checkProfile(profileOf({ verdicts: verdicts.slice(1) }))).ok).toBe(true);
  });

  it('is refused before RE2 makes much of it: found by an attack, four of which took 3 s and 700 MB', () => {
    const empty = `(?:${'()*'.repeat(160)})`;
    expect(madeOf([1000, 999, 998, 997].map((times) => `${empty}{${times}}`))).toBe(0);
    expect(
      madeOf(Array.from({ length: 40 }, (_, index) => `${empty.slice(0, 36)}){1${index}}`)),
    ).toBeLessThan(60_000);
    const counts = fc.constantFrom('', '*', '?', '{2}', '{10}', '{0,30}', '{100,}', '{1000}', '{5,1000}');
    const { pattern } = fc.letrec<{ pattern: string; item: string }>((tie) => ({
      item: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom('a', '()', '\\pL', '[)]', '\\)', '[^(]', '\\Q(\\E', 'a|b', '(?i)'),
        tie('pattern').map((inside) => `(${inside})`),
        tie('pattern').map((inside) => `(?:${inside}|)`),
      ),
      pattern: fc
        .array(fc.tuple(tie('item'), counts), { minLength: 1, maxLength: 8 })
        .map((parts) => parts.flat().join('')),
    }));
    let most = 0;
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 12 }), (patterns) => {
        const made = madeOf(patterns);
        expect(made).toBeLessThan(60_000);
        most = Math.max(most, made);
      }),
      { numRuns: 300 },
    );
    expect(most).toBeGreaterThan(2_000);
  });

  it('that nobody checked is refused as well, where records are read by it', async () => {
    await expect(formatOf(withPattern('(?=a)'))).rejects.toThrow(PatternError);
  });
});

describe('what a pattern finds', () => {
  it('is what RegExp finds, over what both know alike', async () => {
    const known = [
      'a',
      'b',
      'é',
      '_',
      '-',
      '😀',
      '\\d',
      '\\w',
      '\\D',
      '[^/]',
      '[a-c_]',
      '\\.',
      '\\p{L}',
      '.',
      '/',
    ];
    const atom = fc.constantFrom(...known);
    const atoms = fc.array(atom, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));
    // never empty: what a group holds after a round in which nothing was matched is told differently
    const unit = fc.oneof(
      { weight: 3, arbitrary: atom },
      atoms.map((inside) => `(${inside})`),
      atoms.map((inside) => `(?<part>${inside})`),
      fc.tuple(atom, atom).map(([one, other]) => `(?:${one}|${other})`),
      fc.tuple(atom, atom).map(([one, other]) => `(${one}|${other})`),
    );
    const repeated = fc.oneof(
      {
        weight: 6,
        arbitrary: fc
          .tuple(unit, fc.constantFrom('', '', '?', '*', '+', '*?', '+?', '{2}', '{1,3}'))
          .map((parts) => parts.join('')),
      },
      fc.constantFrom('^', '$', '\\b', '\\B'),
    );
    const pattern = fc
      .array(repeated, { minLength: 1, maxLength: 5 })
      .map((parts) => parts.join(''))
      .filter((text) => text.split('(?<part>').length <= 2);
    const text = fc
      .array(fc.constantFrom(...'abAÉé_-/.1😀z'), { maxLength: 12 })
      .map((parts) => parts.join(''));
    let matched = 0;
    await fc.assert(
      fc.asyncProperty(pattern, fc.array(text, { maxLength: 8 }), async (source, texts) => {
        const match = await matcherOf(source);
        const expression = new RegExp(source, 'iu');
        for (const one of texts) {
          const expected = partsOf(expression.exec(one));
          // V8 finds \B in the middle of a pair, where by ECMAScript there is no place between two characters.
          if (
            expected &&
            /^[\ud800-\udbff][\udc00-\udfff]$/.test(one.slice(expected.at - 1, expected.at + 1))
          )
            continue;
          expect(partsOf(match(one)), one).toEqual(expected);
          if (expected) matched++;
        }
      }),
      {
        numRuns: 400,
        examples: [
          ['\\B', ['a😀']],
          ['\\Ba*?', ['a😀']],
        ],
      },
    );
    expect(matched).toBeGreaterThan(200);
  });

  it('is what RegExp finds, for every pattern that we bring along or describe', async () => {
    const described = [
      ...readFileSync(join(ROOT, 'media/readme/formats.md'), 'utf8').matchAll(
        /"(?:pattern|keys|key)": ("(?:[^"\\]|\\.)*")/g,
      ),
    ];
    const ours = BUILT_IN.flatMap((profile) => patternsOf(profile).map(({ pattern }) => pattern));
    const patterns = [...ours, ...described.map(([, text]) => JSON.parse(text ?? '') as string)];
    expect(patterns.length).toBeGreaterThan(6);
    const word = fc.constantFrom(
      ...[
        'helpful-only',
        'animal_welfare',
        'Animal Welfare',
        '/',
        '_',
        '-',
        ' ',
        'free',
        'paid',
        'unobserved',
        'monitored',
      ],
      ...[
        'training',
        'deployment',
        'v3_',
        'default',
        '_classification',
        'gpt',
        ' as ',
        'x',
        '.jsonl',
        'report',
        '\n',
      ],
    );
    const text = fc.array(word, { maxLength: 8 }).map((words) => words.join(''));
    const both = await Promise.all(
      patterns.map(async (source) => [await matcherOf(source), new RegExp(source, 'iu')] as const),
    );
    fc.assert(
      fc.property(text, (one) => {
        for (const [match, expression] of both)
          expect(partsOf(match(one)), expression.source).toEqual(partsOf(expression.exec(one)));
      }),
      { numRuns: 500 },
    );
  });
});

/** With the engine that goes back, each of these runs for longer than anybody waits. */
describe('text that a pattern could run on for ever', () => {
  const megabyte = 1_000_000;

  it.each<[string, string, number | null]>([
    ['(a|aa)'.repeat(60), 'a'.repeat(59), null],
    ['(a|aa)'.repeat(60), 'a'.repeat(90), 60],
    ['^(a+)+$', `${'a'.repeat(50_000)}!`, null],
    ['.*.*.*!', 'x'.repeat(megabyte), null],
    ['.*.*.*!', `${'x'.repeat(megabyte)}!`, megabyte + 1],
  ])('is gone over once: %s', async (pattern, text, length) => {
    expect((await matcherOf(pattern))(text)?.[0].length ?? null).toBe(length);
  });

  it('makes a bad record of one that would take too long, and says which pattern on how much', async () => {
    const format = await formatOf(withPattern('(a|aa)'.repeat(60)));
    const record = { text: 'x', v: 'a'.repeat(megabyte) };
    expect(() => format.read(record, place)).toThrow(
      /would take too long on it: \(a\|aa\).* on 1000000 characters/,
    );
    // what one record cost is no fault of the next
    for (let i = 0; i < 3; i++)
      expect(format.read({ text: 'x', v: 'b'.repeat(8_000) }, place)).toHaveLength(1);
  });

  it('counts what is copied at each step, where there are very many groups: by an attack, 1 s a record', async () => {
    const record = { text: 'x', v: 'a'.repeat(6_000) };
    const formatWith = (groups: number) => formatOf(withPattern(`${'()'.repeat(groups)}(?:\\pL*){29}$`));
    expect((await formatWith(10)).read(record, place)).toHaveLength(1);
    const many = await formatWith(160);
    expect(() => many.read(record, place)).toThrow('would take too long on it');
  });

  it('costs a record no more in several pieces', async () => {
    const keys = Object.fromEntries(
      Array.from({ length: 2_000 }, (_, index) => [`${index}${'a'.repeat(1_000)}`, 1]),
    );
    const format = await formatOf(profileOf({ verdicts: [{ at: '/v', keys: '(a|b)*c{9}' }] }));
    expect(() => format.read({ text: 'x', v: keys }, place)).toThrow(/would take too long/);
  });

  it('costs a preview no more than one record', async () => {
    const text = 'x'.repeat(100_000);
    const record = { text: 'x', v: text };
    const pattern = '(?:free|paid) tier';
    const size = 18 * text.length;
    const parts = await previewMapping(withPattern(pattern), Array(20).fill(record), () => place);
    const read = parts.flat().filter(({ ok }) => ok);
    expect(read.length).toBeGreaterThan(0);
    expect(read.length).toBeLessThanOrEqual(MAX_STEPS / size + 1);
    expect(parts.flat().at(-1)).toMatchObject({ ok: false, reason: expect.stringContaining('too long') });
  });

  it('refuses the join whose other file holds it', async () => {
    const rule: JoinRule = {
      file: 'judged.json',
      by: 'id',
      here: '/id',
      there: '/id',
      verdicts: [{ at: '/v', keys: '(a|aa)'.repeat(60) }],
    };
    const patterns = await compilePatterns(profileOf({ joins: [rule] }));
    const records = (record: object) => [{ record: { id: 1, ...record }, place }];
    const result = joinVerdicts(rule, records({}), records({ v: { ['a'.repeat(megabyte)]: 1 } }), patterns);
    expect(!result.ok && result.reason).toContain('would take too long');
  });
});

describe('the engine of patterns', () => {
  it('is in no webview, and loaded by nothing before a profile with patterns is read', async () => {
    const entries = [
      'src/extension.ts',
      'src/node/indexWorker.ts',
      'src/node/searchWorker.ts',
      'src/cli/main.ts',
    ];
    const pages = readdirSync(join(ROOT, 'webview'))
      .filter((name) => name === 'editor' || name === 'metrics')
      .map((name) => `webview/${name}/main.tsx`);
    expect(pages).toHaveLength(2);
    const bundle = (entryPoints: string[], platform: 'node' | 'browser') =>
      build({
        ...{
          absWorkingDir: ROOT,
          bundle: true,
          write: false,
          metafile: true,
          outdir: 'out',
          logLevel: 'silent',
        },
        ...{ entryPoints, platform, external: ['vscode'], jsx: 'automatic', jsxImportSource: 'preact' },
      });
    const importers = ({ metafile }: Awaited<ReturnType<typeof bundle>>) =>
      Object.entries(metafile?.inputs ?? {}).flatMap(([file, { imports }]) =>
        imports.filter(({ path }) => path.includes('/re2js/')).map(({ kind }) => [file, kind]),
      );
    expect(importers(await bundle(pages, 'browser'))).toEqual([]);
    expect(importers(await bundle(entries, 'node'))).toEqual([
      ['src/core/formats/pattern.ts', 'dynamic-import'],
    ]);
  }, 60_000);
});
