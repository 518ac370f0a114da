import { h, type RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { labelControl } from './toolkit';
import { keepTyping } from './typing';
import { Unseen } from './unseen';

export interface TextProps {
  /** Accessible name. */
  readonly label: string;
  readonly placeholder?: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly onBlur?: () => void;
  /** Sees each key first; true keeps it from VS Code. */
  readonly onKey?: (event: KeyboardEvent) => boolean;
  readonly class?: string;
  readonly rows?: number;
  /** In UTF-16 units. */
  readonly maxLength?: number;
  /** For moving the focus here. */
  readonly element?: RefObject<HTMLElement>;
}

type TextElement = HTMLElement & { value: string };

function Text({ tag, ...props }: TextProps & { readonly tag: 'vscode-text-field' | 'vscode-text-area' }) {
  const own = useRef<HTMLElement>(null);
  const element = (props.element ?? own) as RefObject<TextElement>;
  const { label, value } = props;
  useLayoutEffect(() => {
    const name = () => element.current && labelControl(element.current, { 'aria-label': label });
    name();
    // the toolkit's text area drops the name a moment later, with the one that it had given itself
    const frame = requestAnimationFrame(name);
    return () => cancelAnimationFrame(frame);
  }, [element, label]);
  useLayoutEffect(() => {
    // not a property in the markup: the element would lose the caret's place whenever it is drawn
    if (element.current && element.current.value !== value) element.current.value = value;
  }, [element, value]);
  const field = h(tag, {
    ref: element,
    class: props.class,
    placeholder: props.placeholder,
    rows: props.rows,
    maxlength: props.maxLength,
    onInput: (event: Event) => props.onInput((event.currentTarget as TextElement).value),
    onBlur: props.onBlur,
    onKeyDown: (event: KeyboardEvent) => {
      if (props.onKey?.(event)) event.stopPropagation();
      else keepTyping(event);
    },
  });
  return (
    <>
      {field}
      <Unseen text={value} />
    </>
  );
}

/** One line of text. */
export function TextField(props: TextProps) {
  return <Text tag="vscode-text-field" {...props} />;
}

/** Several lines of text. */
export function TextArea(props: TextProps) {
  return <Text tag="vscode-text-area" {...props} />;
}
