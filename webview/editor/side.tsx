import { IN_LINES } from '../shared/pieces';
import { Around, First, Lines } from './bounded';
import type { Editor } from './editor';
import { keyOf } from './keys';
import { LabelCard } from './labelCard';
import { Note } from './note';
import { SpanList } from './spanList';
import { Stale } from './stale';
import { plural } from './words';

/** Notes of others, or problems, shown at first. */
const SOME = 50;
const LABEL_KEYS = `${keyOf('nextLabel')} and ${keyOf('previousLabel')} step through all of them`;

/** The right column: what classifiers and people say about this transcript. */
export function Side({ editor }: { readonly editor: Editor }) {
  const { record, cursor } = editor.shown.value;
  if (record?.kind !== 'transcript') return <aside class="side" aria-label="Labels and spans" />;
  const seen = { id: record.id, hash: record.hash };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <aside class="side" aria-label="Labels and spans" tabIndex={0}>
      <h2 class="heading">Labels</h2>
      {record.labels.length === 0 && <p class="dim">No labels</p>}
      <Around
        key={record.index}
        items={record.labels}
        at={record.labels.findIndex(({ label }) => label === cursor.label)}
        word="label"
        title={LABEL_KEYS}
      >
        {(some) =>
          some.map((label) => (
            <LabelCard
              key={`${record.index} ${label.label}`}
              label={label}
              focused={label.label === cursor.label}
              onFocus={() => editor.focusLabel(label.label)}
              onAnswer={(answer) => editor.decide({ kind: 'label', ...seen, label: label.label, answer })}
            />
          ))
        }
      </Around>
      {record.moreLabels > 0 && <p class="dim">{plural(record.moreLabels, 'more label')} not listed</p>}
      <SpanList editor={editor} record={record} focused={cursor.span} />
      <Note key={`${record.index} ${record.id}`} editor={editor} record={record} />
      <First key={`notes ${record.index}`} items={record.otherNotes} most={SOME} word="note">
        {(note) => (
          <p class="otherNote">
            <b>{note.reviewer}</b>: <Lines text={note.text} />
            {note.stale && <Stale title="Written on a text that has changed since" />}
          </p>
        )}
      </First>
      {record.moreNotes > 0 && <p class="dim">{plural(record.moreNotes, 'more note')} not listed</p>}
      {record.problems.length > 0 && (
        <>
          <h2 class="heading">Problems</h2>
          <ul class="problems">
            <First key={record.index} items={record.problems} most={SOME} word="problem">
              {(problem) => <li {...IN_LINES}>{problem}</li>}
            </First>
          </ul>
        </>
      )}
    </aside>
  );
}
