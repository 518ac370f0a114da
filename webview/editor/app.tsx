import '../shared/shownText';
import { Banners } from './banners';
import type { Editor } from './editor';
import { FilterBar } from './filterBar';
import { KeySheet } from './keySheet';
import { List } from './list';
import { ProfilePane } from './profilePane';
import { Side } from './side';
import { Stage } from './stage';
import { StatusLine } from './statusLine';

/** The whole editor: filter bar, status line, and list, transcript and labels side by side. */
export function App({ editor }: { readonly editor: Editor }) {
  const profile = editor.store.view.value;
  return (
    <div class="editor">
      {!profile && <FilterBar editor={editor} />}
      <StatusLine editor={editor} />
      <Banners editor={editor} />
      {profile ? (
        <ProfilePane editor={editor} view={profile} />
      ) : (
        <main class="columns">
          <h1 class="unseen">{editor.summary.value?.file ?? 'Transcripts'}</h1>
          <List editor={editor} />
          <Stage editor={editor} />
          <Side editor={editor} />
        </main>
      )}
      <KeySheet editor={editor} />
      <Live editor={editor} />
    </div>
  );
}

function Live({ editor }: { readonly editor: Editor }) {
  return (
    <div class="unseen" aria-live="polite" role="status">
      {editor.live.value}
    </div>
  );
}
