import { useEffect, useRef, useState } from 'preact/hooks';
import type { Seen, TranscriptView } from '../../src/core/viewModel';
import { NOTE_UNITS } from '../../src/protocol/editor';
import { TextArea } from '../shared/ui/textField';
import type { Editor } from './editor';
import { keyOf } from './keys';

const PAUSE_MS = 800;

/**
 * The reviewer's note on one transcript; a new component for each. What is typed is sent when typing pauses,
 * before any chord, when the field loses the focus, before another transcript takes its place and when the editor is
 * hidden. Until then it is kept where VS Code keeps a webview's state, so that it outlives even a webview that is
 * killed.
 */
export function Note({ editor, record }: { readonly editor: Editor; readonly record: TranscriptView }) {
  const { id } = record;
  const [kept] = useState(() => {
    const { draft } = editor.savedState;
    return draft?.id === id ? draft : null;
  });
  const [draft, setDraft] = useState(kept?.text ?? null);
  /** What `send` reads, which also runs when this component is taken away. */
  const now = useRef({ draft, record, sent: null as string | null, on: kept?.hash, isHeld: false });
  const { sent } = now.current;
  if (draft !== null && draft === sent && record !== now.current.record) {
    // sent, and the host has spoken since: its word counts from here on
    setDraft(null);
    now.current = { ...now.current, draft: null, record, sent: null };
  } else {
    now.current = { ...now.current, draft, record };
  }

  const pause = useRef<ReturnType<typeof setTimeout>>();
  const send = useRef(() => {
    clearTimeout(pause.current);
    const { draft: text, record: last, sent: before, on = last.hash, isHeld } = now.current;
    if (text === null || text === before || isHeld) return;
    now.current.sent = text;
    const seen = { id, hash: on };
    const isKept = text === last.note && on === last.hash && !last.noteStale;
    void deliver(editor, seen, text, isKept).then((taken) => {
      if (taken || now.current.sent !== text) return;
      now.current.sent = null;
      // who decides was asked, and not said: that is not asked again until the note is typed on or sent by hand
      now.current.isHeld = taken === false;
    });
  });
  useEffect(() => {
    const onHide = () => send.current();
    const onVisibility = () => document.visibilityState === 'hidden' && send.current();
    // left by an earlier life of this webview, which could not send it any more
    send.current();
    window.addEventListener('pagehide', onHide);
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      window.removeEventListener('pagehide', onHide);
      document.removeEventListener('visibilitychange', onVisibility);
      onHide();
    };
  }, []);

  return (
    <>
      <h2 class="heading">
        Note <kbd>{keyOf('editNote')}</kbd>
      </h2>
      <TextArea
        class="note"
        label="Note on this transcript"
        placeholder="Why? (Ctrl+Enter sends)"
        rows={3}
        maxLength={NOTE_UNITS}
        value={draft ?? record.note}
        element={editor.parts.note}
        onInput={(text) => {
          now.current.draft = text;
          const { hash } = now.current.record;
          now.current.on = hash;
          now.current.isHeld = false;
          setDraft(text);
          clearTimeout(pause.current);
          pause.current = setTimeout(() => send.current(), PAUSE_MS);
          editor.save({ draft: { id, hash, text } });
          editor.flush();
        }}
        onBlur={() => send.current()}
        onKey={(event) => {
          // a chord may save or close: what is typed must be on its way before
          if (event.key === 'Control' || event.key === 'Meta') send.current();
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            // what was typed beside a text that has changed since is meant for what is on screen now
            const { hash, note, noteStale } = now.current.record;
            // and who keeps a stale note as it is sends it again
            if (noteStale) now.current.draft ??= note;
            if (noteStale || now.current.on !== hash) now.current.sent = null;
            now.current.on = hash;
            now.current.isHeld = false;
            send.current();
            // so that the next key decides, instead of becoming part of the note
            editor.focus('transcript');
            return true;
          }
          if (event.key !== 'Escape') return false;
          editor.focus('transcript');
          return true;
        }}
      />
      {record.noteStale && (
        <p class="warn">
          Stale: it was written on a text that has changed since, and exports leave it out. Ctrl+Enter keeps
          it for the text as it is now.
        </p>
      )}
      {(draft ?? record.note).length >= NOTE_UNITS && (
        <p class="fault" role="status">
          The note is full: it has {NOTE_UNITS.toLocaleString('en')} characters, and what is typed or pasted
          behind them is left out.
        </p>
      )}
    </>
  );
}

/** Sends a note; the kept draft goes only once the host has it, so that a refused note can be sent again. */
async function deliver(editor: Editor, seen: Seen, text: string, unchanged: boolean) {
  const taken = unchanged || (await editor.decide({ kind: 'note', ...seen, text }));
  if (!taken) return taken;
  const kept = editor.savedState.draft;
  if (kept?.id === seen.id && kept.text === text) {
    editor.save({ draft: null });
    editor.flush();
  }
  return true;
}
