import { useLayoutEffect, useRef } from 'preact/hooks';
import { percent } from '../../src/core/anchor/place';
import type { Seen, SpanView, TranscriptView } from '../../src/core/viewModel';
import { IN_LINES } from '../shared/pieces';
import { scrollWithin } from '../shared/scrollWithin';
import { Button } from '../shared/ui/button';
import { Around } from './bounded';
import type { Editor } from './editor';
import { keyOf } from './keys';
import { Dot, SpanFacts } from './spanFacts';
import { spanPlace } from './words';

interface SpanListProps {
  readonly editor: Editor;
  readonly record: TranscriptView;
  readonly focused: string | null;
}

/** Every span, found or not; the one in focus with all that is known about it. */
export function SpanList({ editor, record, focused }: SpanListProps) {
  const { spans, id, hash } = record;
  const seen = { id, hash };
  const at = spans.findIndex((span) => span.id === focused);
  return (
    <>
      <h2 class="heading">Spans {at >= 0 ? `${at + 1} of ${spans.length}` : spans.length}</h2>
      <Around key={record.index} items={spans} at={at} word="span" title={SPAN_KEYS}>
        {(some) => (
          <ul class="spans">
            {some.map((span) => (
              <Item key={span.id} editor={editor} seen={seen} span={span} focused={span.id === focused} />
            ))}
          </ul>
        )}
      </Around>
    </>
  );
}

const SPAN_KEYS = `${keyOf('nextSpan')} and ${keyOf('previousSpan')} step through all of them`;

interface ItemProps {
  readonly editor: Editor;
  readonly seen: Seen;
  readonly span: SpanView;
  readonly focused: boolean;
}

function Item({ editor, seen, span, focused }: ItemProps) {
  const item = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    if (focused && item.current) scrollWithin(item.current, 'nearest');
  }, [focused]);
  const act = (action: 'confirm' | 'reject') =>
    editor.decide({ kind: 'span', ...seen, span: span.id, action: span.mine === action ? null : action });
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
          <span class={span.place ? 'words' : 'words lost'} {...IN_LINES}>
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
