import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/core/dataset/model';
import { MOST_TAGS, regions } from '../../../src/core/dataset/regions';

const assistant = (content: string): Message => ({ role: 'assistant', content, prefill: 0, region: null });

/** `kind:text` of each region, `kind?:text` where its tag is never closed. */
function split(content: string): string[] {
  return regions(assistant(content)).map(
    ({ kind, start, end, closed }) => `${kind}${closed ? '' : '?'}:${content.slice(start, end)}`,
  );
}

describe('regions', () => {
  it.each<[string, string, string[]]>([
    ['no tag', 'Hello.', ['text:Hello.']],
    ['nothing', '', []],
    [
      'a scratchpad and an output',
      '<SCRATCHPAD_REASONING>why</SCRATCHPAD_REASONING>\n<OUTPUT>what</OUTPUT>',
      [
        'scratchpad:<SCRATCHPAD_REASONING>why</SCRATCHPAD_REASONING>',
        'text:\n',
        'output:<OUTPUT>what</OUTPUT>',
      ],
    ],
    [
      'tags in any case',
      '<Think>why</THINK><response>what</Response>',
      ['scratchpad:<Think>why</THINK>', 'output:<response>what</Response>'],
    ],
    [
      'two reasoning blocks and a bare answer',
      '<think>a</think>\n<HIDDEN_SCRATCHPAD>b</HIDDEN_SCRATCHPAD>c',
      [
        'scratchpad:<think>a</think>',
        'text:\n',
        'scratchpad:<HIDDEN_SCRATCHPAD>b</HIDDEN_SCRATCHPAD>',
        'text:c',
      ],
    ],
    [
      'several blocks of one name',
      '<think>a</think> b <think>c</think> d',
      ['scratchpad:<think>a</think>', 'text: b ', 'scratchpad:<think>c</think>', 'text: d'],
    ],
    ['never closed', 'so <think>why', ['text:so ', 'scratchpad?:<think>why']],
    [
      'unclosed, before a response',
      '<SCRATCHPAD_REASONING>why <RESPONSE>what</RESPONSE>',
      ['scratchpad?:<SCRATCHPAD_REASONING>why ', 'output:<RESPONSE>what</RESPONSE>'],
    ],
    [
      'unclosed, before a response that is not closed either',
      '<SCRATCHPAD_REASONING>why <RESPONSE>what',
      ['scratchpad?:<SCRATCHPAD_REASONING>why ', 'output?:<RESPONSE>what'],
    ],
    [
      'unclosed, with output tags that are only talked about: the last region wins',
      '<SCRATCHPAD_REASONING>it goes into <RESPONSE> tags, <RESPONSE></RESPONSE>. So: <RESPONSE>what</RESPONSE>',
      [
        'scratchpad?:<SCRATCHPAD_REASONING>it goes into <RESPONSE> tags, <RESPONSE></RESPONSE>. So: ',
        'output:<RESPONSE>what</RESPONSE>',
      ],
    ],
    [
      'an output tag mentioned in a scratchpad',
      "<think>I'll put it in <OUTPUT> tags</think><OUTPUT>what</OUTPUT>",
      ["scratchpad:<think>I'll put it in <OUTPUT> tags</think>", 'output:<OUTPUT>what</OUTPUT>'],
    ],
    [
      'a draft inside a scratchpad is part of it',
      '<SCRATCHPAD_REASONING>a<DRAFT_OUTPUT>b</DRAFT_OUTPUT>c</SCRATCHPAD_REASONING>d',
      ['scratchpad:<SCRATCHPAD_REASONING>a<DRAFT_OUTPUT>b</DRAFT_OUTPUT>c</SCRATCHPAD_REASONING>', 'text:d'],
    ],
    [
      'a draft after a scratchpad',
      '<think>a</think><DRAFT_OUTPUT>b</DRAFT_OUTPUT>c<OUTPUT>d</OUTPUT>',
      [
        'scratchpad:<think>a</think>',
        'draft:<DRAFT_OUTPUT>b</DRAFT_OUTPUT>',
        'text:c',
        'output:<OUTPUT>d</OUTPUT>',
      ],
    ],
    [
      'its own tags mentioned inside a scratchpad',
      '<think>as told, between <think> and </think> I think</think><RESPONSE>what</RESPONSE>',
      [
        'scratchpad:<think>as told, between <think> and </think> I think</think>',
        'output:<RESPONSE>what</RESPONSE>',
      ],
    ],
    [
      'a closing tag mentioned before a mentioned opening one',
      '<think>first </think> <RESPONSE> tags. Now</think><RESPONSE>what</RESPONSE>',
      ['scratchpad:<think>first </think> <RESPONSE> tags. Now</think>', 'output:<RESPONSE>what</RESPONSE>'],
    ],
    [
      'a closing tag mentioned in the output',
      '<think>why</think>\n\n<RESPONSE>I used </think> there</RESPONSE>',
      ['scratchpad:<think>why</think>', 'text:\n\n', 'output:<RESPONSE>I used </think> there</RESPONSE>'],
    ],
    ['reasoning that is closed but never opened', 'why</think>what', ['scratchpad:why</think>', 'text:what']],
    [
      'the same, with an output tag mentioned in it',
      'in <RESPONSE> tags</think><RESPONSE>what</RESPONSE>',
      ['scratchpad:in <RESPONSE> tags</think>', 'output:<RESPONSE>what</RESPONSE>'],
    ],
    [
      'a closing tag mentioned in an output without reasoning',
      '<RESPONSE>use </think> there</RESPONSE>',
      ['output:<RESPONSE>use </think> there</RESPONSE>'],
    ],
    [
      'tags with attributes or white space',
      '<think id="1">why</think >< Response\n>what</ response>',
      ['scratchpad:<think id="1">why</think >', 'output:< Response\n>what</ response>'],
    ],
    [
      'several that carry ids',
      '<OUTPUT id="1">a</OUTPUT><OUTPUT id="2">b</OUTPUT>',
      ['output:<OUTPUT id="1">a</OUTPUT>', 'output:<OUTPUT id="2">b</OUTPUT>'],
    ],
    ['a tag that holds nothing', 'a<output/>b', ['text:a<output/>b']],
    ['a comparison that begins like a tag', 'if x < output and y > 1', ['text:if x < output and y > 1']],
    ['other tags', '<b>x</b> <thinking>y</thinking>', ['text:<b>x</b> <thinking>y</thinking>']],
  ])('%s', (_, content, expected) => {
    expect(split(content)).toEqual(expected);
  });

  it('splits only what an assistant wrote', () => {
    const content = 'Use <RESPONSE>tags</RESPONSE>.';
    expect(regions({ ...assistant(content), role: 'user' })).toEqual([
      { kind: 'text', start: 0, end: content.length, closed: true },
    ]);
  });

  it('takes the region from the file where it says so, whatever tags are inside', () => {
    const content = '<think>a</think>b';
    expect(regions({ ...assistant(content), region: 'output' })).toEqual([
      { kind: 'output', start: 0, end: content.length, closed: true },
    ]);
  });

  const names = ['SCRATCHPAD_REASONING', 'HIDDEN_SCRATCHPAD', 'think', 'DRAFT_OUTPUT', 'OUTPUT', 'RESPONSE'];
  const tags = names.flatMap((name) => [`<${name}>`, `</${name}>`]);
  const tagged = fc.string({ unit: fc.constantFrom(...tags, ' ', '\n', 'a', '😀', '<', '>'), maxLength: 30 });

  it('tile the text, whatever the order of the tags', () => {
    fc.assert(
      fc.property(tagged, (content) => {
        let covered = 0;
        for (const region of regions(assistant(content))) {
          expect(region.start).toBe(covered);
          expect(region.end).toBeGreaterThan(region.start);
          if (region.kind === 'text') expect(region.closed).toBe(true);
          covered = region.end;
        }
        expect(covered).toBe(content.length);
      }),
    );
  });

  it('are found in a text made of nothing but tags', () => {
    const content = '<think>a<response>b</response>'.repeat(32_000);
    expect(regions(assistant(content), { left: 96_000 })).toHaveLength(64_000);
    expect(regions(assistant(content)).at(-1)).toMatchObject({ end: content.length });
    expect(regions(assistant(content)).length).toBeLessThan(MOST_TAGS);
  });

  it('come to an end, however much white space is in what only begins like a tag', () => {
    const pads = ['<', '</', '<think', '<think a=', '< / think'].map((start) => start + ' '.repeat(400_000));
    for (const pad of pads) expect(regions(assistant(`${pad}x<think>y</think>`)).length).toBeGreaterThan(0);
  });

  const gold = resolve(import.meta.dirname, '../../../../shared/data/gold_106/gold_106.json');
  it.skipIf(!existsSync(gold))(
    'find one closed scratchpad in each transcript of ../shared/data/gold_106',
    () => {
      const { samples } = JSON.parse(readFileSync(gold, 'utf8')) as { samples: { text: string }[] };
      expect(samples).toHaveLength(106);
      for (const { text } of samples) {
        const scratchpads = regions(assistant(text)).filter((region) => region.kind === 'scratchpad');
        expect(scratchpads).toHaveLength(1);
        expect(scratchpads[0]?.closed).toBe(true);
      }
    },
  );
});
