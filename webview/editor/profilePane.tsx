import { useEffect } from 'preact/hooks';
import type { ProfileView } from '../../src/protocol/profile';
import { IN_LINES } from '../shared/pieces';
import { Button } from '../shared/ui/button';
import { Dropdown } from '../shared/ui/dropdown';
import type { Editor } from './editor';
import { ProfileForm } from './profileForm';
import { ProfilePreview } from './profilePreview';
import { originWords } from './profileWords';
import { plural } from './words';

/** How the dataset is read, in place of its transcripts: the files, the mapping as a form, and what it gives. */
export function ProfilePane({ editor, view }: { readonly editor: Editor; readonly view: ProfileView }) {
  const { store, parts } = editor;
  useEffect(() => {
    // a file that is only looked at from elsewhere must not take the keyboard
    if (document.hasFocus()) parts.profile.current?.focus({ preventScroll: true });
  }, [parts]);
  return (
    <main
      class="profilePane"
      aria-labelledby="profileTitle"
      // single letters are commands that act on the transcript behind
      onKeyDown={(event) => {
        if (event.key === 'Escape') editor.closeProfile();
        if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) event.stopPropagation();
        if (event.key === 'Escape' || event.key === 'Backspace') event.stopPropagation();
      }}
    >
      <header class="profileHead">
        <h1 id="profileTitle" ref={parts.profile} tabIndex={-1}>
          How this dataset is read
        </h1>
        <p>{originWords(view)}</p>
        {view.reason !== null && (
          <p class="fault" {...IN_LINES}>
            {view.reason}
          </p>
        )}
        <Files view={view} editor={editor} />
        <Actions view={view} editor={editor} />
      </header>
      <div class="profileColumns">
        <ProfileForm store={store} />
        <ProfilePreview reading={store.reading.value} />
      </div>
    </main>
  );
}

interface PartProps {
  readonly editor: Editor;
  readonly view: ProfileView;
}

function Files({ editor, view }: PartProps) {
  const how = view.origin === 'kept' ? 'kept beside the dataset' : 'detected';
  const [only, ...others] = view.files;
  const fileWords = ({ name, container, profile }: (typeof view.files)[number]) =>
    profile === null ? `${name}: not read` : `${name}: ${container}, profile “${profile}”, ${how}`;
  if (!only) return null;
  if (others.length === 0) return <p>{fileWords(only)}</p>;
  return (
    <div class="profileFiles">
      <Dropdown
        label="File to preview"
        options={view.files.map(({ name }) => ({ value: name, text: name }))}
        value={view.file}
        onChange={(name) => editor.previewFile(name)}
      />
      <details>
        <summary>{plural(view.fileCount, 'file')}; a profile that is kept applies to all of them</summary>
        <ul>
          {view.files.map((file) => (
            <li key={file.name}>{fileWords(file)}</li>
          ))}
        </ul>
        {view.fileCount > view.files.length && (
          <p>and {plural(view.fileCount - view.files.length, 'more file')}</p>
        )}
      </details>
    </div>
  );
}

function Actions({ editor, view }: PartProps) {
  const { store } = editor;
  const text = store.text.value;
  const reading = store.reading.value;
  const issues = reading?.issues ?? [];
  const changed = text !== view.start;
  const isKept = view.origin === 'kept' || view.origin === 'broken';
  return (
    <>
      <div class="profileActions">
        <Button
          appearance="primary"
          disabled={issues.length > 0 || (view.origin === 'kept' && !changed)}
          onClick={() => editor.keepProfile(text)}
        >
          Read the dataset this way
        </Button>
        {isKept && <Button onClick={() => editor.forgetProfile()}>Use what was detected</Button>}
        {changed && <Button onClick={() => store.edit(view.start)}>Undo my changes</Button>}
        <Button title="Close (Esc)" onClick={() => editor.closeProfile()}>
          Close
        </Button>
      </div>
      {reading !== null && reading.strandedDecisions > 0 && (
        <p class="warn" role="status">
          Read this way, transcripts have other ids than now. The decisions on{' '}
          {plural(reading.strandedDecisions, 'transcript')} stay as they are, but find a transcript only by
          its id.
        </p>
      )}
      {issues.length > 0 && (
        <div class="fault">
          It cannot be read this way yet:
          <ul>
            {issues.slice(0, 10).map(({ path, message }) => (
              <li key={`${path} ${message}`}>{`${path}: ${message}`}</li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
