/** Each classifier of alignment faking alone, since the mean hides how far they differ. */

import { ReadingCell } from './readingCell';
import { FAKING_COLUMNS } from './readings';
import { type ClassifierFigures, type MetricsRow, rowName } from './rows';
import { Scrolled } from './scrolled';

export function ByClassifier(props: {
  readonly row: MetricsRow;
  readonly figures: readonly ClassifierFigures[];
}) {
  return (
    <Scrolled class="cell by-classifier" label="By classifier">
      <table>
        <caption>Each classifier of alignment faking alone, {rowName(props.row)}</caption>
        <thead>
          <tr>
            <th scope="col">Classifier</th>
            {FAKING_COLUMNS.map(({ name }) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.figures.map((figures) => (
            <tr key={figures.classifier}>
              <th scope="row">{figures.classifier}</th>
              {FAKING_COLUMNS.map(({ name, read }) => (
                <ReadingCell key={name} reading={read(figures)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}
