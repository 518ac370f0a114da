import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { Combobox, type ComboboxOption } from '../shared/ui/combobox';
import { ChoiceInput, LineInput } from '../shared/ui/inputs';
import { type Path, pathWords, valueAt, whereOf, whereText, wordsOf, wordsText } from './profileDraft';
import type { ProfileStore } from './profileStore';
import { placeWords } from './profileWords';

/** What each field of the form is given: the profile as it stands, and where changes go. */
export interface FormProps {
  readonly store: ProfileStore;
  readonly draft: unknown;
}

export interface FieldProps extends FormProps {
  readonly path: Path;
  readonly label: string;
}

interface FrameProps {
  readonly store: ProfileStore;
  readonly label: string;
  readonly path: Path;
  readonly hint?: { readonly words: string; readonly missing: boolean } | null | undefined;
  readonly children: (ids: {
    readonly id: string;
    readonly describedBy: string | undefined;
    readonly invalid: boolean;
  }) => ComponentChildren;
}

/** A label, its input, what stands there in the records, and what is wrong with it. */
export function Frame({ store, label, path, hint, children }: FrameProps) {
  const id = useId();
  const faults = faultsAt(store, path);
  const described = [...(faults.length > 0 ? [`${id}-fault`] : []), ...(hint ? [`${id}-hint`] : [])];
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, describedBy: described.join(' ') || undefined, invalid: faults.length > 0 })}
      {faults.length > 0 && (
        <p class="fault" id={`${id}-fault`}>
          {faults.join('; ')}
        </p>
      )}
      {hint && (
        <p class={hint.missing ? 'hint warn' : 'hint'} id={`${id}-hint`}>
          {hint.words}
        </p>
      )}
    </div>
  );
}

/** What the host finds wrong at a place in the profile, or within. */
function faultsAt(store: ProfileStore, path: Path): string[] {
  const at = pathWords(path);
  return (store.reading.value?.issues ?? [])
    .filter(
      (issue) => issue.path === at || issue.path.startsWith(`${at}[`) || issue.path.startsWith(`${at}.`),
    )
    .map(({ message }) => message);
}

/**
 * The text of a value. What is typed stands as it was typed for as long as it means the value: `a, ` means the same as
 * `a`, and the comma must not vanish.
 */
function useText<T>(
  value: T,
  format: (value: T) => string,
  parse: (text: string) => T,
  change: (value: T) => void,
): readonly [string, (text: string) => void] {
  const [typed, setTyped] = useState(() => format(value));
  const means = (text: string) => JSON.stringify(parse(text));
  const text = means(typed) === JSON.stringify(value) ? typed : format(value);
  const onInput = (next: string) => {
    setTyped(next);
    if (means(next) !== JSON.stringify(value)) change(parse(next));
  };
  return [text, onInput];
}

export interface PlaceProps extends FieldProps {
  readonly placeholder?: string;
  /** How places are read and written, where it is not as one `Where`. */
  readonly format?: (value: unknown) => string;
  readonly parse?: (text: string) => unknown;
  readonly onChange?: (value: unknown) => void;
}

const AMONG_PLACES = /\s(?:or|\+)\s+/;

/** Where something stands in a record: chosen among what the first records hold, or typed. */
export function PlaceField(props: PlaceProps) {
  const { store, draft, path, label, format = whereText, parse = whereOf } = props;
  const places = store.view.value?.places ?? [];
  const change = props.onChange ?? ((value: unknown) => store.set(path, value));
  const [text, onInput] = useText(valueAt(draft, path), format, parse, change);
  const options: ComboboxOption[] = places.map(({ pointer, example }) => ({ value: pointer, note: example }));
  return (
    <Frame store={store} label={label} path={path} hint={placeWords(places, text)}>
      {(ids) => (
        <Combobox
          {...ids}
          value={text}
          options={options}
          separator={AMONG_PLACES}
          placeholder={props.placeholder}
          onInput={onInput}
        />
      )}
    </Frame>
  );
}

export interface TextFieldProps extends FieldProps {
  readonly placeholder?: string;
  readonly options?: readonly ComboboxOption[];
  /** What an empty field stands for; without it, the value is taken out. */
  readonly empty?: string;
}

/** A text of the profile, with likely ones to choose from where there are any. */
export function WordField({ store, draft, path, label, placeholder, options, empty }: TextFieldProps) {
  const format = (value: unknown) =>
    typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  const [text, onInput] = useText<unknown>(
    valueAt(draft, path),
    format,
    (typed) => (typed === '' ? empty : typed),
    (value) => store.set(path, value),
  );
  return (
    <Frame store={store} label={label} path={path}>
      {(ids) =>
        options ? (
          <Combobox {...ids} value={text} options={options} placeholder={placeholder} onInput={onInput} />
        ) : (
          <LineInput {...ids} value={text} placeholder={placeholder} onInput={onInput} />
        )
      }
    </Frame>
  );
}

export interface WordsProps extends FieldProps {
  readonly placeholder?: string;
  readonly value?: readonly string[];
  readonly onChange?: (words: readonly string[]) => void;
}

/** A list of words. `value` and `onChange` where the list does not stand in the profile as one. */
export function WordsField({ store, draft, path, label, placeholder, value, onChange }: WordsProps) {
  const [text, onInput] = useText<unknown>(
    value === undefined ? asTexts(valueAt(draft, path)) : value.length > 0 ? value : undefined,
    wordsText,
    wordsOf,
    (words) => {
      if (onChange) onChange(Array.isArray(words) ? words : []);
      else store.set(path, words);
    },
  );
  return (
    <Frame store={store} label={label} path={path}>
      {(ids) => <LineInput {...ids} value={text} placeholder={placeholder} onInput={onInput} />}
    </Frame>
  );
}

/** Words of a profile may be numbers and booleans, which mean the same as their texts. */
function asTexts(words: unknown): unknown {
  return Array.isArray(words)
    ? words.map((word) => (typeof word === 'object' && word !== null ? word : String(word)))
    : words;
}

/** A number; what is none stands there as it was typed, for the host to refuse. */
export function NumberField({ store, draft, path, label }: FieldProps) {
  const parse = (text: string) => {
    const plain = text.trim();
    return plain === '' ? undefined : Number.isFinite(Number(plain)) ? Number(plain) : plain;
  };
  const [text, onInput] = useText<unknown>(
    valueAt(draft, path),
    (value) => (value === undefined ? '' : String(value)),
    parse,
    (value) => store.set(path, value),
  );
  return (
    <Frame store={store} label={label} path={path}>
      {(ids) => <LineInput {...ids} value={text} onInput={onInput} />}
    </Frame>
  );
}

export interface ChoiceProps extends FieldProps {
  /** The one with the value '' takes the value out of the profile. */
  readonly options: readonly { readonly value: string; readonly text: string }[];
}

/** One of a few texts. */
export function ChoiceField({ store, draft, path, label, options }: ChoiceProps) {
  const value = valueAt(draft, path);
  return (
    <Frame store={store} label={label} path={path}>
      {({ id }) => (
        <ChoiceInput
          id={id}
          value={value === undefined ? '' : String(value)}
          options={options}
          onChange={(chosen) => store.set(path, chosen === '' ? undefined : chosen)}
        />
      )}
    </Frame>
  );
}

/** What a rule says that the form has no field for. */
export function Others({ keys }: { readonly keys: readonly string[] }) {
  return keys.length === 0 ? null : <p class="hint">Also said in the JSON below: {keys.join(', ')}</p>;
}
