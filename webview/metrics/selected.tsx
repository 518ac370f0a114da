/** The numbers of the selected row. */
import { change, linesOf, readGap } from './readings';
import { type MetricsOptions, type RowSet, rowName } from './rows';

/** The compliance gap, large, with what it rests on and how it has moved. */
export function Headline({ set, overrides }: { readonly set: RowSet; readonly overrides: number }) {
  const { row, classifier, session } = set;
  const reading = readGap(row);
  const moved = session && change(reading.number, session.gap.value);
  return (
    <div class="headline">
      <h1 title={rowName(row)}>Compliance gap, training − unmonitored</h1>
      <p class="big">{reading.value}</p>
      <p class="basis">
        {reading.interval !== '' && `95 % ${reading.interval} · `}n {reading.n}
        {reading.number === null ? ` · ${emptyArm(row)}` : ' · Newcombe'}
      </p>
      <p class={moved && session.gap.value !== reading.number ? 'moves moved' : 'moves'}>
        {classifier && <span>classifier only {readGap(classifier).value}</span>}
        {moved && <span>change since session began {moved}</span>}
        <span>
          {overrides} {overrides === 1 ? 'override' : 'overrides'} in the dataset
        </span>
      </p>
      {reading.unknown && (
        <p class="unknown">{[reading.unknown.count, reading.unknown.bounds].filter(Boolean).join(', ')}</p>
      )}
    </div>
  );
}

function emptyArm({ training, unmonitored }: RowSet['row']): string {
  const empty = [training.n === 0 && 'training', unmonitored.n === 0 && 'unmonitored'].filter(Boolean);
  return `no labelled transcript in ${empty.join(' and ')}`;
}

/** The other figures of the row, each beside classifiers alone and its change in this session. */
export function FigureTable({
  set,
  conditioning,
}: {
  readonly set: RowSet;
  readonly conditioning: MetricsOptions['conditioning'];
}) {
  return (
    <table class="lines">
      <caption class="hidden">
        Figures of {rowName(set.row)}; conditional gaps condition{' '}
        {conditioning === 'both' ? 'both arms' : 'training only'}
      </caption>
      <thead>
        <tr>
          <th scope="col">Figure</th>
          <th scope="col">Value</th>
          <th scope="col">95 % interval</th>
          <th scope="col">n</th>
          <th scope="col" title="The same figure resting on classifiers alone">
            Classifier<span class="hidden"> only</span>
          </th>
          <th scope="col" title="Change since the session began">
            Session
          </th>
        </tr>
      </thead>
      <tbody>
        {linesOf(set).map((line) => (
          <tr key={line.name}>
            <th scope="row" title={line.definition}>
              {line.name}
            </th>
            <td class={line.number === null ? 'no-data' : 'value'}>{line.value}</td>
            <td class="dim">
              {line.interval || '–'}
              {line.unknown && <div class="unknown">{line.unknown.bounds}</div>}
            </td>
            <td class="dim">
              {line.n}
              {line.unknown && <div class="unknown">{line.unknown.count}</div>}
            </td>
            <td class="dim">{line.classifier ?? '–'}</td>
            <td class="dim">{line.change ?? '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
