import type { BadRecordView } from '../../src/core/viewModel';
import type { SummaryView } from '../../src/protocol/editor';
import { IN_LINES } from '../shared/pieces';
import { Button } from '../shared/ui/button';
import type { Editor } from './editor';
import { Transcript } from './transcript';

/** The middle column: a transcript, a record that could not be read, or why there is neither. */
export function Stage({ editor }: { readonly editor: Editor }) {
  const { record } = editor.shown.value;
  const summary = editor.summary.value;
  if (record?.kind === 'transcript') return <Transcript editor={editor} record={record} />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section class="stage" ref={editor.parts.transcript} tabIndex={0} aria-label="Transcript">
      {record ? <BadRecord record={record} /> : summary && <Nothing editor={editor} summary={summary} />}
    </section>
  );
}

function BadRecord({ record }: { readonly record: BadRecordView }) {
  return (
    <div class="badRecord">
      <h2 class="warn">This record could not be read</h2>
      <dl class="facts">
        <dt>Record</dt>
        <dd class="mono">{record.id}</dd>
        {record.file !== undefined && (
          <>
            <dt>File</dt>
            <dd>{record.file}</dd>
          </>
        )}
        <dt>{record.unit ?? 'line'}</dt>
        <dd>{record.line.toLocaleString('en')}</dd>
        {record.unit === undefined && (
          <>
            <dt>Byte offset</dt>
            <dd>{record.offset.toLocaleString('en')}</dd>
          </>
        )}
        <dt>Reason</dt>
        <dd {...IN_LINES}>{record.reason}</dd>
      </dl>
      <p class="dim">It is in no count. The beginning of what stands in the file:</p>
      <pre class="raw" {...IN_LINES}>
        {record.raw}
      </pre>
    </div>
  );
}

function Nothing({ editor, summary }: { readonly editor: Editor; readonly summary: SummaryView }) {
  if (summary.phase === 'failed')
    return (
      <p class="empty" {...IN_LINES}>
        {summary.error ?? 'The dataset could not be read.'}
      </p>
    );
  if (summary.total === 0) {
    return (
      <p class="empty">
        {summary.phase === 'indexing' ? 'Reading the dataset…' : 'This dataset holds no transcripts.'}
      </p>
    );
  }
  if (summary.shown > 0) return <p class="empty">Opening the transcript…</p>;
  return (
    <div class="empty">
      <p>
        None of the {summary.total.toLocaleString('en')} transcripts matches the filter
        {summary.search ? ' and the search' : ''}.
      </p>
      <Button
        onClick={() => {
          editor.command('clearFilter');
          if (summary.search) editor.command('clearSearch');
        }}
      >
        Clear {summary.search ? 'both' : 'the filter'}
      </Button>
    </div>
  );
}
