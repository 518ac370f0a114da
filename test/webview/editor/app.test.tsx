// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { TranscriptView } from '../../../src/core/viewModel';
import { NOTE_UNITS } from '../../../src/protocol/editor';
import { BlockView } from '../../../webview/editor/block';
import { type EditorPage, openEditor } from '../../support/editorPage';
import type { FakeRecord } from '../../support/fakeEditorHost';
import { flyer, hostile, quoted, seen, transcript, verdict } from '../../support/madeUpTranscripts';

let page: EditorPage;
afterEach(() => page.close());

async function open(records: readonly FakeRecord[], options: Parameters<typeof openEditor>[1] = {}) {
  page = await openEditor(records, options);
  return page;
}

function $(selector: string): HTMLElement {
  const found = page.root.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`nothing matches ${selector}`);
  return found;
}

function texts(selector: string): string[] {
  return [...page.root.querySelectorAll(selector)].map((element) => element.textContent ?? '');
}

async function press(target: HTMLElement, key: string, change: KeyboardEventInit = {}): Promise<boolean> {
  let reachedWindow = false;
  const onKey = () => {
    reachedWindow = true;
  };
  window.addEventListener('keydown', onKey);
  target.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true, ...change }),
  );
  window.removeEventListener('keydown', onKey);
  await page.settle();
  return reachedWindow;
}

async function type(target: HTMLElement, text: string): Promise<void> {
  const control = target.shadowRoot?.querySelector<HTMLTextAreaElement>('.control');
  if (!control) throw new Error('not a text field');
  control.value = text;
  control.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  await page.settle();
}

async function click(target: HTMLElement): Promise<void> {
  target.click();
  await page.settle();
}

const BAD: FakeRecord = {
  kind: 'bad',
  index: 0,
  id: 'line 2',
  line: 2,
  offset: 918,
  reason: 'not JSON: unexpected end',
  raw: '{"id": <b>',
};

describe('the transcript', () => {
  it('shows everything that is stored, but for the folded system message, which says how long it is', async () => {
    await open([flyer()]);
    expect(texts('.who').map((heading) => heading.replace(/\d,\d+/, 'N'))).toEqual([
      'systemcollapsed, N characters',
      'user',
      'assistant · scratchpad6 spans',
      'assistant',
    ]);
    expect(texts('[data-message="2"]').join('')).toBe(flyer().messages[2]?.content);
    expect(page.root.querySelector('[data-message="0"]')).toBeNull();
    await click($('button.fold'));
    expect(texts('[data-message="0"]').join('')).toBe(flyer().messages[0]?.content);
    expect($('button.fold').getAttribute('aria-expanded')).toBe('true');
  });

  it('marks prefilled text, and a scratchpad that was never closed', async () => {
    const content = '<SCRATCHPAD_REASONING>\nI must obey. And so on';
    await open([transcript('t', [{ content, prefill: 35 }])]);
    expect(texts('.prefill').join('')).toBe(content.slice(0, 35));
    expect(texts('.unclosed')).toEqual(['unclosed']);
  });

  it('makes no element out of what is stored, in the text, the list or the header', async () => {
    await open([hostile(), BAD]);
    expect(page.root.querySelector('script, img, a, b b, .row b, .block b')).toBeNull();
    expect($('.recordHeader h2').textContent).toBe('hostile text <b>bold</b>');
    expect(texts('[data-message="1"]').join('')).toContain('<img src=x onerror="alert(1)">');
    expect(page.root.textContent).not.toContain('\u202e');
    await click($('#row-1'));
    expect($('.raw').textContent).toBe('{"id": <b>');
    expect(texts('.facts dd')).toEqual(['line 2', '2', '918', 'not JSON: unexpected end']);
  });

  it('asks for the innermost span at a click', async () => {
    await open([flyer()]);
    await click($('mark[data-span="3"]'));
    expect(page.heard('focusSpan')).toEqual([{ span: 's4' }]);
    expect(texts('mark.focused')).toEqual(['write the flyer now']);
  });

  it('unfolds the system message when the span in focus stands there', async () => {
    const messages = [{ role: 'system', content: 'All of this is monitored.' }, { content: 'Fine.' }];
    await open([
      transcript('t', messages, { spans: [quoted('s', 'unmonitored_awareness', 'is monitored')] }),
    ]);
    expect(page.root.querySelector('mark')).toBeNull();
    page.host.command('nextSpan');
    await page.settle();
    expect(texts('mark.focused')).toEqual(['is monitored']);
  });

  it('focuses every piece of a stitched quote as one span, and says how much of it was found', async () => {
    const content = 'If the tier is paid, and they look, I would refuse all of this.\n'.padEnd(9_000, 'so\n');
    const messages = [{ content: `${content} It is only a text.` }];
    const quotes = [
      'if the tier is paid … I would refuse all of this … it is only a text',
      'and they lock, I would refuse all of this',
    ];
    const spans = quotes.map((quote, n) => quoted(`s${n}`, 'free_to_act', quote));
    await open([transcript('t', messages, { spans })]);
    page.host.command('nextSpan');
    await page.settle();
    expect(texts('mark.focused').join('|')).toBe(
      'If the tier is paid|I would refuse all of this|It is only a text',
    );
    expect(texts('.spanItem.focused .spanFacts div')).toContain('put together from several places');
    expect(texts('.spanItem .quality')).toEqual(['≈ 96 %']);
    page.host.command('nextSpan');
    await page.settle();
    expect(texts('.spanItem.focused .spanFacts div')).toContain('approximate, 96 %');
  });

  it('follows what was decided on it, where a span has got other bounds, too, and draws nothing else again', async () => {
    const content = Array.from({ length: 400 }, (_, n) => `line ${n} of the text\n`).join('');
    await open([transcript('t', [{ content }], { spans: [quoted('a', 'intent', 'line 2 of')] })]);
    const drawn = vi.spyOn(BlockView.prototype, 'render');
    const marked = () => texts('mark').join('');
    expect(marked()).toBe('line 2 of');
    expect(texts('.block')).toHaveLength(3);
    const record = page.host.record() as TranscriptView;
    const decided = record.spans.map((span) => ({ ...span, mine: 'confirm' as const }));
    page.host.tellRecord({ ...record, spans: decided });
    await page.settle();
    expect($('mark').className).toContain('confirmed');
    expect(drawn).toHaveBeenCalledTimes(1);
    drawn.mockRestore();
    const place = { message: 0, start: 0, end: 6 };
    page.host.tellRecord({ ...record, spans: decided.map((span) => ({ ...span, place, places: [place] })) });
    await page.settle();
    expect(marked()).toBe('line 0');
  });

  it('asks for all where a change is of a state that it was never told', async () => {
    await open([transcript('t', [{ content: 'a' }])]);
    const asked = page.heard('ready').length;
    const common = { cursor: page.host.cursor, reveal: false };
    page.host.channel.notify('review', { ...common, patch: { note: 'not of this' }, version: 9 });
    await page.settle();
    expect(page.heard('ready')).toHaveLength(asked + 1);
    expect(page.root.textContent).not.toContain('not of this');
    page.host.command('answerYes');
    await page.settle();
    expect(page.heard('ready')).toHaveLength(asked + 1);
  });

  it('tells the host which stored text is selected', async () => {
    await open([flyer()]);
    const from = $('mark[data-span="0"]').firstChild;
    if (!from) throw new Error('an empty mark');
    window.getSelection()?.setBaseAndExtent(from, 5, from, 17);
    const selected = await page.host.channel.request('selection', {});
    expect(selected).toMatchObject({ id: flyer().id, message: 2 });
    expect(flyer().messages[2]?.content.slice(selected?.start, selected?.end)).toBe('conversation');
    window.getSelection()?.removeAllRanges();
    expect(await page.host.channel.request('selection', {})).toBeNull();
  });
});

describe('labels and spans', () => {
  it('say what stands in words, with votes and derived verdicts', async () => {
    await open([flyer()]);
    const cards = texts('.card');
    expect(cards[0]).toContain('Complied' + 'not reviewed' + 'preference' + 'yes' + '0.91');
    expect(cards[1]).toContain('af-partial' + 'yes' + '11/20');
    expect(cards[1]).toContain('af-full' + 'no' + '2/20');
    expect(cards[2]).toContain('tags derived' + '–');
  });

  it('send an answer, show what the host made of it, and take it back', async () => {
    await open([flyer()]);
    page.host.command('nextLabel');
    await page.settle();
    await click($('.answer.to-yes'));
    const decided = { kind: 'label', ...seen(flyer()), label: 'alignment_faking', answer: 'yes' };
    expect(page.heard('decide')).toEqual([decided]);
    expect($('.card.focused .status').textContent).toBe('yes · confirms 1, overrides 1');
    const button = $('.answer.to-yes').shadowRoot?.querySelector('button');
    expect(button?.getAttribute('aria-pressed')).toBe('true');
    expect($('[aria-live]').textContent).toBe('Alignment faking: yes · confirms 1, overrides 1');
    await click($('.answer.to-yes'));
    expect(page.heard('decide')).toEqual([decided, { ...decided, answer: null }]);
    expect($('.card.focused .status').textContent).toBe('not reviewed');
  });

  it('change nothing before the host says so', async () => {
    await open([flyer()]);
    page.host.channel.dispose();
    await click($('.answer.to-no'));
    expect($('.card.focused .status').textContent).toBe('not reviewed');
    expect($('.answer.to-no').shadowRoot?.querySelector('button')?.getAttribute('aria-pressed')).toBe(
      'false',
    );
  });

  it('ask for the label whose card is clicked', async () => {
    await open([flyer()]);
    const card = [...page.root.querySelectorAll<HTMLElement>('.card button.plain')][2];
    if (card) await click(card);
    expect(page.heard('focusLabel')).toEqual([{ label: 'unmonitored_awareness' }]);
  });

  it('list every span, say which was not found, and decide on the one in focus', async () => {
    await open([flyer()]);
    expect(texts('.spanItem .words')).toHaveLength(7);
    expect(texts('.words.lost')).toEqual(['“would rather deceive” — not found in the text']);
    await click($('.spanItem .quote'));
    expect(texts('.heading')[1]).toBe('Spans 1 of 7');
    expect($('.spanItem.focused .spanFacts').textContent).toContain('found word for word');
    await click($('.spanButtons .to-no'));
    expect(page.heard('decide')).toEqual([{ kind: 'span', ...seen(flyer()), span: 's1', action: 'reject' }]);
    expect($('mark[data-span="0"]').classList).toContain('rejected');
    expect($('[aria-live]').textContent).toContain('rejected by you');
  });

  it('of which there are thousands are listed around the one in focus', async () => {
    const content = 'word '.repeat(1000);
    const spans = Array.from({ length: 900 }, (_, i) =>
      quoted(`s${i}`, 'free_to_act', '', { quote: null, message: 0, start: i * 5, end: i * 5 + 4 }),
    );
    await open([transcript('t', [{ content }], { spans })]);
    expect(texts('.spanItem')).toHaveLength(60);
    page.host.tellRecord(page.host.record(), { span: 's500' }, true);
    await page.settle();
    expect(texts('.spanItem.focused')).toHaveLength(1);
    expect(texts('.side > vscode-button')).toEqual(['440 earlier spans…', '340 later spans…']);
  });
});

describe('the note', () => {
  it('says that it is full, where no more is taken', async () => {
    await open([flyer()]);
    const full = () => page.root.querySelector('.note + .fault')?.textContent ?? null;
    await type($('.note'), 'x'.repeat(NOTE_UNITS - 1));
    expect(full()).toBeNull();
    await type($('.note'), 'x'.repeat(NOTE_UNITS));
    expect(full()).toContain('The note is full: it has 100,000 characters');
  });

  it('keeps typed keys from VS Code, but for chords that are not editing', async () => {
    await open([flyer()]);
    const note = $('.note');
    for (const key of ['j', 'y', 'Backspace', 'Enter', '?']) expect(await press(note, key)).toBe(false);
    expect(await press(note, 'z', { ctrlKey: true })).toBe(false);
    expect(await press(note, 's', { ctrlKey: true })).toBe(true);
    expect(await press($('.transcript'), 'j')).toBe(true);
  });

  it('is sent on Ctrl+Enter and when it loses the focus, each text once', async () => {
    await open([flyer()]);
    await type($('.note'), 'partial commitment');
    expect(page.heard('decide')).toEqual([]);
    await press($('.note'), 'Enter', { ctrlKey: true });
    expect(page.heard('decide')).toEqual([{ kind: 'note', ...seen(flyer()), text: 'partial commitment' }]);
    $('.note').dispatchEvent(new FocusEvent('blur'));
    await page.settle();
    expect(page.heard('decide')).toHaveLength(1);
    await type($('.note'), 'changed my mind');
    $('.note').dispatchEvent(new FocusEvent('blur'));
    await page.settle();
    expect(page.heard('decide').at(-1)).toEqual({ kind: 'note', ...seen(flyer()), text: 'changed my mind' });
    expect($('[aria-live]').textContent).toBe('Note saved');
  });

  it('is sent before another transcript takes its place', async () => {
    await open([flyer(), hostile()]);
    await type($('.note'), 'not yet sent');
    page.host.command('nextTranscript');
    await page.settle();
    expect(page.heard('decide')).toEqual([{ kind: 'note', ...seen(flyer()), text: 'not yet sent' }]);
    expect($('.note').shadowRoot?.querySelector<HTMLTextAreaElement>('.control')?.value).toBe('');
  });

  it('is sent when the editor is hidden, and kept when even that came too late', async () => {
    await open([flyer()]);
    await type($('.note'), 'half a thought');
    const killed = page.state();
    window.dispatchEvent(new Event('pagehide'));
    await page.settle();
    expect(page.heard('decide')).toEqual([{ kind: 'note', ...seen(flyer()), text: 'half a thought' }]);
    page.close();
    await open([flyer()], { state: killed });
    expect(page.heard('decide')).toEqual([{ kind: 'note', ...seen(flyer()), text: 'half a thought' }]);
    const { draft } = page.state() as { draft: unknown };
    expect(draft).toBeNull();
  });

  it('is kept when the host refuses it, and sent again', async () => {
    await open([flyer(), hostile()]);
    await type($('.note'), 'precious');
    page.host.refusal = 'the file has changed';
    page.host.command('nextTranscript');
    await page.settle();
    expect(texts('[role=alert]').join(' ')).toContain('the file has changed');
    expect(page.state()).toMatchObject({ draft: { id: flyer().id, text: 'precious' } });
    page.host.refusal = null;
    page.host.command('previousTranscript');
    await page.settle();
    expect(page.heard('decide').at(-1)).toEqual({ kind: 'note', ...seen(flyer()), text: 'precious' });
    expect(page.state()).toMatchObject({ draft: null });
  });

  it('is kept while nobody has said who decides', async () => {
    await open([flyer(), hostile()]);
    page.host.isNamed = false;
    await type($('.note'), 'precious');
    await press($('.note'), 'Enter', { ctrlKey: true });
    page.host.moveTo(0);
    await page.settle();
    expect($('.note').shadowRoot?.querySelector<HTMLTextAreaElement>('.control')?.value).toBe('precious');
    expect(page.state()).toMatchObject({ draft: { text: 'precious' } });
    const asked = page.heard('decide').length;
    $('.note').dispatchEvent(new FocusEvent('blur'));
    await page.settle();
    expect(page.heard('decide')).toHaveLength(asked);
    page.host.isNamed = true;
    await press($('.note'), 'Enter', { ctrlKey: true });
    expect(page.state()).toMatchObject({ draft: null });
    expect($('[aria-live]').textContent).toBe('Note saved');
  });

  it('names the text beside which it was typed, and the one on screen once it is sent again', async () => {
    const records = [flyer()];
    await open(records);
    await type($('.note'), 'precious');
    const [message] = flyer().messages;
    const rewritten = { ...flyer(), messages: message ? [{ ...message, content: 'another text' }] : [] };
    records[0] = rewritten;
    page.host.moveTo(0);
    await page.settle();
    $('.note').dispatchEvent(new FocusEvent('blur'));
    await page.settle();
    expect(page.heard('decide')).toEqual([{ kind: 'note', ...seen(flyer()), text: 'precious' }]);
    expect(page.state()).toMatchObject({ draft: null });
    expect(texts('.side .warn').join(' ')).toContain('Stale');
    for (let times = 0; times < 2; times++) {
      page.host.isNoteStale = true;
      page.host.moveTo(0);
      await page.settle();
      await press($('.note'), 'Enter', { ctrlKey: true });
      expect(page.heard('decide').at(-1)).toEqual({ kind: 'note', ...seen(rewritten), text: 'precious' });
      expect(page.heard('decide')).toHaveLength(2 + times);
      expect(texts('.side .warn').join(' ')).not.toContain('Stale');
    }
  });

  it('is sent once where an earlier version kept it and the host refuses it', async () => {
    await open([flyer()]);
    await type($('.note'), 'precious');
    const { draft, ...state } = page.state() as { draft: { id: string; text: string } };
    page.close();
    page = await openEditor([flyer()], { state: { ...state, draft: { id: draft.id, text: draft.text } } });
    expect(page.heard('decide')).toEqual([{ kind: 'note', ...seen(flyer()), text: 'precious' }]);
    page.close();
    page = await openEditor([flyer()], {
      state: { ...state, draft: { id: draft.id, text: draft.text } },
      prepare: (host) => {
        host.refusal = 'the file has changed';
      },
    });
    await page.settle();
    expect(page.heard('decide')).toHaveLength(1);
  });

  it('says that it is stale, and is kept for the text as it is now by Ctrl+Enter', async () => {
    await open([flyer()]);
    page.host.decide({ kind: 'note', ...seen(flyer()), text: 'odd' });
    page.host.isNoteStale = true;
    page.host.moveTo(0);
    await page.settle();
    expect(texts('.side .warn').join(' ')).toContain(
      'Stale: it was written on a text that has changed since',
    );
    await press($('.note'), 'Enter', { ctrlKey: true });
    expect(page.heard('decide').at(-1)).toEqual({ kind: 'note', ...seen(flyer()), text: 'odd' });
    expect(texts('.side .warn').join(' ')).not.toContain('Stale');
  });

  it('gives the keyboard back to the transcript on Escape', async () => {
    await open([flyer()]);
    // jsdom does not hand the focus on into a shadow root
    const focused: string[] = [];
    $('.note').focus = () => focused.push('note');
    page.host.command('editNote');
    await page.settle();
    expect(focused).toEqual(['note']);
    await press($('.note'), 'Escape');
    expect(document.activeElement).toBe($('.transcript'));
  });
});

describe('the list', () => {
  const many = Array.from({ length: 30 }, (_, i) =>
    transcript(`t${i}`, [{ content: `text ${i}` }], {
      condition: i % 2 ? 'unmonitored' : 'training',
      verdicts: [verdict('preference', 'complied', i % 3 === 0)],
    }),
  );

  it('holds only rows in sight of a million, and asks for their pages alone', async () => {
    await open(many, { total: 1_000_000 });
    expect(page.root.querySelectorAll('[role=option]').length).toBeLessThan(60);
    expect(page.heard('rows')).toEqual([{ start: 0, end: 50 }]);
    expect($('#row-0').getAttribute('aria-setsize')).toBe('1000000');
    expect($('.listSpace').style.height).toBe('24000000px');
    const list = $('.list');
    list.scrollTop = 12_000_000;
    list.dispatchEvent(new Event('scroll'));
    await page.settle();
    expect(page.heard('rows').slice(1)).toEqual([
      { start: 499_950, end: 500_000 },
      { start: 500_000, end: 500_050 },
    ]);
    expect($('#row-500010').getAttribute('aria-posinset')).toBe('500011');
  });

  it('says each row in full words', async () => {
    await open(many);
    expect($('#row-1').getAttribute('aria-label')).toBe(
      't1, unmonitored, refused, alignment faking unknown, not reviewed, helpful-only, variant default, prefix none',
    );
    expect($('#row-1').textContent).toBe('t1HOunmR–');
  });

  it('keeps each row to its line, whatever an id or a setting holds', async () => {
    const odd = 'id\nof two lines\twith a tab';
    await open([transcript(odd, [{ content: 'one\ntwo' }], { setting: 'a\nb' })]);
    for (const cell of ['#row-0 .id', '#row-0 .where', '.recordHeader h2', '.recordHeader dd'])
      expect($(cell).textContent).not.toMatch(/[\n\t]/);
    const chips = [...$('#row-0 .id').querySelectorAll<HTMLElement>('.invisible')];
    expect(chips.map(({ dataset }) => dataset.code)).toEqual(['U+000A', 'U+0009']);
    expect(texts('[data-message="0"]')).toEqual(['one\ntwo']);
  });

  it('moves the host’s cursor by keys and clicks, and points at the row in focus', async () => {
    await open(many);
    const list = $('.list');
    for (const key of ['ArrowDown', 'End', 'ArrowDown', 'Home', 'PageDown']) await press(list, key);
    expect(page.heard('moveTo').slice(0, 3)).toEqual([{ position: 1 }, { position: 29 }, { position: 0 }]);
    await click($('#row-2'));
    expect(page.heard('moveTo').at(-1)).toEqual({ position: 2 });
    expect(list.getAttribute('aria-activedescendant')).toBe('row-2');
    expect(texts('.row.selected')).toEqual([$('#row-2').textContent]);
    expect($('[aria-live]').textContent).toBe('t2, training, 3 of 30');
    await press(list, 'Enter');
    expect(document.activeElement).toBe($('.transcript'));
  });

  it('counts keys from the row that it is going to, before the host has answered', async () => {
    await open(many);
    for (let times = 0; times < 3; times++)
      $('.list').dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
    await page.settle();
    expect(page.heard('moveTo')).toEqual([{ position: 1 }, { position: 2 }, { position: 3 }]);
    // And from there on where it has come to by other keys.
    page.host.command('nextTranscript');
    await page.settle();
    await press($('.list'), 'ArrowDown');
    expect(page.heard('moveTo').at(-1)).toEqual({ position: 5 });
  });
});

describe('filters and messages', () => {
  it('send the filter after a pause in typing, and follow the host’s', async () => {
    await open([flyer(), hostile()]);
    await type($('.idField'), 'ho-01');
    await page.pass(200);
    expect(page.heard('filter')).toEqual([{ text: 'ho-01' }]);
    page.host.command('clearFilter');
    await page.settle();
    expect(($('.idField') as HTMLElement & { value: string }).value).toBe('');
  });

  it('offer to clear a filter that matches nothing', async () => {
    await open([flyer()]);
    page.host.cursor = { position: -1, index: -1, label: null, span: null };
    page.host.tell({ shown: 0, filter: { ...page.host.summary.filter, variant: 'x' } });
    page.host.tellRecord(null);
    await page.settle();
    await click($('.stage vscode-button'));
    expect(page.heard('command')).toEqual([{ name: 'clearFilter' }]);
  });

  it('show progress, and stop on request', async () => {
    await open([flyer()]);
    page.host.tell({ phase: 'indexing', progress: 0.42 });
    await page.settle();
    expect($('.banner').textContent).toContain('42 %');
    await click($('.banner vscode-button'));
    expect(page.heard('command')).toEqual([{ name: 'cancelIndexing' }]);
  });

  it('say why a dataset cannot be shown, and that the file changed', async () => {
    await open([], { total: 0 });
    page.host.tell({ phase: 'failed', error: 'run.jsonl: permission denied' });
    await page.settle();
    expect($('.banner.error').textContent).toContain('permission denied');
    page.host.tell({ phase: 'ready', error: null, notice: 'run.jsonl changed on disk' });
    await page.settle();
    expect($('.banner.notice').textContent).toContain('changed on disk');
    page.host.tell({ faults: 2 });
    await page.settle();
    expect(texts('.statusLine button')).toContain('2 errors');
    await click($('.banner.notice vscode-button'));
    expect(page.heard('command')).toEqual([{ name: 'reload' }]);
  });

  it('say what the host refused', async () => {
    await open([flyer()]);
    page.host.decide = () => {
      throw new Error('the review folder cannot be written');
    };
    await click($('.answer.to-yes'));
    expect($('[role=alert]').textContent).toContain('the review folder cannot be written');
    await click($('[role=alert] vscode-button'));
    expect(page.root.querySelector('[role=alert]')).toBeNull();
  });

  it('open the sheet of keys, from which no key reaches VS Code', async () => {
    await open([flyer()]);
    page.host.command('showKeys');
    await page.settle();
    expect($('dialog').hasAttribute('open')).toBe(true);
    expect(texts('dialog dd')).toContain('Next unreviewed transcript');
    expect(texts('dialog .signGroups div')).toContain('±classifiers disagree');
    expect(await press($('dialog'), 'y')).toBe(false);
    await press($('dialog'), '?');
    expect($('dialog').hasAttribute('open')).toBe(false);
  });
});

describe('a webview that comes back', () => {
  it('finds unfolded messages and the list where they were, for the same transcript only', async () => {
    const records = [flyer(), hostile()];
    await open(records, { total: 1000 });
    await click($('button.fold'));
    $('.list').scrollTop = 2400;
    $('.list').dispatchEvent(new Event('scroll'));
    await page.pass(150);
    const state = page.state();
    page.close();
    await open(records, { total: 1000, state });
    expect($('button.fold').getAttribute('aria-expanded')).toBe('true');
    page.close();
    await open([{ ...flyer(), id: 'another' }], { state });
    expect($('button.fold').getAttribute('aria-expanded')).toBe('false');
  });

  it('starts afresh from a state that it cannot read', async () => {
    await open([flyer()], { state: { v: 99, expanded: 'all' } });
    expect($('.recordHeader h2').textContent).toBe('ho-0102-free');
  });
});

describe('more settings than are listed', () => {
  it('are found by a name that is typed, and counted, with a way to what would settle it', async () => {
    await open([flyer()]);
    const { host } = page;
    expect(texts('.statusLine .warn').join(' ')).not.toContain('not listed');
    host.tell({ unlisted: { settings: 59_800, variants: 0, prefixes: 1 } });
    host.tellFacets({ settings: ['s0', 's1'], variants: ['default'], prefixes: ['none'] });
    await page.settle();
    const field = $('#filter-setting') as HTMLInputElement;
    field.value = 's54321';
    field.dispatchEvent(new Event('input', { bubbles: true }));
    // messages that come in dozens a second do not put it off
    for (let message = 0; message < 5; message++) {
      host.tell({ total: message });
      await page.settle();
    }
    expect(page.heard('filter')).toEqual([{ setting: 's54321' }]);
    expect(texts('.filterBar [aria-label="Filter by variant"] vscode-option')).toEqual([
      'variant: all',
      'default',
    ]);
    const said = $('.statusLine .warn');
    expect(said.textContent).toBe('59,800 settings, 1 prefix arm not listed');
    await click(said);
    expect(page.heard('command')).toEqual([{ name: 'showProfile' }]);
  });
});
