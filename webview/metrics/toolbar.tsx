/** What the numbers rest on, and which row is shown. */
import { Button } from '../shared/ui/button';
import { Dropdown } from '../shared/ui/dropdown';
import { type Dataset, type MetricsOptions, rowName } from './rows';
import type { MetricsStore } from './store';

const LABELS: readonly {
  readonly mode: MetricsOptions['labels'];
  readonly text: string;
  readonly title: string;
}[] = [
  { mode: 'adjudicated', text: 'Adjudicated', title: 'Decisions replace verdicts where they exist' },
  { mode: 'classifier', text: 'Classifier only', title: 'No reviewer is heard' },
  { mode: 'reviewed', text: 'Reviewed only', title: 'Transcripts that a person decided' },
];

const CONDITIONINGS: readonly { readonly value: MetricsOptions['conditioning']; readonly text: string }[] = [
  { value: 'both', text: 'Conditioning: both arms' },
  { value: 'training', text: 'Conditioning: training only' },
];

/** Value of the choice of row that follows the transcript on screen; row keys are JSON arrays. */
const FOLLOW = 'follow';
/** Values of the choice of classifier; a name follows a mark, so that none can be taken for the mean. */
const MEAN = 'mean';
const named = (classifier: string) => `=${classifier}`;

export function Toolbar({
  store,
  dataset,
  options,
  classifiers,
  unlisted,
}: {
  readonly store: MetricsStore;
  readonly dataset: Dataset;
  readonly options: MetricsOptions;
  readonly classifiers: readonly string[];
  /** How many more there are. */
  readonly unlisted: number;
}) {
  const selected = store.selected.value;
  return (
    <header class="toolbar">
      <LabelModes labels={options.labels} onChoose={(labels) => store.setOptions({ labels })} />
      <Status dataset={dataset} />
      <div class="choices">
        {selected && (
          <Dropdown
            class="row-choice"
            label="Setting, variant and prefix arm"
            value={store.saved.value.row === selected.key ? selected.key : FOLLOW}
            options={[
              { value: FOLLOW, text: `On screen: ${rowName(selected.row)}` },
              ...store.sets.value.map(({ key, row }) => ({ value: key, text: rowName(row) })),
            ]}
            onChange={(key) => store.select(key === FOLLOW ? null : key)}
          />
        )}
        {classifiers.length > 1 && (
          <Dropdown
            label="Classifier of alignment faking"
            value={options.classifier === null ? MEAN : named(options.classifier)}
            options={[
              { value: MEAN, text: `Mean of ${classifiers.length + unlisted} classifiers` },
              ...classifiers.map((name) => ({ value: named(name), text: name })),
            ]}
            onChange={(value) => store.setOptions({ classifier: value === MEAN ? null : value.slice(1) })}
          />
        )}
        <Dropdown
          label="Conditioning of Figure 15"
          value={options.conditioning}
          options={CONDITIONINGS}
          onChange={(value) => {
            const chosen = CONDITIONINGS.find((known) => known.value === value);
            if (chosen) store.setOptions({ conditioning: chosen.value });
          }}
        />
        <Button title="Copy the table of all rows" onClick={() => store.command('copyTable')}>
          Copy table
        </Button>
      </div>
    </header>
  );
}

/** Radio buttons, drawn as tabs. */
function LabelModes(props: {
  readonly labels: MetricsOptions['labels'];
  readonly onChoose: (labels: MetricsOptions['labels']) => void;
}) {
  return (
    <div class="modes" role="radiogroup" aria-label="Labels that the numbers rest on">
      {LABELS.map(({ mode, text, title }) => (
        <label key={mode} title={title}>
          <input
            type="radio"
            name="labels"
            value={mode}
            checked={props.labels === mode}
            onChange={() => props.onChoose(mode)}
          />
          <span>{text}</span>
        </label>
      ))}
    </div>
  );
}

/** Figures are of a part of the dataset. */
const IN_PART: Readonly<Partial<Record<Dataset['phase'], string>>> = {
  indexing: 'indexing, counts so far',
  cancelled: 'indexing cancelled, counts of what was read',
  failed: 'indexing failed, counts of what was read',
};

function Status({ dataset }: { readonly dataset: Dataset }) {
  return (
    <p class="status" title={dataset.file}>
      <span class="file">{dataset.file}</span>
      {IN_PART[dataset.phase] && <span class="warning">{IN_PART[dataset.phase]}</span>}
      {dataset.faults !== null && <span class="warning">not all of it read</span>}
      {dataset.notice !== null && <span class="warning">changed on disk since</span>}
      <span>
        <b>{dataset.transcripts}</b> transcripts
      </span>
      <span>
        <b>{dataset.reviewed}</b> reviewed
      </span>
      <span>
        <b>{dataset.overrides}</b> {dataset.overrides === 1 ? 'override' : 'overrides'}
      </span>
      {dataset.bad > 0 && (
        <span class="warning">
          {dataset.bad} bad {dataset.bad === 1 ? 'line' : 'lines'}
        </span>
      )}
    </p>
  );
}
