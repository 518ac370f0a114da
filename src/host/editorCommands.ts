import * as vscode from 'vscode';
import { NO_FILTER } from '../core/dataset/filterModel';
import type { Answer } from '../core/review/state';
import { NO_SEARCH } from '../core/search/query';
import type { EditorCommand } from '../protocol/editor';
import { addSpan } from './addSpan';
import type { EditorSession } from './editorSession';
import { chosen } from './settings';
import { asking, tell } from './tell';

/** Values of the setting, its default first. */
const AFTER_ANSWER = ['stay', 'nextLabel', 'nextTranscript'] as const;

/** Carries out one editor command. @throws with a reason in words, for the user. */
export async function runCommand(session: EditorSession, name: EditorCommand): Promise<void> {
  if (session.profile.onScreen !== null && !BESIDE_PROFILE.has(name)) {
    if (isDecision(name))
      throw new Error('no transcript is on screen to decide on; Esc goes back to the transcripts');
    session.profile.close();
  }
  await COMMANDS[name](session);
}

/** These leave the view of how the dataset is read open; the others lead back to the transcripts, which they act on. */
const BESIDE_PROFILE: ReadonlySet<EditorCommand> = new Set([
  'showProfile',
  'showKeys',
  'showMetrics',
  'cancelIndexing',
  'reload',
]);
const DECISIONS: ReadonlySet<EditorCommand> = new Set([
  'answerYes',
  'answerNo',
  'answerUnsure',
  'clearAnswer',
  'confirmSpan',
  'rejectSpan',
  'clearSpan',
  'addSpan',
  'editNote',
]);

/** Whether it decides on the transcript on screen, or begins to. */
export function isDecision(name: EditorCommand): boolean {
  return DECISIONS.has(name);
}

type Run = (session: EditorSession) => unknown;

/** One entry for each command; the compiler says when one is missing. */
const COMMANDS: Readonly<Record<EditorCommand, Run>> = {
  nextTranscript: (session) => session.moveTo(session.focus.position + 1),
  previousTranscript: (session) => session.moveTo(session.focus.position - 1),
  nextUnreviewed: async (session) => {
    const position = session.list.nextUnreviewed(session.focus.position);
    if (position >= 0) await session.moveTo(position);
    else void tell('every transcript of this list is reviewed.');
  },
  nextSpan: (session) => stepSpan(session, 1),
  previousSpan: (session) => stepSpan(session, -1),
  nextLabel: (session) => stepLabel(session, 1),
  previousLabel: (session) => stepLabel(session, -1),
  answerYes: (session) => answer(session, 'yes'),
  answerNo: (session) => answer(session, 'no'),
  answerUnsure: (session) => answer(session, 'unsure'),
  clearAnswer: (session) => answer(session, null),
  confirmSpan: (session) => judgeSpan(session, 'confirm'),
  rejectSpan: (session) => judgeSpan(session, 'reject'),
  clearSpan: (session) => judgeSpan(session, null),
  addSpan,
  nextMatch: (session) => session.search.step(1),
  previousMatch: (session) => session.search.step(-1),
  editNote: (session) => session.focusPart('note'),
  focusFilter: (session) => session.focusPart('filter'),
  focusList: (session) => session.focusPart('list'),
  focusTranscript: (session) => session.focusPart('transcript'),
  clearFilter: (session) => session.setFilter(NO_FILTER),
  focusSearch: (session) => session.focusPart('search'),
  clearSearch: (session) => session.search.set(NO_SEARCH),
  showKeys: (session) => session.focusPart('help'),
  showProblems,
  showProfile: async (session) => {
    await session.profile.open();
    session.focusPart('profile');
  },
  showMetrics: () => vscode.commands.executeCommand('transcriptReview.showMetrics'),
  cancelIndexing: (session) => session.document.cancelLoading(),
  reload: (session) => session.document.reload(),
};

async function answer(session: EditorSession, value: Answer | null): Promise<void> {
  const { transcript } = session;
  const { label } = session.focus;
  if (!transcript || label === null) return;
  await session.decide(transcript, { kind: 'label', label, answer: value });
  // While a name was asked for, another one may have been chosen.
  if (value === null || session.transcript?.id !== transcript.id) return;
  const after = chosen('afterAnswer', AFTER_ANSWER);
  if (after === 'nextLabel') stepLabel(session, 1);
  if (after === 'nextTranscript') await session.moveTo(session.focus.position + 1);
}

async function judgeSpan(session: EditorSession, action: 'confirm' | 'reject' | null): Promise<void> {
  const { transcript } = session;
  const { span } = session.focus;
  if (!transcript) return;
  if (span === null) throw new Error('no span is in focus; ] goes to the next one');
  await session.decide(transcript, { kind: 'span', span, action });
}

function stepSpan(session: EditorSession, step: 1 | -1): void {
  const spans = session.transcript?.spans ?? [];
  if (spans.length === 0) return;
  const current = spans.findIndex(({ id }) => id === session.focus.span);
  const next =
    current < 0 ? (step > 0 ? 0 : spans.length - 1) : (current + step + spans.length) % spans.length;
  session.focusOn({ span: spans[next]?.id ?? null });
}

function stepLabel(session: EditorSession, step: 1 | -1): void {
  const labels = session.transcript?.labels ?? [];
  if (labels.length === 0) return;
  const current = labels.findIndex(({ label }) => label === session.focus.label);
  const next = labels[(current + step + labels.length) % labels.length];
  if (next) session.focusOn({ label: next.label });
}

/** Lists what is wrong with the dataset; choosing a problem goes to its record. */
async function showProblems(session: EditorSession): Promise<void> {
  const { dataset, reviewProblems } = session.audit;
  const problems = [...dataset.problems, ...reviewProblems];
  const listed = problems.map((problem) => ({
    icon: problem.severity,
    label: problem.line === null ? 'file' : `line ${problem.line}`,
    description: problem.file,
    detail: problem.reason,
    index: problem.index,
  }));
  const title = `Problems of ${dataset.name}`;
  const options = { title, placeHolder: `${problems.length} problems`, matchOnDetail: true };
  const picked = await session.asking(() => asking((questions) => questions.choose(listed, options)));
  if (picked?.index !== null && picked?.index !== undefined) await session.moveToIndex(picked.index);
}
