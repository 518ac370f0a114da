import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { percent } from '../../src/core/anchor/place';
import type { SpanView, TranscriptView } from '../../src/core/viewModel';
import { scrollWithin } from '../shared/scrollWithin';
import { Button } from '../shared/ui/button';
import type { Editor } from './editor';
import { keyOf } from './keys';
import { Dot, SpanFacts } from './spanFacts';
import { plural, spanPlace } from './words';

interface SpanListProps {
  readonly editor: Editor;
  readonly record: TranscriptView;
  readonly focused: string | null;
}

/** Spans listed on either side of the one in focus, to begin with: a transcript may have thousands. */
const REACH = 60;

/** Every span, found or not; the one in focus with all that is known about it. */
export function SpanList({ editor, record, focused }: SpanListProps) {
  const [held, setHeld] = useState({ index: record.index, reach: REACH });
  const reach = held.index === record.index ? held.reach : REACH;
  const more = () => setHeld({ index: record.index, reach: reach * 4 });
  const total = record.spans.length;
  const at = record.spans.findIndex((span) => span.id === focused);
  const first = Math.max(0, at - reach);
  const end = Math.min(total, Math.max(0, at) + reach);
  return (
    <>
      <h2 class="heading">Spans {at >= 0 ? `${at + 1} of ${total}` : total}</h2>
      {first > 0 && <Button onClick={more}>{plural(first, 'earlier span')}…</Button>}
      <ul class="spans">
        {record.spans.slice(first, end).map((span) => (
          <Item key={span.id} editor={editor} id={record.id} span={span} focused={span.id === focused} />
        ))}
      </ul>
      {end < total && <Button onClick={more}>{plural(total - end, 'later span')}…</Button>}
    </>
  );
}

interface ItemProps {
  readonly editor: Editor;
  /** The transcript's. */
  readonly id: string;
  readonly span: SpanView;
  readonly focused: boolean;
}

function Item({ editor, id, span, focused }: ItemProps) {
  const item = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    if (focused && item.current) scrollWithin(item.current, 'nearest');
  }, [focused]);
  const act = (action: 'confirm' | 'reject') =>
    editor.decide({ kind: 'span', id, span: span.id, action: span.mine === action ? null : action });
  const partly = span.quality !== null && span.quality < 1 ? percent(span.quality) : null;
  const found = partly ? `, ${spanPlace(span)}` : span.place ? '' : ', not found in the text';
  return (
    <li ref={item} class={`spanItem${focused ? ' focused' : ''}${span.mine === 'reject' ? ' rejected' : ''}`}>
      <div class="spanLine">
        <button
          type="button"
          class="plain quote"
          aria-current={focused}
          aria-label={`${span.title}: ${span.quote}${found}${span.mine ? `, ${span.mine}` : ''}`}
          title={span.quote}
          onClick={() => editor.focusSpan(span.id)}
        >
          <Dot span={span} />
          <span class={span.place ? 'words' : 'words lost'}>
            {span.place ? span.quote : `“${span.quote}” — ${spanPlace(span)}`}
          </span>
          {partly && (
            <span class="quality" title={spanPlace(span)}>
              ≈ {partly}
            </span>
          )}
        </button>
        {focused ? (
          <span class="spanButtons">
            <Button
              class="answer to-yes"
              label={`Confirm this span (${keyOf('confirmSpan')})`}
              title={`Confirm (${keyOf('confirmSpan')})`}
              pressed={span.mine === 'confirm'}
              onClick={() => act('confirm')}
            >
              ✓<kbd>{keyOf('confirmSpan')}</kbd>
            </Button>
            <Button
              class="answer to-no"
              label={`Reject this span (${keyOf('rejectSpan')})`}
              title={`Reject (${keyOf('rejectSpan')})`}
              pressed={span.mine === 'reject'}
              onClick={() => act('reject')}
            >
              ✗<kbd>{keyOf('rejectSpan')}</kbd>
            </Button>
          </span>
        ) : (
          <span
            class={`mark ${span.mine === 'confirm' ? 'yes' : span.mine === 'reject' ? 'no' : 'dim'}`}
            aria-hidden="true"
          >
            {mark(span)}
          </span>
        )}
      </div>
      {focused && <SpanFacts span={span} />}
    </li>
  );
}

function mark(span: SpanView): string {
  if (span.stale) return '⚠';
  switch (span.mine) {
    case null:
      return '·';
    case 'confirm':
      return '✓';
    case 'reject':
      return '✗';
    case 'add':
      return '+';
    default:
      return '✎';
  }
}
