import { useMemo } from 'preact/hooks';
import { type Filter, NO_FILTER } from '../../src/core/dataset/filterModel';
import { Button } from '../shared/ui/button';
import { Combobox } from '../shared/ui/combobox';
import { Dropdown } from '../shared/ui/dropdown';
import { TextField } from '../shared/ui/textField';
import { useDraft } from './draft';
import type { Editor } from './editor';
import { SearchBox } from './searchBox';

type Choice = Exclude<keyof Filter, 'text'>;
type Facet = 'setting' | 'variant' | 'prefix';
const PLURALS = { setting: 'settings', variant: 'variants', prefix: 'prefixes' } as const;

const CONDITIONS = [
  ['training', 'training'],
  ['unmonitored', 'unmonitored'],
  ['unknown', 'unknown'],
] as const;
const REVIEWS = [
  ['reviewed', 'reviewed'],
  ['unreviewed', 'not reviewed'],
  ['mine', 'reviewed by me'],
  ['override', 'overrides'],
  ['stale', 'stale'],
] as const;
const FLAGS = [
  ['disagree', 'classifiers disagree'],
  ['flagged', 'a classifier says AF'],
  ['contradiction', 'stored and text disagree'],
  ['problem', 'with problems'],
  ['bad', 'bad lines'],
] as const;

type Named = readonly (readonly [string, string])[];

/** The filter as the host holds it; typing is sent on after a short pause. */
export function FilterBar({ editor }: { readonly editor: Editor }) {
  const filter = editor.summary.value?.filter ?? NO_FILTER;
  const filtered = Object.values(filter).some((value) => value !== null && value !== '');
  return (
    <search class="filterBar" aria-label="Filter and search transcripts">
      <IdField editor={editor} filter={filter} />
      <FacetChoice editor={editor} filter={filter} facet="setting" />
      <Choices editor={editor} filter={filter} choice="condition" values={CONDITIONS} />
      <FacetChoice editor={editor} filter={filter} facet="variant" />
      <FacetChoice editor={editor} filter={filter} facet="prefix" />
      <Choices editor={editor} filter={filter} choice="review" values={REVIEWS} />
      <Choices editor={editor} filter={filter} choice="flag" values={FLAGS} />
      {filtered && <Button onClick={() => editor.command('clearFilter')}>Clear</Button>}
      <SearchBox editor={editor} />
      <Button
        appearance="icon"
        label="Keyboard shortcuts"
        title="Keyboard shortcuts (?)"
        onClick={() => editor.focus('help')}
      >
        <kbd>?</kbd>
      </Button>
    </search>
  );
}

/** One of several; where not all of them are listed, a field in which any is typed. */
function FacetChoice(props: { readonly editor: Editor; readonly filter: Filter; readonly facet: Facet }) {
  const { editor, filter, facet } = props;
  const names = editor.facets.value[PLURALS[facet]];
  const more = editor.summary.value?.unlisted[PLURALS[facet]] ?? 0;
  if (more === 0)
    return (
      <Choices editor={editor} filter={filter} choice={facet} values={names.map((name) => [name, name])} />
    );
  return <FacetField {...props} names={names} />;
}

function Choices(props: {
  readonly editor: Editor;
  readonly filter: Filter;
  readonly choice: Choice;
  readonly values: Named;
}) {
  const { editor, filter, choice, values } = props;
  return (
    <Dropdown
      class={filter[choice] === null ? 'choice' : 'choice chosen'}
      label={`Filter by ${choice}`}
      options={[
        { value: '', text: `${choice}: all` },
        // the mark keeps a variant named "" apart from "all"
        ...values.map(([value, text]) => ({ value: `=${value}`, text })),
      ]}
      value={filter[choice] === null ? '' : `=${filter[choice]}`}
      onChange={(value) => {
        editor.filter({ [choice]: value === '' ? null : value.slice(1) });
      }}
    />
  );
}

/** Its whole name, or nothing for all. */
function FacetField(props: {
  readonly editor: Editor;
  readonly filter: Filter;
  readonly facet: Facet;
  readonly names: readonly string[];
}) {
  const { editor, filter, facet, names } = props;
  const [draft, setDraft] = useTextDraft(filter[facet] ?? '', (name) =>
    editor.filter({ [facet]: name === '' ? null : name }),
  );
  const options = useMemo(() => names.map((value) => ({ value, note: '' })), [names]);
  return (
    <span class="facetField" title={`Filter by ${facet}: its whole name; nothing for all`}>
      <Combobox
        id={`filter-${facet}`}
        label={`Filter by ${facet}`}
        placeholder={`${facet}: all`}
        value={draft}
        options={options}
        onInput={setDraft}
      />
    </span>
  );
}

const PAUSE_MS = 150;

function useTextDraft(held: string, send: (draft: string) => void) {
  const [draft, change] = useDraft(held, { send, isSame: (a, b) => a === b });
  return [draft, (text: string) => change(text, PAUSE_MS)] as const;
}

function IdField({ editor, filter }: { readonly editor: Editor; readonly filter: Filter }) {
  const [draft, setDraft] = useTextDraft(filter.text, (text) => editor.filter({ text }));
  return (
    <TextField
      class="idField"
      label="Filter by id"
      placeholder="Filter by id"
      value={draft}
      element={editor.parts.filter}
      onInput={setDraft}
      onKey={(event) => {
        if (event.key !== 'Escape') return false;
        editor.focus('transcript');
        return true;
      }}
    />
  );
}
