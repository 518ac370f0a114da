import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Answer } from '../../src/core/review/state';
import type { LabelView, VerdictView } from '../../src/core/viewModel';
import type { EditorCommand } from '../../src/protocol/editor';
import { scrollWithin } from '../shared/scrollWithin';
import { Button } from '../shared/ui/button';
import { First } from './bounded';
import { keyOf } from './keys';
import { Stale } from './stale';
import { labelStatus, plural, verdictScore } from './words';

interface LabelCardProps {
  readonly label: LabelView;
  readonly focused: boolean;
  readonly onFocus: () => void;
  readonly onAnswer: (answer: Answer | null) => void;
}

const ANSWERS: readonly (readonly [Answer, string, EditorCommand])[] = [
  ['yes', 'Yes', 'answerYes'],
  ['no', 'No', 'answerNo'],
  ['unsure', 'Unsure', 'answerUnsure'],
];

/** Classifiers, and other reviewers, shown at first. */
const SOME = 20;

/** One label: what stands, what each classifier said, and, in focus, the answers to give. */
export function LabelCard({ label, focused, onFocus, onAnswer }: LabelCardProps) {
  const card = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (focused && card.current) scrollWithin(card.current, 'nearest');
  }, [focused]);
  const words = { yes: label.yes, no: label.no, unsure: 'cannot tell' };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the title is a button that does the same
    <section
      ref={card}
      class={focused ? 'card focused' : 'card'}
      aria-label={label.title}
      onClick={() => !focused && onFocus()}
    >
      <h3 class="title">
        <button
          type="button"
          class="plain"
          aria-current={focused}
          title={`yes: ${label.yes}, no: ${label.no}`}
        >
          {label.title}
        </button>
        <Status label={label} />
      </h3>
      <First items={label.verdicts} most={SOME} word="classifier">
        {(verdict) => <Verdict verdict={verdict} />}
      </First>
      <First items={label.others} most={SOME} word="reviewer">
        {(other) => (
          <div class="verdict other">
            <span class="name" title={other.reviewer}>
              {other.reviewer}
            </span>
            <span class={other.answer}>{other.answer}</span>
            <span class="dim">reviewer</span>
          </div>
        )}
      </First>
      {label.moreOthers > 0 && <div class="dim">{plural(label.moreOthers, 'more answer')} of others</div>}
      {focused && (
        <div class="answers">
          {ANSWERS.map(([answer, text, command]) => (
            <Button
              key={answer}
              class={`answer to-${answer}`}
              pressed={label.mine === answer}
              title={`${words[answer]} (${keyOf(command)})`}
              onClick={() => onAnswer(label.mine === answer ? null : answer)}
            >
              {text}
              <kbd>{keyOf(command)}</kbd>
            </Button>
          ))}
        </div>
      )}
    </section>
  );
}

function Status({ label }: { readonly label: LabelView }) {
  const kind = !label.decided || label.adjudicated === null ? 'open' : label.adjudicated ? 'yes' : 'no';
  return (
    <span class={`status ${kind}`}>
      {labelStatus(label)}
      {label.stale && (
        <Stale title="A decision was made on a text that has changed since; it is not counted" />
      )}
    </span>
  );
}

function Verdict({ verdict }: { readonly verdict: VerdictView }) {
  const { value, score, votes } = verdict;
  const about = [
    verdict.classifier,
    verdict.version === null ? '' : `version ${verdict.version}`,
    verdict.derived ? 'read out of the text, not stored by a classifier' : '',
    score === null ? 'no score' : `score ${score.toFixed(2)}`,
    votes === null ? '' : `${votes} votes`,
  ].filter((part) => part !== '');
  return (
    <div class="verdict" title={about.join(', ')}>
      <span class="name">
        {verdict.classifier}
        {verdict.derived && <i class="derived"> derived</i>}
      </span>
      <span class={value === null ? 'dim' : value ? 'yes' : 'no'}>
        {value === null ? '–' : value ? 'yes' : 'no'}
      </span>
      {score === null ? (
        <span />
      ) : (
        <meter min={0} max={1} value={score} aria-label={`score of ${verdict.classifier}`} />
      )}
      <span class="score">{verdictScore(verdict)}</span>
    </div>
  );
}
