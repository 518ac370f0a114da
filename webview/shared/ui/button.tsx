import { type ComponentChildren, h } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { labelControl } from './toolkit';

export interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick: () => void;
  /** Accessible name where the content is not words. */
  readonly label?: string;
  readonly title?: string;
  readonly appearance?: 'primary' | 'secondary' | 'icon';
  /** Makes it a toggle button. */
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly class?: string;
}

/** A push or toggle button. */
export function Button(props: ButtonProps) {
  const element = useRef<HTMLElement>(null);
  const { label, pressed } = props;
  useLayoutEffect(() => {
    if (!element.current) return;
    labelControl(element.current, {
      'aria-label': label ?? null,
      'aria-pressed': pressed === undefined ? null : String(pressed),
    });
  }, [label, pressed]);
  return h(
    'vscode-button',
    {
      ref: element,
      appearance: props.appearance ?? 'secondary',
      class: `${props.class ?? ''}${pressed ? ' pressed' : ''}`,
      title: props.title,
      disabled: props.disabled ?? false,
      onClick: props.onClick,
    },
    props.children,
  );
}
