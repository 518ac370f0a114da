import { useId, useRef, useState } from 'preact/hooks';
import { keepTyping } from './typing';
import { Unseen } from './unseen';

export interface ComboboxOption {
  readonly value: string;
  /** What is said about it beside its value. */
  readonly note: string;
}

export interface ComboboxProps {
  readonly id: string;
  /** Accessible name, where no label elsewhere names it. */
  readonly label?: string;
  readonly value: string;
  readonly options: readonly ComboboxOption[];
  readonly onInput: (value: string) => void;
  readonly onBlur?: () => void;
  /** Where several values may stand in the field, what parts them: options complete the last. */
  readonly separator?: RegExp;
  readonly placeholder?: string | undefined;
  readonly invalid?: boolean;
  /** Ids of what is said about the field. */
  readonly describedBy?: string | undefined;
}

const MOST_SHOWN = 60;

/**
 * A line of text with a list of likely values: any other may be typed. Not the browser's own `datalist`, which is not
 * drawn in the theme's colours, nor at all in some of VS Code's frames.
 */
export function Combobox(props: ComboboxProps) {
  const list = useId();
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const [filtering, setFiltering] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const { head, last } = parts(props.value, props.separator);
  const matching = props.options.filter(
    ({ value, note }) => !filtering || `${value} ${note}`.toLowerCase().includes(last.toLowerCase()),
  );
  const shown = open ? matching.slice(0, MOST_SHOWN) : [];
  const isOpen = shown.length > 0;
  const close = () => {
    setOpen(false);
    setActive(-1);
  };
  const show = (filter: boolean) => {
    setFiltering(filter);
    setOpen(true);
  };
  const choose = (value: string) => {
    props.onInput(head + value);
    close();
  };
  const move = (step: number) => {
    if (!isOpen) show(false);
    else setActive((active + step + shown.length + (active < 0 && step < 0 ? 1 : 0)) % shown.length);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const chosen = shown[active];
    if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'Enter' && chosen) choose(chosen.value);
    else if (event.key === 'Escape' && isOpen) close();
    else {
      keepTyping(event);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <span class="combobox">
      <input
        id={props.id}
        ref={field}
        type="text"
        class="line mono"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        aria-label={props.label}
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={isOpen ? list : undefined}
        aria-activedescendant={shown[active] ? `${list}-${active}` : undefined}
        aria-invalid={props.invalid ? true : undefined}
        aria-describedby={props.describedBy}
        placeholder={props.placeholder}
        value={props.value}
        onInput={(event) => {
          props.onInput(event.currentTarget.value);
          setActive(-1);
          show(true);
        }}
        onClick={() => show(false)}
        onBlur={() => {
          close();
          props.onBlur?.();
        }}
        onKeyDown={onKeyDown}
      />
      {isOpen && (
        <div id={list} class="choices" role="listbox" aria-label="Likely values">
          {shown.map(({ value, note }, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's
            <div
              key={value}
              id={`${list}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              ref={(element) => {
                if (index === active) element?.scrollIntoView?.({ block: 'nearest' });
              }}
              // the field must not lose the focus, or the list would close before the click
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(value)}
            >
              <span class="mono">{value}</span> <span class="dim">{note}</span>
            </div>
          ))}
        </div>
      )}
      <Unseen text={props.value} />
    </span>
  );
}

/** What stands before the value that is being typed, and that value. */
function parts(text: string, separator: RegExp | undefined): { head: string; last: string } {
  if (!separator) return { head: '', last: text };
  const all = [...text.matchAll(new RegExp(separator, 'g'))];
  const end = all.at(-1);
  const from = end ? end.index + end[0].length : 0;
  return { head: text.slice(0, from), last: text.slice(from) };
}
