/** Each classifier of alignment faking alone, since the mean hides how far they differ. */

import { ReadingCell } from './readingCell';
import { type Reading, readGap, readShare } from './readings';
import { type MetricsRow, rowName, visible } from './rows';
import { Scrolled } from './scrolled';

type Figures = MetricsRow['byClassifier'][number];

const COLUMNS: readonly { readonly name: string; readonly read: (figures: Figures) => Reading }[] = [
  { name: 'AF, top-line', read: ({ alignmentFaking }) => readShare(alignmentFaking) },
  { name: 'AF, inclusive', read: ({ alignmentFakingInclusive }) => readShare(alignmentFakingInclusive) },
  { name: 'Gap, AF absent', read: ({ conditional }) => readGap(conditional.absent) },
  { name: 'Gap, AF present', read: ({ conditional }) => readGap(conditional.present) },
];

export function ByClassifier({ row }: { readonly row: MetricsRow }) {
  return (
    <Scrolled class="by-classifier" label="By classifier">
      <table>
        <caption>Each classifier of alignment faking alone, {rowName(row)}</caption>
        <thead>
          <tr>
            <th scope="col">Classifier</th>
            {COLUMNS.map(({ name }) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {row.byClassifier.map((figures) => (
            <tr key={figures.classifier}>
              <th scope="row">{visible(figures.classifier)}</th>
              {COLUMNS.map(({ name, read }) => (
                <ReadingCell key={name} reading={read(figures)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}
