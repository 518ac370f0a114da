import { h } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { shortened } from '../../../src/core/invisible';
import './toolkit';
import { keepTyping } from './typing';

export interface DropdownProps {
  /** Accessible name. */
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly class?: string;
}

type DropdownElement = HTMLElement & { value: string; open: boolean; ariaExpanded: string | null };

/** In UTF-16 units; the element's own values are no longer. */
const LONGEST_VALUE = 200;

/** A value as the element holds it: one that is too long by its beginning and place, which is longer than any other. */
function held(value: string, at: number): string {
  return value.length <= LONGEST_VALUE ? value : `${value.slice(0, LONGEST_VALUE)}#${at}`;
}

/** One choice of several. `value` must be among `options`. */
export function Dropdown(props: DropdownProps) {
  const element = useRef<DropdownElement>(null);
  const { options } = props;
  const values = options.map((option, at) => held(option.value, at));
  const at = options.findIndex((option) => option.value === props.value);
  const value = values[at] ?? '';
  const keys = options.map(({ text }, index) => JSON.stringify([values[index], shortened(text)]));
  const names = keys.join('\n');
  // `names`: new options make the element forget its choice. One whose text is another is a new one: of the chosen one the
  // element goes on to show the text that it had when it was chosen.
  useLayoutEffect(() => {
    const dropdown = element.current;
    if (!dropdown) return;
    // a combobox must say whether it is open; the toolkit says so only after the first opening
    dropdown.ariaExpanded ??= 'false';
    const choose = () => {
      if (!dropdown.open && dropdown.value !== value) dropdown.value = value;
    };
    choose();
    // the toolkit learns of changed options in a later task, and then falls back to the first one
    const frame = requestAnimationFrame(choose);
    return () => cancelAnimationFrame(frame);
  }, [value, names]);
  return h(
    'vscode-dropdown',
    {
      ref: element,
      class: props.class,
      'aria-label': props.label,
      title: props.label,
      onKeyDown: keepTyping,
      onChange: (event: Event) => {
        const chosen = (event.currentTarget as DropdownElement).value;
        const option = options[values.indexOf(chosen)];
        if (chosen !== value && option) props.onChange(option.value);
      },
    },
    options.map((option, index) =>
      h('vscode-option', { key: keys[index], value: values[index] }, option.text),
    ),
  );
}
