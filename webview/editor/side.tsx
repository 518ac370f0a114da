import type { Editor } from './editor';
import { LabelCard } from './labelCard';
import { Note } from './note';
import { SpanList } from './spanList';

/** The right column: what classifiers and people say about this transcript. */
export function Side({ editor }: { readonly editor: Editor }) {
  const { record, cursor } = editor.shown.value;
  if (record?.kind !== 'transcript') return <aside class="side" aria-label="Labels and spans" />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <aside class="side" aria-label="Labels and spans" tabIndex={0}>
      <h2 class="heading">Labels</h2>
      {record.labels.length === 0 && <p class="dim">No labels</p>}
      {record.labels.map((label) => (
        <LabelCard
          key={label.label}
          label={label}
          focused={label.label === cursor.label}
          onFocus={() => editor.focusLabel(label.label)}
          onAnswer={(answer) => editor.decide({ kind: 'label', id: record.id, label: label.label, answer })}
        />
      ))}
      <SpanList editor={editor} record={record} focused={cursor.span} />
      <Note key={`${record.index} ${record.id}`} editor={editor} record={record} />
      {record.otherNotes.map((note) => (
        <p key={note.reviewer} class="otherNote">
          <b>{note.reviewer}</b>: {note.text}
        </p>
      ))}
      {record.problems.length > 0 && (
        <>
          <h2 class="heading">Problems</h2>
          <ul class="problems">
            {record.problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </>
      )}
    </aside>
  );
}
