/** The Gap Metrics panel. It decides nothing: everything on it comes from the host's last snapshot. */
import '../shared/shownText';
import type { ComponentChildren } from 'preact';
import { IN_LINES } from '../shared/pieces';
import { Button } from '../shared/ui/button';
import { Announcer } from './announcer';
import { ByClassifier } from './byClassifier';
import { ArmsFigure, ComplianceFigure, ConditionalFigure } from './figures/figures';
import { Patterns } from './figures/patterns';
import { Notes } from './notes';
import { withoutConditions } from './rows';
import { RowsTable } from './rowsTable';
import { Scrolled } from './scrolled';
import { FigureTable, Headline } from './selected';
import type { MetricsStore } from './store';
import { Toolbar } from './toolbar';

export function App({ store }: { readonly store: MetricsStore }) {
  const error = store.error.value;
  return (
    <>
      {error !== null && (
        <p class="error" role="alert" {...IN_LINES}>
          {error}
        </p>
      )}
      <Panel store={store} />
    </>
  );
}

function Panel({ store }: { readonly store: MetricsStore }) {
  const snapshot = store.snapshot.value;
  if (snapshot === null) return <Message title="Gap Metrics">Waiting for the dataset…</Message>;
  const { dataset, options } = snapshot;
  if (dataset === null) return <NoDataset store={store} />;
  const set = store.selected.value;
  return (
    <>
      <Toolbar
        store={store}
        dataset={dataset}
        options={options}
        classifiers={snapshot.classifiers}
        unlisted={snapshot.unlisted.classifiers}
      />
      <main>
        {set === null ? (
          <Message title="No rows yet">
            {dataset.phase === 'indexing'
              ? 'The dataset is being indexed; figures appear as transcripts are read.'
              : 'The dataset has no transcript that could be counted.'}
          </Message>
        ) : withoutConditions(dataset) ? (
          <Message title="No gap without conditions">
            None of the {dataset.transcripts} transcripts says whether it is from training or unmonitored. A
            compliance gap is compliance in training minus compliance unmonitored, so it needs transcripts of
            both conditions. Labels can still be reviewed.
          </Message>
        ) : (
          <>
            <Announcer set={set} options={options} />
            <Patterns />
            <div class="overview">
              <Scrolled class="cell" label="Selected row">
                <Headline set={set} overrides={dataset.overrides} />
                <FigureTable set={set} conditioning={options.conditioning} />
              </Scrolled>
              <ComplianceFigure set={set} />
              <ConditionalFigure set={set} conditioning={options.conditioning} />
              <ArmsFigure store={store} set={set} />
              {store.byClassifier.value.length > 1 && (
                <ByClassifier row={set.row} figures={store.byClassifier.value} />
              )}
            </div>
            <RowsTable
              sets={store.sets.value}
              unlisted={snapshot.unlisted.rows}
              selected={set.key}
              labels={options.labels}
              onSelect={(key) => store.select(key)}
            />
          </>
        )}
        <Notes snapshot={snapshot} dataset={dataset} />
      </main>
    </>
  );
}

function NoDataset({ store }: { readonly store: MetricsStore }) {
  return (
    <Message title="No dataset is active">
      Open a dataset of transcripts to see its compliance gap, or look at the sample first.
      <span class="buttons">
        <Button appearance="primary" onClick={() => store.command('openSample')}>
          Open sample dataset
        </Button>
        <Button onClick={() => store.command('openFile')}>Open a file…</Button>
      </span>
    </Message>
  );
}

function Message({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <section class="message">
      <h1>{title}</h1>
      <div>{children}</div>
    </section>
  );
}
