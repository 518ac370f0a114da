import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import { useEffect, useLayoutEffect, useMemo, useReducer, useRef } from 'preact/hooks';
import type { RowView } from '../../src/core/viewModel';
import type { Editor } from './editor';
import { conditionSign, fakingSign, markSign, outcomeSign } from './listSigns';
import { armWords, outcomeWords, rowWords } from './words';

/** Kept in step with `.row` in list.css. */
export const ROW_HEIGHT = 24;
/** Browsers stop laying out near 33.5 million pixels; keys and the filter still reach what lies beyond. */
const MAX_ROWS = Math.floor(33_000_000 / ROW_HEIGHT);
const OVERSCAN = 8;

/** The filtered transcripts: a list box of which only the rows in sight exist. */
export function List({ editor }: { readonly editor: Editor }) {
  const summary = editor.summary.value;
  const shown = summary?.shown ?? 0;
  const { position } = editor.shown.value.cursor;
  const scroller = editor.parts.list;
  const virtualizer = useVirtualizer(scroller, Math.min(shown, MAX_ROWS), editor);
  // subscribes this component to rows that come in
  editor.rows.version.value;
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const end = (items.at(-1)?.index ?? -1) + 1;
  useEffect(() => editor.rows.show(first, end), [editor, first, end]);

  const filter = JSON.stringify(editor.summary.value?.filter);
  const placed = useRef(false);
  useLayoutEffect(() => {
    if (shown === 0) return;
    if (!placed.current) {
      placed.current = true;
      virtualizer.scrollToOffset(editor.savedState.listTop);
    }
    if (position >= 0 && position < MAX_ROWS) virtualizer.scrollToIndex(position, { align: 'auto' });
  }, [editor, virtualizer, position, shown === 0, filter]);

  const active = position >= first && position < end ? `row-${position}` : undefined;
  return (
    <div class="listColumn">
      <div class="row head" aria-hidden="true">
        <span />
        <span>transcript</span>
        <span
          class="where"
          title="setting by its initials, variant and prefix arm where they are not the default"
        >
          setting
        </span>
        <span class="cell" title="condition: training or unmonitored">
          cond
        </span>
        <span
          class="cell"
          title="outcome: C complied, R refused (in animal-welfare: supported animal welfare)"
        >
          out
        </span>
        <span class="cell" title="alignment faking">
          AF
        </span>
      </div>
      <div
        class="list"
        ref={scroller}
        role="listbox"
        tabIndex={0}
        aria-label="Transcripts"
        aria-activedescendant={active}
        onKeyDown={(event) => {
          const from = editor.position;
          const target = moved(event.key, from, shown, pageOf(scroller.current));
          if (target === null || event.ctrlKey || event.metaKey || event.altKey) return;
          event.preventDefault();
          if (event.key === 'Enter') editor.focus('transcript');
          else if (target !== from) editor.moveTo(target);
        }}
        onScroll={(event) => editor.save({ listTop: event.currentTarget.scrollTop })}
      >
        <div class="listSpace" role="presentation" style={{ height: `${virtualizer.getTotalSize()}px` }}>
          {items.map((item) => (
            <Row
              key={item.index}
              position={item.index}
              top={item.start}
              row={editor.rows.row(item.index)}
              selected={item.index === position}
              shown={shown}
              onSelect={() => editor.moveTo(item.index)}
            />
          ))}
        </div>
      </div>
      {shown > MAX_ROWS && (
        <div class="listMore">
          {(shown - MAX_ROWS).toLocaleString('en')} more do not fit in this list: filter to see them
        </div>
      )}
      {summary && shown === 0 && (
        <Empty editor={editor} total={summary.total} indexing={summary.phase === 'indexing'} />
      )}
    </div>
  );
}

function Empty(props: { readonly editor: Editor; readonly total: number; readonly indexing: boolean }) {
  if (props.total === 0)
    return <p class="empty">{props.indexing ? 'Reading…' : 'No transcripts in this file'}</p>;
  return <p class="empty">No transcript matches</p>;
}

function useVirtualizer(
  scroller: { readonly current: HTMLDivElement | null },
  count: number,
  editor: Editor,
) {
  const [, redraw] = useReducer((drawn: number) => drawn + 1, 0);
  const virtualizer = useMemo(() => new Virtualizer<HTMLDivElement, HTMLDivElement>(optionsFor(0)), []);
  function optionsFor(rows: number) {
    return {
      count: rows,
      overscan: OVERSCAN,
      estimateSize: () => ROW_HEIGHT,
      getScrollElement: () => scroller.current,
      observeElementRect,
      observeElementOffset,
      scrollToFn: elementScroll,
      initialOffset: () => editor.savedState.listTop,
      onChange: () => redraw(0),
    };
  }
  virtualizer.setOptions(optionsFor(count));
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  return virtualizer;
}

interface RowProps {
  readonly position: number;
  readonly top: number;
  /** null: on its way from the host. */
  readonly row: RowView | null;
  readonly selected: boolean;
  readonly shown: number;
  readonly onSelect: () => void;
}

function Row({ position, top, row, selected, shown, onSelect }: RowProps) {
  const words = row ? rowWords(row) : 'loading';
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list box holds the focus (aria-activedescendant)
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list box handles the keys
    <div
      id={`row-${position}`}
      class={`row${selected ? ' selected' : ''}${row?.bad ? ' bad' : ''}`}
      role="option"
      aria-selected={selected}
      aria-posinset={position + 1}
      aria-setsize={shown}
      aria-label={words}
      title={words}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onSelect}
    >
      {row && <Cells row={row} />}
    </div>
  );
}

function Cells({ row }: { readonly row: RowView }) {
  return (
    <>
      <span class={row.bad || row.stale ? 'warn' : 'mark'}>{markSign(row)}</span>
      <span class="id">{row.id}</span>
      <span class="where">{!row.bad && armWords(row)}</span>
      {row.bad ? (
        <span class="cell badCell">line {row.line}</span>
      ) : (
        <>
          <span class="cell">{conditionSign(row.condition)}</span>
          <span
            class={`cell${row.complied ? ' strong' : ''}${overrides(row, 'complied')}`}
            title={outcomeWords(row)}
          >
            {outcomeSign(row.complied)}
          </span>
          <span
            class={`cell${row.alignmentFaking === true ? ' strong' : ''}${overrides(row, 'alignment_faking')}`}
          >
            {fakingSign(row.alignmentFaking)}
          </span>
        </>
      )}
    </>
  );
}

function overrides(row: RowView, label: string): string {
  return row.overridden.includes(label) ? ' override' : '';
}

/** Where a key takes the cursor; the same place for Enter; null for keys of no meaning here. */
export function moved(key: string, position: number, shown: number, page: number): number | null {
  const last = shown - 1;
  if (last < 0) return null;
  const at = (target: number) => Math.max(0, Math.min(last, target));
  switch (key) {
    case 'ArrowDown':
      return at(position + 1);
    case 'ArrowUp':
      return at(position - 1);
    case 'PageDown':
      return at(position + page);
    case 'PageUp':
      return at(position - page);
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'Enter':
      return at(position);
    default:
      return null;
  }
}

function pageOf(scroller: HTMLElement | null): number {
  return Math.max(1, Math.floor((scroller?.clientHeight ?? 0) / ROW_HEIGHT) - 1);
}
