import type { SpanView } from '../../src/core/viewModel';
import { spanDecision, spanPlace, spanStyle } from './words';

/** Everything known about a span, for the hover card and for the span in focus. */
export function SpanFacts({ span }: { readonly span: SpanView }) {
  return (
    <div class="spanFacts">
      <div class="title">
        <Dot span={span} />
        <b>{span.title}</b>
        {span.score !== null && <span class="score">{span.score.toFixed(2)}</span>}
      </div>
      <div>
        {span.added ? 'added by ' : 'flagged by '}
        <span class="mono">{span.source}</span>
      </div>
      <div>{spanPlace(span)}</div>
      <div>{spanDecision(span)}</div>
    </div>
  );
}

/** The span's colour and underline in small. */
export function Dot({ span }: { readonly span: SpanView }) {
  return <span class={`dot ${spanStyle(span.label)}${span.place ? '' : ' lost'}`} aria-hidden="true" />;
}
