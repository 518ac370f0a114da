import type { Reading } from './readings';

/** A cell of a table that holds a number with its interval, its n and what was not counted. */
export function ReadingCell({ reading }: { readonly reading: Reading }) {
  return (
    <td>
      <span class={reading.number === null ? 'no-data' : 'value'}>{reading.value}</span>{' '}
      <span class="dim">
        {reading.interval} n {reading.n}
      </span>
      {reading.unknown && (
        <div class="unknown">
          {[reading.unknown.count, reading.unknown.bounds].filter(Boolean).join(', ')}
        </div>
      )}
    </td>
  );
}
