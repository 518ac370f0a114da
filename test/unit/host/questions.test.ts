import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { asking, type Questions } from '../../../src/host/tell';
import { Control, vscodeStandIn } from '../../support/vscodeStandIn';

vi.mock('vscode', async () => (await import('../../support/vscodeStandIn')).vscodeStandIn);

const { user } = vscodeStandIn;
const words = (questions: Questions) =>
  questions.ask({ title: 'Words', prompt: '', check: (text) => (text === 'bad' ? 'no such words' : null) });
const label = (questions: Questions) =>
  questions.choose([{ label: 'one' }, { label: 'two' }], { title: 'Label', placeHolder: '' });

beforeEach(() => Control.history.splice(0));
afterEach(() => vi.restoreAllMocks());

it('go to the next one without the editor between them, which would take the focus from it', async () => {
  vi.spyOn(user, 'types').mockReturnValue('a bad review');
  vi.spyOn(user, 'picks').mockReturnValue('two');
  const answers = await asking(async (questions) => [await words(questions), await label(questions)]);
  expect(answers).toEqual(['a bad review', { label: 'two' }]);
  expect(Control.history).toEqual(['Words is shown', 'Label is shown', 'Words is gone', 'Label is gone']);
});

it('leave nothing on screen when the user gives up, or the work fails', async () => {
  expect(await asking(words)).toBeUndefined();
  expect(await asking(label)).toBeUndefined();
  vi.spyOn(user, 'types').mockReturnValue('x');
  const failing = asking(async (questions) => {
    await words(questions);
    throw new Error('disk');
  });
  await expect(failing).rejects.toThrow('disk');
  const shown = Control.history.filter((line) => line.endsWith('is shown'));
  expect(shown).toHaveLength(3);
  expect(Control.history.filter((line) => line.endsWith('is gone'))).toHaveLength(3);
});

it('wait for an answer that can be, and say what is wrong with others', async () => {
  let box: Control | undefined;
  vi.spyOn(user, 'types').mockImplementation((shown) => {
    box = shown;
    return 'bad';
  });
  const answer = asking(words);
  await Promise.resolve();
  await Promise.resolve();
  expect(box?.validationMessage).toBe('no such words');
  box?.type('good');
  expect(box?.validationMessage).toBeUndefined();
  box?.accept();
  expect(await answer).toBe('good');
});

it('take an empty text for an answer, and a list in which nothing is picked for none', async () => {
  vi.spyOn(user, 'types').mockReturnValue('');
  expect(await asking(words)).toBe('');
  let list: Control | undefined;
  vi.spyOn(user, 'picks').mockImplementation((shown) => {
    list = shown;
    return 'none of them';
  });
  const answer = asking(label);
  await Promise.resolve();
  list?.dispose();
  expect(await answer).toBeUndefined();
});
