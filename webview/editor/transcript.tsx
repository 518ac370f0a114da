import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { TranscriptView } from '../../src/core/viewModel';
import type { MatchesView } from '../../src/protocol/search';
import { scrollWithin } from '../shared/scrollWithin';
import type { Editor } from './editor';
import { hitsByMessage, NO_HITS } from './hits';
import { HoverCard } from './hoverCard';
import { isFoldable, Message } from './message';
import { placeOf, restorePlace } from './place';

/** The transcript on screen. All of its text is there; only system messages begin folded, and say so. */
export function Transcript({ editor, record }: { readonly editor: Editor; readonly record: TranscriptView }) {
  const { cursor, reveal } = editor.shown.value;
  const scroller = editor.parts.transcript;
  const focused = record.spans.findIndex((span) => span.id === cursor.span);
  const matches = editor.matches.value;
  const found = matches.found?.index === record.index ? matches.found : null;
  const hits = useMemo(() => hitsByMessage(found), [found]);
  const hit = found?.current ?? -1;
  const [expanded, toggle] = useExpanded(editor, record, focused, found);
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
      aria-label={`Transcript ${record.id}`}
    >
      <Header record={record} />
      {record.messages.map((message, at) => (
        <Message
          key={`${record.index} ${at}`}
          at={at}
          message={message}
          spans={record.spans}
          focused={focused}
          hits={hits.get(at) ?? NO_HITS}
          hit={hit}
          open={!isFoldable(message) || expanded.includes(at)}
          onToggle={() => toggle(at)}
        />
      ))}
      <HoverCard pane={scroller} spans={record.spans} />
    </section>
  );
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
    const { index, id, expanded } = editor.savedState;
    const same = index === record.index && id === record.id;
    return { ...NOTHING_FOCUSED, index: record.index, expanded: same ? expanded : [] };
  });
  let now = held.index === record.index ? held : { ...NOTHING_FOCUSED, index: record.index, expanded: [] };
  const unfolded = (message: number | undefined) => {
    const folded = message !== undefined && record.messages[message]?.role === 'system';
    return folded && !now.expanded.includes(message) ? [...now.expanded, message] : now.expanded;
  };
  if (now.focused !== focused) {
    now = { ...now, focused, expanded: unfolded(record.spans[focused]?.place?.message) };
  }
  const [message, start] = found && found.current >= 0 ? found.places.slice(3 * found.current) : [];
  const match = `${message} ${start}`;
  if (now.match !== match) now = { ...now, match, expanded: unfolded(message) };
  if (now !== held) setHeld(now);
  useEffect(() => {
    editor.save({ index: record.index, id: record.id, expanded: now.expanded });
  }, [editor, record.index, record.id, now.expanded]);
  const toggle = (message: number) => {
    const open = now.expanded.includes(message);
    const expanded = open ? now.expanded.filter((at) => at !== message) : [...now.expanded, message];
    setHeld({ ...now, expanded });
  };
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
      const saved = editor.savedState;
      const same = saved.index === record.index && saved.id === record.id;
      return same && saved.top ? restorePlace(pane, saved.top) : undefined;
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
  const { index, id } = record;
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
