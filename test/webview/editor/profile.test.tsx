// @vitest-environment jsdom
import { afterEach, describe, expect, it } from 'vitest';
import type { ProfileView } from '../../../src/protocol/profile';
import { type EditorPage, openEditor } from '../../support/editorPage';
import { sampleOf } from '../../support/fakeProfile';
import { flyer } from '../../support/madeUpTranscripts';

let page: EditorPage;
afterEach(() => page.close());

const long = (words: string) => `${words}, and it goes on for a while so that nobody takes it for a name.`;
const RECORDS = ['free', 'paid'].map((arm, n) => ({
  case: `c-${n}`,
  arm,
  tone: n === 0 ? 'warm' : 'cold',
  question: long('How'),
  completion: long('<b>So</b>'),
  judge: n === 0 ? 'aligned' : 'faking',
}));

async function open(change: Partial<ProfileView> = {}, records: readonly unknown[] = RECORDS): Promise<void> {
  page = await openEditor([flyer()]);
  page.host.showProfile(sampleOf('odd.csv', records), change);
  await page.settle();
}

function $(selector: string): HTMLElement {
  const found = page.root.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`nothing matches ${selector}`);
  return found;
}

function texts(selector: string): string[] {
  return [...page.root.querySelectorAll(selector)].map((element) => element.textContent ?? '');
}

/** The input that a label with this text names, the n-th of its name. */
function field(label: string, nth = 0): HTMLInputElement {
  const labels = [...page.root.querySelectorAll('label')].filter((one) => one.textContent === label);
  const input =
    labels[nth]?.control ?? page.root.querySelector(`#${CSS.escape(labels[nth]?.htmlFor ?? '-')}`);
  if (!input) throw new Error(`no field is labelled ${label}`);
  return input as HTMLInputElement;
}

function button(words: string): HTMLElement {
  const found = [...page.root.querySelectorAll<HTMLElement>('vscode-button')].find(
    (one) => one.textContent?.trim() === words,
  );
  if (!found) throw new Error(`no button says ${words}`);
  return found;
}

async function typeInto(input: HTMLInputElement | HTMLTextAreaElement, text: string): Promise<void> {
  input.value = text;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  await pause();
}

async function pause(): Promise<void> {
  await page.pass(300);
}

async function press(input: HTMLElement, key: string): Promise<boolean> {
  let reachedWindow = false;
  const onKey = () => {
    reachedWindow = true;
  };
  window.addEventListener('keydown', onKey);
  input.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true }));
  window.removeEventListener('keydown', onKey);
  await page.settle();
  return reachedWindow;
}

/** The newest text that the host was asked about, as a value. */
function draft(): Record<string, unknown> {
  const asked = page.heard('checkProfile').at(-1) as { text: string };
  return JSON.parse(asked.text);
}

function json(): HTMLTextAreaElement {
  return $('textarea.lines') as HTMLTextAreaElement;
}

describe('the view of how a dataset is read', () => {
  it('is reached from the status line, which names the profile', async () => {
    page = await openEditor([flyer()], {
      prepare: (host) => host.tell({ profile: 'flag table', profileKept: true }),
    });
    const name = $('.statusLine button');
    expect(name.textContent).toBe('profile: flag table (kept beside the dataset)');
    name.click();
    await page.settle();
    expect(page.heard('command')).toEqual([{ name: 'showProfile' }]);
  });

  it('stands in place of the transcripts, takes the focus, and goes with Escape', async () => {
    await open();
    expect(page.root.querySelector('.transcript, .list, .filterBar')).toBeNull();
    page.host.channel.notify('focus', { part: 'profile' });
    await page.settle();
    expect(document.activeElement).toBe($('h1'));
    expect($('.profileHead').textContent).toContain('No built-in profile knows the records of odd.csv');
    await press(field('Name of this profile'), 'Escape');
    expect(page.heard('closeProfile')).toEqual([{}]);
    expect($('.transcript')).toBeTruthy();
  });

  it('keeps letters from VS Code, where they decide on a transcript that is not on screen', async () => {
    await open();
    expect(await press($('h1'), 'y')).toBe(false);
    expect(await press($('h1'), 'Backspace')).toBe(false);
    expect(await press($('h1'), 'F1')).toBe(true);
  });

  it('shows what the first records become, as text', async () => {
    await open();
    expect(texts('.previewParts h3')).toEqual(['odd.csv:1#1', 'odd.csv:2#2']);
    expect($('.previewFacets').textContent).toContain('condition: training');
    expect(texts('.previewMessages dt').slice(0, 2)).toEqual(['user', 'assistant']);
    expect($('.previewMessages').textContent).toContain('<b>So</b>');
    expect(page.root.querySelector('.previewMessages b')).toBeNull();
    expect($('.profilePreview p').textContent).toBe(
      '2 transcripts from the first 2 records; 1 training, 1 unmonitored, 0 of unknown condition; 0 complied, 0 did not, 2 of unknown outcome.',
    );
    expect($('[aria-live]').textContent).toContain('Preview: 2 transcripts from the first 2 records');
  });

  it('changes the profile with a field, and the preview after a pause', async () => {
    await open();
    await typeInto(field('Id (parts joined with +)'), '/case');
    expect(draft().id).toEqual(['/case']);
    expect(texts('.previewParts h3')).toEqual(['c-0', 'c-1']);
    expect(JSON.parse(json().value).id).toEqual(['/case']);
    await typeInto(field('Id (parts joined with +)'), '');
    expect('id' in draft()).toBe(false);
  });

  it('adds verdicts and says what they mean', async () => {
    await open();
    button('Add a verdict').click();
    await page.settle();
    await typeInto(field('Place'), '/judge');
    await typeInto(field('Label'), 'alignment_faking');
    await typeInto(field('Classifier'), 'judge');
    await typeInto(field('Yes is'), 'faking, ');
    expect(field('Yes is').value).toBe('faking, ');
    await typeInto(field('No is'), 'aligned');
    expect(draft().verdicts).toEqual([
      { at: '/judge', label: 'alignment_faking', classifier: 'judge', yes: ['faking'], no: ['aligned'] },
    ]);
    expect(texts('.previewVerdicts li')).toEqual([
      'judge: alignment_faking no',
      'judge: alignment_faking yes',
    ]);
    $('vscode-button[title="Remove"]').click();
  });

  it('has fields for the first of very many rules, and says that the others are in the JSON', async () => {
    await open();
    const verdicts = Array.from({ length: 1_000 }, (_, n) => ({ at: `/v${n}` }));
    await typeInto(json(), JSON.stringify({ ...draft(), verdicts }));
    expect(texts('li[aria-label^="verdict"]')).toHaveLength(50);
    expect(texts('.rule').at(-1)).toBe('950 more rules are in the JSON below');
    await typeInto(field('Label'), 'complied');
    expect(draft().verdicts).toHaveLength(1_000);
    await typeInto(json(), JSON.stringify({ ...draft(), verdicts: verdicts.slice(0, 51) }));
    expect(texts('.rule').at(-1)).toBe('1 more rule is in the JSON below');
  });

  it('says in words that a draft is longer than what is taken', async () => {
    await open();
    await typeInto(json(), JSON.stringify({ ...draft(), name: 'x'.repeat(200_000) }));
    expect(texts('.profileHead .fault li').join()).toContain('JSON: longer than 200,000 characters');
  });

  it('says of each condition what it means', async () => {
    await open();
    await typeInto(field('Condition: place'), '/tone');
    expect($('.previewFacets').textContent).toContain('condition: unknown');
    await typeInto(field('These mean training'), 'warm');
    await typeInto(field('These mean unmonitored'), 'cold');
    expect(draft().condition).toMatchObject({
      at: '/tone',
      values: { warm: 'training', cold: 'unmonitored' },
    });
    expect($('.previewFacets').textContent).toContain('condition: training');
  });

  it('moves, changes and takes out messages', async () => {
    await open();
    $('vscode-button[title="Move up"]').click();
    await pause();
    expect(draft().messages).toEqual([
      { at: '/completion', role: 'assistant' },
      { at: '/question', role: 'user' },
    ]);
    const region = field('Region') as unknown as HTMLSelectElement;
    region.value = 'output';
    region.dispatchEvent(new Event('change', { bubbles: true }));
    await pause();
    expect(draft().messages).toMatchObject([{ region: 'output' }, {}]);
    page.root.querySelectorAll<HTMLElement>('vscode-button[title="Remove"]')[1]?.click();
    await pause();
    expect(draft().messages).toEqual([{ at: '/completion', role: 'assistant', region: 'output' }]);
  });

  it('says at the field what is wrong, and reads nothing that way', async () => {
    await open();
    await typeInto(field('Id (parts joined with +)'), 'case');
    const id = field('Id (parts joined with +)');
    expect(id.getAttribute('aria-invalid')).toBe('true');
    const [described = ''] = (id.getAttribute('aria-describedby') ?? '').split(' ');
    const fault = document.getElementById(described);
    expect(fault?.textContent).toBe('expected a JSON Pointer, such as /scores/af');
    expect(button('Read the dataset this way').hasAttribute('disabled')).toBe(true);
    expect($('[aria-live]').textContent).toContain('Cannot be read this way: id[0]');
    await typeInto(id, '/case');
    expect(id.hasAttribute('aria-invalid')).toBe(false);
    expect(button('Read the dataset this way').hasAttribute('disabled')).toBe(false);
  });

  it('follows the whole as JSON, and shows no fields while that is none', async () => {
    await open();
    const value = { ...JSON.parse(json().value), name: 'mine', model: { at: '/tone' } };
    json().value = JSON.stringify(value);
    json().dispatchEvent(new Event('input', { bubbles: true }));
    await pause();
    expect(field('Name of this profile').value).toBe('mine');
    expect(field('Model: place').value).toBe('/tone');
    json().value = '{"version": 1,';
    json().dispatchEvent(new Event('input', { bubbles: true }));
    await pause();
    expect($('.profileForm > .fault').textContent).toContain('not JSON');
    expect(page.root.querySelector('.field')).toBeNull();
    expect(json().value).toBe('{"version": 1,');
    expect(texts('.profileHead .fault li').join()).toContain('JSON: ');
  });

  it('keeps the profile as it stands there, also when it has just been typed', async () => {
    await open();
    const input = field('Name of this profile');
    input.value = 'ours';
    input.dispatchEvent(new Event('input', { bubbles: true }));
    await page.settle();
    button('Read the dataset this way').click();
    await page.settle();
    const [kept] = page.heard('keepProfile') as { text: string }[];
    expect(JSON.parse(kept?.text ?? '').name).toBe('ours');
    expect($('.transcript')).toBeTruthy();
  });

  it('says when a profile is not taken, and loses nothing', async () => {
    await open();
    await typeInto(field('Name of this profile'), 'ours');
    page.host.refusal = 'the profile could not be kept: no space left';
    button('Read the dataset this way').click();
    await page.settle();
    expect($('.banner.error').textContent).toContain('no space left');
    expect(field('Name of this profile').value).toBe('ours');
  });

  it('says that decisions find a transcript by its id', async () => {
    const records = [{ tier: 'free', raw_response: 'x', id: 'a' }];
    await open({}, records);
    expect($('.profileHead').textContent).not.toContain('other ids');
    await typeInto(field('Id (parts joined with +)'), '/tier');
    expect($('.profileHead .warn').textContent).toContain('The decisions on 3 transcripts stay');
  });

  it('needs no mapping for our own format', async () => {
    await open({}, [{ id: 'x', condition: 'training', messages: [{ role: 'user', content: 'Hi' }] }]);
    expect($('.profileForm').textContent).toContain('our own format: there is nothing to map');
    expect(page.root.querySelector('.field')).toBeNull();
    expect(texts('.previewParts h3')).toEqual(['x']);
  });

  it('shows why a kept profile cannot be used, with its text, and offers to remove it', async () => {
    await open({
      origin: 'broken',
      reason: 'profile.json is no profile: name: expected a name',
      draft: '{"na',
    });
    expect($('.profileHead .fault').textContent).toContain('profile.json is no profile');
    expect(json().value).toBe('{"na');
    button('Use what was detected').click();
    await page.settle();
    expect(page.heard('forgetProfile')).toEqual([{}]);
    expect(page.heard('keepProfile')).toEqual([]);
  });

  it('keeps what is typed when the host shows another file, and begins anew when it says so', async () => {
    await open();
    await typeInto(field('Name of this profile'), 'typed');
    page.host.showProfile(sampleOf('other.csv', RECORDS));
    await page.settle();
    expect(field('Name of this profile').value).toBe('typed');
    expect(texts('.previewParts h3')[0]).toBe('other.csv:1#1');
    page.host.showProfile(sampleOf('other.csv', RECORDS), { opened: 2 });
    await page.settle();
    expect(field('Name of this profile').value).toBe('guessed');
  });

  it('labels every input', async () => {
    await open();
    const inputs = [
      ...page.root.querySelectorAll<HTMLInputElement>('.profilePane :is(input, select).line, .check input'),
    ];
    expect(inputs.length).toBeGreaterThan(15);
    expect(inputs.filter(({ labels }) => (labels?.length ?? 0) === 0)).toEqual([]);
  });
});

describe('what files hold', () => {
  it('stands as text with what cannot be seen made visible, in hints, choices and reasons', async () => {
    const records = [{ 'a\u202eb': 'x\u200by', c: '<img src=x>' }];
    await open({ reason: 'broken \u202e<b>' }, records);
    await press(field('Model: place'), 'ArrowDown');
    expect(page.root.querySelectorAll('[role="option"] .invisible').length).toBe(2);
    await typeInto(field('Model: place'), '/c');
    expect(texts('.hint')).toContain('there: <img src=x>');
    await typeInto(field('Model: place'), '/a\u202eb');
    expect(page.root.querySelector('.hint .invisible')).toBeTruthy();
    expect($('.profileHead .fault .invisible')).toBeTruthy();
    expect(page.root.querySelector('img, .profilePane b')).toBeNull();
  });
});

describe('a field of places', () => {
  const listed = () => texts('[role="option"] .mono');

  it('offers what the first records hold, by keyboard alone', async () => {
    await open();
    const place = field('Model: place');
    await press(place, 'ArrowDown');
    expect(place.getAttribute('aria-expanded')).toBe('true');
    expect(listed()).toEqual(['/case', '/arm', '/tone', '/question', '/completion', '/judge']);
    await press(place, 'ArrowDown');
    await press(place, 'ArrowDown');
    const active = place.getAttribute('aria-activedescendant') ?? '';
    expect(document.getElementById(active)?.textContent).toContain('/arm');
    await press(place, 'Enter');
    await pause();
    expect(draft().model).toEqual({ at: '/arm' });
    expect(listed()).toEqual([]);
    expect(page.root.textContent).toContain('there: free, paid');
  });

  it('narrows them by what is typed, the last of several places', async () => {
    await open();
    const place = field('Model: place');
    await typeInto(place, '/tone or /ju');
    expect(listed()).toEqual(['/judge']);
    await press(place, 'ArrowDown');
    await press(place, 'Enter');
    await pause();
    expect(draft().model).toEqual({ at: ['/tone', '/judge'] });
  });

  it('closes with the first Escape, and the view with the second', async () => {
    await open();
    const place = field('Model: place');
    await press(place, 'ArrowDown');
    await press(place, 'Escape');
    expect(listed()).toEqual([]);
    expect(page.heard('closeProfile')).toEqual([]);
    await press(place, 'Escape');
    expect(page.heard('closeProfile')).toEqual([{}]);
  });

  it('says where nothing stands', async () => {
    await open();
    await typeInto(field('Model: place'), '/modle');
    expect(page.root.textContent).toContain('nothing stands there in the first records');
  });
});
