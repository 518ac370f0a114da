import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { shortened } from '../../src/core/invisible';
import type { TranscriptView } from '../../src/core/viewModel';
import type { MatchesView } from '../../src/protocol/search';
import { scrollWithin } from '../shared/scrollWithin';
import { markClass } from './block';
import { type Chunk, chunkAt, chunksOf, drawnUnasked, hasMessage } from './chunks';
import { ChunkView } from './chunkView';
import { useDrawnChunks } from './drawing';
import type { Editor } from './editor';
import { hitsByMessage } from './hits';
import { HoverCard } from './hoverCard';
import { spansByMessage } from './layout';
import { useMarked } from './marked';
import { placeOf, restorePlace } from './place';
import type { Anchor } from './savedState';

/**
 * The transcript on screen. System messages begin folded, and say so; of a very long one, what is far away is drawn
 * later, and says so.
 */
export function Transcript({ editor, record }: { readonly editor: Editor; readonly record: TranscriptView }) {
  const { cursor, reveal } = editor.shown.value;
  const scroller = editor.parts.transcript;
  const focused = record.spans.findIndex((span) => span.id === cursor.span);
  const matches = editor.matches.value;
  const found = matches.found?.index === record.index ? matches.found : null;
  const hits = useMemo(() => hitsByMessage(found), [found]);
  const hit = found?.current ?? -1;
  const [expanded, toggle] = useExpanded(editor, record, focused, found);
  const { spans } = record;
  const marked = useMarked(record);
  const chunks = useMemo(() => chunksOf(marked), [marked]);
  const unasked = useMemo(() => drawnUnasked(chunks), [chunks]);
  const byMessage = useMemo(() => spansByMessage(spans), [spans]);
  const marks = useMemo(() => spans.map(markClass), [spans]);
  const span = spans[focused]?.place;
  const match = placeOfMatch(found);
  const wanted = [span, match, savedPlace(editor, record)].flatMap((place) =>
    place ? chunkAt(chunks, place.message, place.start) : [],
  );
  const drawn = useDrawnChunks(editor, record.index, chunks.length, unasked, wanted);
  useReveal(editor, record, focused, reveal);
  useMatchReveal(editor, found, matches.reveal);
  useSavedPlace(editor, record);
  useEffect(() => {
    const pane = scroller.current;
    const onClick = (event: MouseEvent) => {
      // dragging over a span selects text; only a click asks for the span
      if (window.getSelection()?.isCollapsed === false || !(event.target instanceof Element)) return;
      const mark = event.target.closest<HTMLElement>('[data-span]');
      const span = mark && record.spans[Number(mark.dataset.span)];
      if (span) editor.focusSpan(span.id);
    };
    pane?.addEventListener('click', onClick);
    return () => pane?.removeEventListener('click', onClick);
  }, [editor, scroller, record]);
  return (
    <section
      class="stage transcript"
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={`Transcript ${shortened(record.id)}`}
      aria-busy={drawn.size < chunks.length}
    >
      <Header record={record} />
      {chunks.map((chunk, at) => (
        <ChunkView
          key={`${record.index} ${at}`}
          chunk={chunk}
          drawn={drawn.has(at)}
          spans={spans}
          byMessage={byMessage}
          marks={marks}
          focused={isIn(chunk, span) ? focused : -1}
          hits={hits}
          hit={isIn(chunk, match) ? hit : -1}
          expanded={expanded}
          onToggle={toggle}
        />
      ))}
      <HoverCard pane={scroller} spans={record.spans} />
    </section>
  );
}

type Spot = { readonly message: number; readonly start: number } | null | undefined;

function placeOfMatch(found: MatchesView | null): Spot {
  if (!found || found.current < 0) return null;
  const [message, start] = found.places.slice(3 * found.current);
  return message === undefined || start === undefined ? null : { message, start };
}

/** Whether the places that were saved are those of this record. */
function isSaved({ savedState }: Editor, record: TranscriptView): boolean {
  return savedState.index === record.index && savedState.id === shortened(record.id);
}

/** Where the reader was when the editor was hidden. */
function savedPlace(editor: Editor, record: TranscriptView): Anchor | null {
  return isSaved(editor, record) ? editor.savedState.top : null;
}

function isIn(chunk: Chunk, place: Spot): boolean {
  return place != null && hasMessage(chunk, place.message);
}

function Header({ record }: { readonly record: TranscriptView }) {
  const facts: readonly (readonly [string, string])[] = [
    ['setting', record.setting],
    ['condition', record.condition ?? 'unknown'],
    ['variant', record.variant],
    ['prefix', record.prefix],
    ...(record.promptId === null ? [] : [['prompt', record.promptId] as const]),
    ...(record.model === null ? [] : [['model', record.model] as const]),
    ...(record.file === undefined ? [] : [['file', record.file] as const]),
    [record.unit ?? 'line', record.line.toLocaleString('en')],
  ];
  return (
    <header class="recordHeader">
      <h2 class="mono">{record.id}</h2>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name} class={name === 'condition' ? `condition ${value}` : undefined}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </header>
  );
}

const NOTHING_FOCUSED = { focused: -1, match: '' };

/** Unfolded messages of this record; the span and the match in focus unfold the messages that they stand in. */
function useExpanded(
  editor: Editor,
  record: TranscriptView,
  focused: number,
  found: MatchesView | null,
): readonly [readonly number[], (message: number) => void] {
  const [held, setHeld] = useState(() => {
    const expanded = isSaved(editor, record) ? editor.savedState.expanded : [];
    return { ...NOTHING_FOCUSED, index: record.index, expanded };
  });
  let now = held.index === record.index ? held : { ...NOTHING_FOCUSED, index: record.index, expanded: [] };
  const unfolded = (message: number | undefined) => {
    const folded = message !== undefined && record.messages[message]?.role === 'system';
    return folded && !now.expanded.includes(message) ? [...now.expanded, message] : now.expanded;
  };
  if (now.focused !== focused) {
    now = { ...now, focused, expanded: unfolded(record.spans[focused]?.place?.message) };
  }
  const hit = placeOfMatch(found);
  const match = `${hit?.message} ${hit?.start}`;
  if (now.match !== match) now = { ...now, match, expanded: unfolded(hit?.message) };
  if (now !== held) setHeld(now);
  useEffect(() => {
    editor.save({ index: record.index, id: shortened(record.id), expanded: now.expanded });
  }, [editor, record.index, record.id, now.expanded]);
  const toggle = useCallback((message: number) => {
    setHeld((before) => {
      const open = before.expanded.includes(message);
      const expanded = open ? before.expanded.filter((at) => at !== message) : [...before.expanded, message];
      return { ...before, expanded };
    });
  }, []);
  return [now.expanded, toggle];
}

/** Scrolls: to where the reader was when the editor was hidden, to the top of a new record, to the span in focus. */
function useReveal(editor: Editor, record: TranscriptView, focused: number, reveal: number): void {
  const drawn = useRef<{ index: number; reveal: number } | null>(null);
  useLayoutEffect(() => {
    const pane = editor.parts.transcript.current;
    if (!pane) return;
    const before = drawn.current;
    drawn.current = { index: record.index, reveal };
    if (!before && reveal === 0) {
      const saved = savedPlace(editor, record);
      return saved ? restorePlace(pane, saved) : undefined;
    }
    const moved = before?.index !== record.index;
    if (!moved && before.reveal === reveal) return;
    const mark = pane.querySelector(`[data-span="${focused}"]`);
    if (!mark) {
      pane.scrollTop = 0;
      return;
    }
    return jumpTo(mark);
  }, [editor, record.index, focused, reveal]);
}

/** Scrolls to the match in focus when the host says so. */
function useMatchReveal(editor: Editor, found: MatchesView | null, reveal: number): void {
  const drawn = useRef(0);
  useLayoutEffect(() => {
    if (!found || reveal === drawn.current) return;
    drawn.current = reveal;
    const mark = editor.parts.transcript.current?.querySelector(`[data-match="${found.current}"]`);
    return mark ? jumpTo(mark) : undefined;
  }, [editor, found, reveal]);
}

/** Returns a function that ends it. */
function jumpTo(mark: Element): () => void {
  // blocks get their real height in the frame after they came near, and move the mark: jump until that is over
  let frame = 0;
  const jump = (left: number) => {
    if (!mark.isConnected) return;
    scrollWithin(mark, 'center');
    if (left > 0) frame = requestAnimationFrame(() => jump(left - 1));
  };
  jump(JUMPS);
  return () => cancelAnimationFrame(frame);
}

const SETTLED_MS = 100;
/** Frames over which a jump to a span is corrected. */
const JUMPS = 6;

/** Keeps the place for when the editor comes back, once scrolling has come to rest. */
function useSavedPlace(editor: Editor, record: TranscriptView): void {
  const { index } = record;
  const id = shortened(record.id);
  useEffect(() => {
    const pane = editor.parts.transcript.current;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onScroll = () => {
      clearTimeout(timer);
      timer = setTimeout(() => pane && editor.save({ index, id, top: placeOf(pane) }), SETTLED_MS);
    };
    pane?.addEventListener('scroll', onScroll);
    return () => {
      clearTimeout(timer);
      pane?.removeEventListener('scroll', onScroll);
    };
  }, [editor, index, id]);
}
