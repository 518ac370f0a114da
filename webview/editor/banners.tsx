import { IN_LINES } from '../shared/pieces';
import { Button } from '../shared/ui/button';
import type { Editor } from './editor';

/** What goes on with the dataset as a whole: reading, stopped, changed on disk, or a wish that was refused. */
export function Banners({ editor }: { readonly editor: Editor }) {
  const summary = editor.summary.value;
  const failure = editor.failure.value;
  return (
    <section class="banners" aria-label="Messages">
      {failure !== null && (
        <div class="banner error" role="alert">
          <span {...IN_LINES}>{failure}</span>
          {summary ? (
            <Button onClick={() => hide(editor)}>Dismiss</Button>
          ) : (
            <Button onClick={() => retry(editor)}>Try again</Button>
          )}
        </div>
      )}
      {summary?.notice != null && (
        <div class="banner notice" role="status">
          <span {...IN_LINES}>{summary.notice}</span>
          <Button appearance="primary" onClick={() => editor.command('reload')}>
            Reload
          </Button>
        </div>
      )}
      {summary?.phase === 'indexing' && (
        <div class="banner">
          <progress max={1} value={summary.progress} aria-label="Reading the dataset" />
          <span>
            Reading: {summary.total.toLocaleString('en')} transcripts so far (
            {Math.floor(summary.progress * 100)} %)
          </span>
          <Button onClick={() => editor.command('cancelIndexing')}>Stop</Button>
        </div>
      )}
      {summary?.phase === 'checking' && (
        <div class="banner">
          <progress max={1} value={summary.progress} aria-label="Checking the dataset" />
          <span>
            All {summary.total.toLocaleString('en')} transcripts are listed; checking every record in full (
            {Math.floor(summary.progress * 100)} %)
          </span>
        </div>
      )}
      {summary?.phase === 'cancelled' && (
        <div class="banner notice" role="status">
          <span>
            Reading was stopped at {Math.floor(summary.progress * 100)} %: only the first{' '}
            {summary.total.toLocaleString('en')} transcripts are listed and counted.
          </span>
          <Button onClick={() => editor.command('reload')}>Read again</Button>
        </div>
      )}
      {summary?.phase === 'failed' && editor.store.view.value === null && (
        <div class="banner error" role="alert">
          <span {...IN_LINES}>{summary.error ?? 'The dataset could not be read.'}</span>
          <Button appearance="primary" onClick={() => editor.command('showProfile')}>
            Show how it is read
          </Button>
          <Button onClick={() => editor.command('reload')}>Try again</Button>
        </div>
      )}
    </section>
  );
}

function hide(editor: Editor): void {
  editor.failure.value = null;
}

function retry(editor: Editor): void {
  hide(editor);
  void editor.start();
}
