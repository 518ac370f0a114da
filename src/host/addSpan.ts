import { anchorSpans } from '../core/anchor/anchor';
import type { Place } from '../core/anchor/place';
import type { TranscriptView } from '../core/viewModel';
import type { EditorSession } from './editorSession';
import { asking, type Questions } from './tell';

/** Adds a span on the selected text, or on words that the reviewer types, with a label from a menu. */
export async function addSpan(session: EditorSession): Promise<void> {
  const { transcript } = session;
  if (!transcript) return;
  const selection = await session.selection();
  const isOnScreen = selection?.id === transcript.id && selection.hash === transcript.hash;
  const selected = isOnScreen ? selection : null;
  await asking(async (questions) => {
    const span = await session.asking(() => askSpan(questions, transcript, selected));
    if (!span) return;
    // The questions stay open while one clicks elsewhere.
    if (session.transcript && session.transcript.id !== transcript.id)
      throw new Error('no span was added: another transcript is on screen than the one it was meant for');
    // Among the questions, since the first decision asks for the reviewer's name.
    await session.decide(transcript, { kind: 'addSpan', ...span });
  });
}

/** null when the reviewer gives up. */
async function askSpan(
  questions: Questions,
  transcript: TranscriptView,
  selected: Place | null,
): Promise<(Place & { readonly label: string }) | null> {
  const place = selected ?? (await typedPlace(questions, transcript));
  if (!place) return null;
  const labels = transcript.labels.map(({ label, title }) => ({
    label: title,
    description: label,
    value: label,
  }));
  const picked = await questions.choose(labels, {
    title: 'Label of the new span',
    placeHolder: 'What is this text evidence for?',
  });
  const { message, start, end } = place;
  return picked ? { message, start, end, label: picked.value } : null;
}

/** Text cannot be selected by keyboard in a webview; its words can be typed. null when the reviewer gives up. */
async function typedPlace(questions: Questions, transcript: TranscriptView): Promise<Place | null> {
  const words = await questions.ask({
    title: 'Words of the new span',
    prompt: 'No text is selected. Type or paste the words that the span is to cover.',
    check: (value) =>
      value.trim() === '' || placeOf(value, transcript) ? null : 'These words are not in this transcript.',
  });
  return words === undefined || words.trim() === '' ? null : placeOf(words, transcript);
}

/**
 * Where the words stand: in an assistant's message before others, in another case, spacing or punctuation if need be.
 * Words that are only like them are not what the reviewer meant.
 */
function placeOf(words: string, { messages }: TranscriptView): Place | null {
  const span = {
    ...{ id: '', classifier: '', label: '', message: null, start: null, end: null },
    ...{ unit: 'utf16' as const, quote: words, score: null },
  };
  const found = anchorSpans(messages, [span])[0];
  return found?.quality === 1 && found.places.length === 1 ? found.place : null;
}
