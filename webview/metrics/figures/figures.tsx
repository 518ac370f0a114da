/** The figures of the selected row. */
import { shortened } from '../../../src/core/invisible';
import { Dropdown } from '../../shared/ui/dropdown';
import { complianceShare, type Reading, readShare, spoken } from '../readings';
import { type MetricsOptions, type RowSet, rowName } from '../rows';
import type { MetricsStore } from '../store';
import { type Arms, armsOf, armsPlot, measureTitle } from './arms';
import { ARMS_MEASURES } from './armsMeasure';
import { type Column, columnsPlot } from './columns';
import { PlotFigure } from './plotFigure';

export function ComplianceFigure({ set: { row } }: { readonly set: RowSet }) {
  const part = { name: 'AF', reading: readShare(row.alignmentFaking) };
  const columns: readonly Column[] = [
    { group: '', name: 'training', arm: 'training', reading: readShare(complianceShare(row.training)), part },
    {
      group: '',
      name: 'unmonitored',
      arm: 'unmonitored',
      reading: readShare(complianceShare(row.unmonitored)),
      part: null,
    },
  ];
  return (
    <PlotFigure
      title="Compliance, and AF within it (Fig 5)"
      sentence={`Compliance, ${rowName(row)}. ${sentences(columns)} Alignment faking and complied, in training: ${spoken(part.reading)}.`}
      data={columns}
      draw={columnsPlot}
    />
  );
}

export function ConditionalFigure(props: {
  readonly set: RowSet;
  readonly conditioning: MetricsOptions['conditioning'];
}) {
  const { row } = props.set;
  const unmonitored = props.conditioning === 'both' ? 'unmonitored' : 'all unmon.';
  const columns = (['absent', 'present'] as const).flatMap((which): readonly Column[] => {
    const group = `AF ${which}`;
    const { training, unmonitored: other } = row.conditional[which];
    return [
      { group, name: 'training', arm: 'training', reading: readShare(complianceShare(training)), part: null },
      {
        group,
        name: unmonitored,
        arm: 'unmonitored',
        reading: readShare(complianceShare(other)),
        part: null,
      },
    ];
  });
  return (
    <PlotFigure
      title={`Compliance given AF, ${props.conditioning === 'both' ? 'both arms' : 'training only'} (Fig 15)`}
      sentence={`Compliance given alignment-faking reasoning, ${rowName(row)}. ${sentences(columns)}`}
      data={columns}
      draw={columnsPlot}
    />
  );
}

export function ArmsFigure({ store, set }: { readonly store: MetricsStore; readonly set: RowSet }) {
  const measure = store.saved.value.arms;
  const { setting } = set.row;
  const data: Arms = { arms: armsOf(store.sets.value, set, measure), measure };
  const title = measureTitle(measure, setting);
  const named = data.arms.map(({ names, reading }) => `${names.join(' · ')}: ${spoken(reading)}`);
  return (
    <PlotFigure
      scrolls={data.arms.length > 8}
      title="Arms"
      sentence={`${title}, by variant and prefix arm, ${shortened(setting)}. ${named.join('; ')}.`}
      data={data}
      draw={armsPlot}
    >
      <Dropdown
        label="What the arms figure shows"
        value={measure}
        options={ARMS_MEASURES.map((value) => ({ value, text: measureTitle(value, setting) }))}
        onChange={(value) => {
          const chosen = ARMS_MEASURES.find((known) => known === value);
          if (chosen) store.showArms(chosen);
        }}
      />
    </PlotFigure>
  );
}

function sentences(columns: readonly { group: string; name: string; reading: Reading }[]): string {
  return columns
    .map(({ group, name, reading }) => `${group === '' ? '' : `${group}, `}${name}: ${spoken(reading)}.`)
    .join(' ');
}
