/** The browser's own inputs: unlike the toolkit's, they can be named by a label and described by what stands beside them. */
import { keepTyping } from './typing';
import { Unseen } from './unseen';

export interface LineInputProps {
  readonly id: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly onBlur?: () => void;
  readonly placeholder?: string | undefined;
  readonly invalid?: boolean;
  /** Ids of what is said about the field. */
  readonly describedBy?: string | undefined;
}

/** One line of text. */
export function LineInput(props: LineInputProps) {
  return (
    <>
      <input
        id={props.id}
        type="text"
        class="line"
        autocomplete="off"
        spellcheck={false}
        value={props.value}
        placeholder={props.placeholder}
        aria-invalid={props.invalid ? true : undefined}
        aria-describedby={props.describedBy}
        onInput={(event) => props.onInput(event.currentTarget.value)}
        onBlur={props.onBlur}
        onKeyDown={keepTyping}
      />
      <Unseen text={props.value} />
    </>
  );
}

/** Several lines of text, such as JSON. */
export function LinesInput(props: LineInputProps & { readonly rows: number }) {
  return (
    <>
      <textarea
        id={props.id}
        class="line lines mono"
        rows={props.rows}
        autocomplete="off"
        spellcheck={false}
        value={props.value}
        placeholder={props.placeholder}
        aria-invalid={props.invalid ? true : undefined}
        aria-describedby={props.describedBy}
        onInput={(event) => props.onInput(event.currentTarget.value)}
        onKeyDown={keepTyping}
      />
      <Unseen text={props.value} />
    </>
  );
}

export interface ChoiceInputProps {
  readonly id: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  readonly onChange: (value: string) => void;
}

/** One of a few. A value that is none of the options stands there all the same. */
export function ChoiceInput({ id, value, options, onChange }: ChoiceInputProps) {
  const isKnown = options.some((option) => option.value === value);
  return (
    <select id={id} class="line" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      {!isKnown && <option value={value}>{value}</option>}
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.text}
        </option>
      ))}
    </select>
  );
}

export interface CheckInputProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** Yes or no. */
export function CheckInput({ label, checked, onChange }: CheckInputProps) {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      {label}
    </label>
  );
}
