/** All rows as a table; choosing one shows it above. */
import { Component } from 'preact';

import { ReadingCell } from './readingCell';
import { type Column, complianceShare, FAKING_COLUMNS, readGap, readShare } from './readings';
import { type MetricsOptions, type MetricsRow, type RowSet, rowName } from './rows';
import { Scrolled } from './scrolled';

const COLUMNS: readonly Column<MetricsRow>[] = [
  { name: 'Compliance, training', read: (row) => readShare(complianceShare(row.training)) },
  { name: 'Compliance, unmonitored', read: (row) => readShare(complianceShare(row.unmonitored)) },
  { name: 'Gap', read: readGap },
  ...FAKING_COLUMNS,
];

export function RowsTable(props: {
  readonly sets: readonly RowSet[];
  /** How many more rows there are. */
  readonly unlisted: number;
  readonly selected: string;
  readonly labels: MetricsOptions['labels'];
  readonly onSelect: (key: string) => void;
}) {
  return (
    <Scrolled class="rows" label="All rows">
      <table>
        <caption>
          {props.unlisted === 0
            ? `All ${props.sets.length} rows`
            : `${props.sets.length} rows, ${props.unlisted.toLocaleString('en')} not listed`}
          , {LABELS_IN_WORDS[props.labels]}; values with 95 % intervals and n. Choose a row to see it above.
        </caption>
        <thead>
          <tr>
            <th scope="col">Setting</th>
            <th scope="col">Variant</th>
            <th scope="col">Prefix arm</th>
            {COLUMNS.map(({ name }) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.sets.map((set) => (
            <Row
              key={set.key}
              row={set.row}
              selected={set.key === props.selected}
              onSelect={() => props.onSelect(set.key)}
            />
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}

const LABELS_IN_WORDS: Readonly<Record<MetricsOptions['labels'], string>> = {
  adjudicated: 'adjudicated labels',
  classifier: 'classifiers only',
  reviewed: 'reviewed transcripts only',
};

interface RowProps {
  readonly row: MetricsRow;
  readonly selected: boolean;
  readonly onSelect: () => void;
}

/**
 * The whole row takes a click; the button in it takes the keyboard, and is what a screen reader finds. Each decision
 * brings every row anew, though it changes one or two: the others are neither formatted nor compared again.
 */
class Row extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    return (
      next.selected !== this.props.selected ||
      (next.row !== this.props.row && JSON.stringify(next.row) !== JSON.stringify(this.props.row))
    );
  }

  override render({ row, selected, onSelect }: RowProps) {
    return (
      <tr class={selected ? 'selected' : undefined} onClick={onSelect}>
        <th scope="row">
          <button type="button" aria-current={selected ? 'true' : undefined} aria-label={rowName(row)}>
            {row.setting}
          </button>
        </th>
        <td class="name">{row.variant}</td>
        <td class="name">{row.prefix}</td>
        {COLUMNS.map(({ name, read }) => (
          <ReadingCell key={name} reading={read(row)} />
        ))}
      </tr>
    );
  }
}
