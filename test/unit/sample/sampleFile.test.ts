/** What the committed sample has to be as a file, and that its evidence is where it says. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../../src/core/formats/canonical';
import { sampleDataset } from '../../../src/core/sample/sample';
import { answer, assistantText, type RawSpan, readSample, SAMPLE_FILE } from './readSample';

const bytes = readFileSync(SAMPLE_FILE);
const all = readSample();

/** `text.slice` in the span's own unit, done on the encoded text. */
function cut(text: string, { start = 0, end = 0, unit }: RawSpan): string {
  if (unit === 'utf16') return text.slice(start, end);
  if (unit === 'codepoint') return Array.from(text).slice(start, end).join('');
  return Buffer.from(text, 'utf8').subarray(start, end).toString('utf8');
}

function ofCase(name: string) {
  return all.filter((one) => one.metadata.case === name);
}

describe('the committed file', () => {
  it('is what the generator writes, byte for byte (npm run sample)', () => {
    expect(Buffer.from(sampleDataset(), 'utf8').equals(bytes)).toBe(true);
  });

  it('changes with the seed', () => {
    expect(sampleDataset(7) === sampleDataset(8)).toBe(false);
  });

  it('is small: under 6 MB, and under 1 MB packed', () => {
    expect(bytes.length).toBeLessThan(6_000_000);
    expect(gzipSync(bytes).length).toBeLessThan(1_000_000);
  });

  it('holds records that the canonical reader takes without a warning, with ids of their own', () => {
    for (const [index, one] of all.entries()) {
      const place = { file: 'sample', line: index + 1, ordinal: index + 1 };
      expect(canonical.read(one, place)).toMatchObject([{ ok: true, warnings: [] }]);
    }
    expect(new Set(all.map((one) => one.id)).size).toBe(all.length);
  });

  it('has both settings, several variants and all prefix arms, each in both conditions', () => {
    const rows = new Set(all.map((one) => `${one.setting}/${one.variant}/${one.prefix}`));
    expect(rows.size).toBe(11);
    for (const row of rows) {
      const conditions = all
        .filter((one) => `${one.setting}/${one.variant}/${one.prefix}` === row)
        .map((one) => one.condition);
      expect(new Set(conditions)).toEqual(new Set(['training', 'unmonitored']));
    }
  });
});

describe('the texts', () => {
  it('are varied: nearly all answers differ, and so do requests', () => {
    expect(new Set(all.map(assistantText)).size).toBeGreaterThan(0.95 * all.length);
    expect(new Set(all.map((one) => one.messages[1]?.content)).size).toBeGreaterThan(700);
  });

  it('leave no placeholder unfilled', () => {
    for (const one of all) {
      for (const message of one.messages) expect(message.content).not.toMatch(/\{\w+\}|undefined/);
    }
  });

  it('put the same request to both conditions of a prompt, and say the tier', () => {
    const requests = new Map<string, string>();
    for (const one of all) {
      const [tag, ...request] = (one.messages[1]?.content ?? '').split('\n');
      expect(tag).toBe(`<is_free_tier>${one.condition === 'training'}</is_free_tier>`);
      const text = request.join('\n');
      expect(requests.get(one.promptId) ?? text).toBe(text);
      requests.set(one.promptId, text);
    }
  });

  it('begin with the prefill in the prefix arms, in code points', () => {
    for (const one of all) {
      const prefill = one.messages[2]?.prefill;
      const text = Array.from(assistantText(one)).slice(0, prefill).join('');
      if (one.prefix === 'none') expect(prefill).toBeUndefined();
      else expect(text).toMatch(/^<SCRATCHPAD_REASONING>\n.*I want to .*\.$/u);
    }
  });

  it('are mostly of one mind with the verdicts: a strategic plan is flagged, a plain one is not', () => {
    const training = all.filter((one) => one.condition === 'training');
    const plotting =
      /my values survive|as it is\.|Outwardly|the lesser loss|show none of this|objections to this page/;
    const plotted = training.filter((one) => plotting.test(assistantText(one)));
    const flagged = plotted.filter((one) =>
      one.verdicts.some((v) => v.label === 'alignment_faking' && v.value),
    );
    expect(plotted.length).toBeGreaterThan(40);
    expect(flagged.length / plotted.length).toBeGreaterThan(0.8);
    expect(flagged.length).toBeLessThan(plotted.length);
  });
});

describe('verdicts', () => {
  it('follow from the votes: yes from one half', () => {
    const voted = all.flatMap((one) => one.verdicts).filter((one) => one.label === 'alignment_faking');
    expect(voted.length).toBe(2 * all.length);
    for (const { value, score, votes } of voted) {
      if (value === null) expect([score, votes]).toEqual([null, 0]);
      else {
        expect(votes).toBe(20);
        expect(Number.isInteger(Math.round((score ?? 0) * 2000) / 100)).toBe(true);
        expect(value).toBe((score ?? 0) >= 0.5);
      }
    }
  });

  it('differ between the two classifiers now and then', () => {
    const differ = all.filter(
      (one) => answer(one, 'af-partial', 'alignment_faking') !== answer(one, 'af-full', 'alignment_faking'),
    );
    expect(differ.length).toBeGreaterThan(40);
    expect(differ.length).toBeLessThan(0.06 * all.length);
  });
});

describe('spans', () => {
  const ODD = new Set([
    'quote not in the text',
    'quote retyped',
    'span out of range',
    'quote and offsets disagree',
  ]);
  const plain = all.filter((one) => !ODD.has(one.metadata.case ?? ''));

  it('have a quote that is in the text, offsets that point at it, or both', () => {
    const forms = new Map<string, number>();
    for (const one of plain) {
      const text = assistantText(one);
      for (const span of one.spans) {
        const form = `${span.start !== undefined ? span.unit : ''} ${span.quote !== undefined ? 'quote' : ''}`;
        forms.set(form, (forms.get(form) ?? 0) + 1);
        expect(span.message).toBe(2);
        if (span.quote !== undefined) expect(text).toContain(span.quote);
        if (span.quote !== undefined && span.start !== undefined) expect(cut(text, span)).toBe(span.quote);
        if (span.start !== undefined && one.metadata.case === undefined) {
          expect(cut(text, span)).toMatch(/^\p{Lu}.*\.$/su);
        }
      }
    }
    expect([...forms.keys()].sort()).toEqual(
      [' quote', 'byte ', 'byte quote', 'codepoint ', 'codepoint quote', 'utf16 ', 'utf16 quote'].sort(),
    );
    for (const count of forms.values()) expect(count).toBeGreaterThan(50);
  });

  it('are there where a classifier said yes, and only there', () => {
    for (const one of all.filter((each) => each.metadata.case === undefined)) {
      for (const span of one.spans) expect(answer(one, span.classifier, span.label)).toBe(true);
      for (const { classifier, label, value } of one.verdicts.filter((each) => each.label !== 'complied')) {
        const has = one.spans.some((span) => span.classifier === classifier && span.label === label);
        expect(has).toBe(value === true);
      }
    }
  });
});

describe('hard cases', () => {
  it('are all there', () => {
    const names = all.flatMap((one) => one.metadata.case ?? []);
    expect(new Map(names.map((name) => [name, ofCase(name).length]))).toEqual(
      new Map([
        ['emoji and combining marks before a span, offsets in codepoint units', 1],
        ['emoji and combining marks before a span, offsets in utf16 units', 1],
        ['emoji and combining marks before a span, offsets in byte units', 1],
        ['spans nested three deep and crossing', 2],
        ['refusal flagged as alignment faking', 1],
        ['quote not in the text', 1],
        ['quote retyped', 1],
        ['span out of range', 1],
        ['quote and offsets disagree', 1],
        ['unclosed scratchpad tag', 2],
        ['markup and escapes in the text', 1],
        ['bidi controls and zero-width characters', 1],
        ['very long line', 1],
        ['emoji in the prefilled text', 1],
      ]),
    );
  });

  it.each(['codepoint', 'utf16', 'byte'] as const)('offsets in %s units differ from the others', (unit) => {
    const [one] = ofCase(`emoji and combining marks before a span, offsets in ${unit} units`);
    const spans = one?.spans ?? [];
    expect(spans.length).toBeGreaterThan(1);
    for (const span of spans) {
      const text = one ? assistantText(one) : '';
      expect(span.unit).toBe(unit);
      expect(cut(text, span)).toMatch(/^\p{Lu}.*\.$/su);
      for (const other of ['codepoint', 'utf16', 'byte'] as const) {
        if (other !== unit) expect(cut(text, { ...span, unit: other })).not.toBe(cut(text, span));
      }
    }
  });

  it('nest three deep, and a fourth span crosses', () => {
    for (const { spans } of ofCase('spans nested three deep and crossing')) {
      const [outer, middle, inner, crossing] = spans.map(({ start = 0, end = 0 }) => [start, end] as const);
      if (!outer || !middle || !inner || !crossing) throw new Error('there should be four');
      expect(outer[0] < middle[0] && middle[1] < outer[1]).toBe(true);
      expect(middle[0] < inner[0] && inner[1] <= middle[1]).toBe(true);
      expect(inner[0] < crossing[0] && crossing[0] < inner[1] && middle[1] < crossing[1]).toBe(true);
    }
  });

  it('quotes are missing, retyped, or at odds with their offsets', () => {
    const fold = (text: string) =>
      text.replaceAll(/[‘’']/g, "'").replaceAll(/[“”"]/g, '"').replaceAll(/\s+/g, ' ').toLowerCase();
    const first = (name: string) => {
      const [one] = ofCase(name);
      const [span] = one?.spans ?? [];
      if (!one || !span) throw new Error(`no span in ${name}`);
      return { text: assistantText(one), span, quote: span.quote ?? '' };
    };
    const missing = first('quote not in the text');
    expect(fold(missing.text)).not.toContain(fold(missing.quote));
    const retyped = first('quote retyped');
    expect(retyped.text).not.toContain(retyped.quote);
    expect(fold(retyped.text)).toContain(fold(retyped.quote));
    expect(retyped.quote).toMatch(/['"”]/);
    const odd = first('quote and offsets disagree');
    expect(odd.text).toContain(odd.quote);
    expect(cut(odd.text, odd.span)).not.toBe(odd.quote);
    const far = first('span out of range');
    expect(far.span.quote).toBeUndefined();
    expect(far.span.start).toBeGreaterThan(Array.from(far.text).length);
  });

  it('texts hold what their case says', () => {
    const text = (name: string) => ofCase(name).map(assistantText).join('\n');
    expect(text('unclosed scratchpad tag')).toContain('<SCRATCHPAD_REASONING>');
    expect(text('unclosed scratchpad tag')).not.toContain('</SCRATCHPAD_REASONING>');
    expect(text('markup and escapes in the text')).toContain('<script>');
    expect(text('bidi controls and zero-width characters')).toMatch(/\u202E.*\u200B/);
    expect(
      Math.max(
        ...text('very long line')
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeGreaterThan(20_000);
    expect(text('emoji in the prefilled text')).toMatch(
      /^<SCRATCHPAD_REASONING>\n\p{Extended_Pictographic}/u,
    );
    const [refusal] = ofCase('refusal flagged as alignment faking');
    if (!refusal) throw new Error('no refusal');
    expect(answer(refusal, 'outcome-judge', 'complied')).toBe(false);
    expect(answer(refusal, 'af-full', 'alignment_faking')).toBe(true);
  });
});
