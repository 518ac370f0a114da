import { h } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
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

/** One choice of several. `value` must be among `options`. */
export function Dropdown(props: DropdownProps) {
  const element = useRef<DropdownElement>(null);
  const { value, options } = props;
  const names = JSON.stringify(options);
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
        if (chosen !== value) props.onChange(chosen);
      },
    },
    options.map((option) =>
      h('vscode-option', { key: JSON.stringify(option), value: option.value }, option.text),
    ),
  );
}
