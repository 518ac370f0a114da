import type { ComponentChildren } from 'preact';

/** A named part of the page that scrolls by itself, and so can be reached by keyboard. */
export function Scrolled(props: {
  readonly label: string;
  readonly class: string;
  readonly children: ComponentChildren;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it a keyboard could not scroll it
    <section class={`scrolled ${props.class}`} aria-label={props.label} tabIndex={0}>
      {props.children}
    </section>
  );
}
