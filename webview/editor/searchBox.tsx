import { NO_SEARCH, SEARCH_SCOPES, SEARCH_UNITS, type SearchQuery } from '../../src/core/search/query';
import { Button } from '../shared/ui/button';
import { Dropdown } from '../shared/ui/dropdown';
import { TextField } from '../shared/ui/textField';
import { useDraft } from './draft';
import type { Editor } from './editor';
import { keyOf } from './keys';
import { matchWords, SCOPE_WORDS, searchWords } from './searchWords';

const PAUSE_MS = 250;

/** The search in the text of the whole dataset: what for, where, and what was found. */
export function SearchBox({ editor }: { readonly editor: Editor }) {
  const search = editor.summary.value?.search ?? null;
  const send = (query: SearchQuery) => editor.search(query);
  const [draft, change] = useDraft(search?.query ?? NO_SEARCH, { send, isSame: isSameSearch });
  const toggle = (key: 'caseSensitive' | 'regex') => change({ ...draft, [key]: !draft[key] }, 0);
  return (
    <div class="searchBox">
      <TextField
        class="searchField"
        label="Search in all transcripts"
        placeholder="Search in all transcripts"
        value={draft.text}
        maxLength={SEARCH_UNITS}
        element={editor.parts.search}
        onInput={(text) => change({ ...draft, text }, PAUSE_MS)}
        onKey={(event) => onKey(event, editor, () => change({ ...draft, text: '' }, 0))}
      />
      <Button
        appearance="icon"
        label="Match case"
        title="Match case"
        pressed={draft.caseSensitive}
        onClick={() => toggle('caseSensitive')}
      >
        Aa
      </Button>
      <Button
        appearance="icon"
        label="Regular expression"
        title="Regular expression"
        pressed={draft.regex}
        onClick={() => toggle('regex')}
      >
        .*
      </Button>
      <Dropdown
        class={draft.scope === 'everywhere' ? 'choice' : 'choice chosen'}
        label="Search in"
        options={SEARCH_SCOPES.map((scope) => ({ value: scope, text: SCOPE_WORDS[scope] }))}
        value={draft.scope}
        onChange={(value) => {
          const scope = SEARCH_SCOPES.find((one) => one === value);
          if (scope) change({ ...draft, scope }, 0);
        }}
      />
      {search && <Outcome editor={editor} />}
    </div>
  );
}

function Outcome({ editor }: { readonly editor: Editor }) {
  const search = editor.summary.value?.search;
  const { found } = editor.matches.value;
  if (!search) return null;
  return (
    <>
      {search.matches > 0 && (
        <>
          <Step editor={editor} command="previousMatch" words="Previous match" icon="↑" />
          <Step editor={editor} command="nextMatch" words="Next match" icon="↓" />
        </>
      )}
      <span class="searchCount" role="status">
        {search.phase === 'failed' ? <span class="warn">{search.error}</span> : searchWords(search)}
        {found && search.transcripts > 0 && <span class="dim"> · {matchWords(found)}</span>}
      </span>
    </>
  );
}

function Step(props: {
  readonly editor: Editor;
  readonly command: 'previousMatch' | 'nextMatch';
  readonly words: string;
  readonly icon: string;
}) {
  return (
    <Button
      appearance="icon"
      label={props.words}
      title={`${props.words} (${keyOf(props.command)})`}
      onClick={() => props.editor.command(props.command)}
    >
      {props.icon}
    </Button>
  );
}

/** True where the key was for the search. */
function onKey(event: KeyboardEvent, editor: Editor, clear: () => void): boolean {
  if (event.key === 'Escape') {
    clear();
    editor.focus('transcript');
  } else if (event.key === 'Enter' || event.key === 'F3') {
    editor.command(event.shiftKey ? 'previousMatch' : 'nextMatch');
  } else return false;
  return true;
}

/** Options alone are nothing to search for. */
function isSameSearch(a: SearchQuery, b: SearchQuery): boolean {
  return (a.text === '' && b.text === '') || keyOfQuery(a) === keyOfQuery(b);
}

function keyOfQuery({ text, regex, caseSensitive, scope }: SearchQuery): string {
  return JSON.stringify([text, regex, caseSensitive, scope]);
}
