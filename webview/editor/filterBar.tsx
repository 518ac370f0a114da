import { useEffect, useRef, useState } from 'preact/hooks';
import { type Filter, NO_FILTER } from '../../src/core/dataset/filterModel';
import { Button } from '../shared/ui/button';
import { Dropdown } from '../shared/ui/dropdown';
import { TextField } from '../shared/ui/textField';
import type { Editor } from './editor';
import { SearchBox } from './searchBox';

type Choice = Exclude<keyof Filter, 'text'>;

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
  ['flagged', 'alignment faking'],
  ['contradiction', 'stored and text disagree'],
  ['problem', 'with problems'],
  ['bad', 'bad lines'],
] as const;

type Named = readonly (readonly [string, string])[];

function named(values: readonly string[]): Named {
  return values.map((value) => [value, value]);
}

/** The filter as the host holds it; typing is sent on after a short pause. */
export function FilterBar({ editor }: { readonly editor: Editor }) {
  const summary = editor.summary.value;
  const filter = summary?.filter ?? NO_FILTER;
  const choices: readonly [Choice, string, Named][] = [
    ['setting', 'setting', named(summary?.settings ?? [])],
    ['condition', 'condition', CONDITIONS],
    ['variant', 'variant', named(summary?.variants ?? [])],
    ['prefix', 'prefix', named(summary?.prefixes ?? [])],
    ['review', 'review', REVIEWS],
    ['flag', 'flag', FLAGS],
  ];
  const filtered = Object.values(filter).some((value) => value !== null && value !== '');
  return (
    <search class="filterBar" aria-label="Filter and search transcripts">
      <IdField editor={editor} filter={filter} />
      {choices.map(([key, name, values]) => (
        <Dropdown
          key={key}
          class={filter[key] === null ? 'choice' : 'choice chosen'}
          label={`Filter by ${name}`}
          options={[
            { value: '', text: `${name}: all` },
            // the mark keeps a variant named "" apart from "all"
            ...values.map(([value, text]) => ({ value: `=${value}`, text })),
          ]}
          value={filter[key] === null ? '' : `=${filter[key]}`}
          onChange={(value) => {
            editor.filter({ ...filter, [key]: value === '' ? null : value.slice(1) });
          }}
        />
      ))}
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

const PAUSE_MS = 150;

function IdField({ editor, filter }: { readonly editor: Editor; readonly filter: Filter }) {
  const [draft, setDraft] = useState(filter.text);
  const seen = useRef(filter.text);
  /** Sent and not yet heard back. */
  const pending = useRef<string[]>([]);
  if (filter.text !== seen.current) {
    seen.current = filter.text;
    const echo = pending.current.indexOf(filter.text);
    pending.current = pending.current.slice(echo + 1);
    // changed by other means, e.g. the command that clears it; an echo must not undo what was typed since
    if (echo === -1) setDraft(filter.text);
  }
  useEffect(() => {
    if (draft === (pending.current.at(-1) ?? filter.text)) return;
    const timer = setTimeout(() => {
      pending.current.push(draft);
      editor.filter({ ...filter, text: draft });
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [editor, draft, filter]);
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
