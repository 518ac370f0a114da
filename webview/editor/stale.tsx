/** Says of a decision or note that it is on a text that has changed since; `title` says what follows from that. */
export function Stale({ title }: { readonly title: string }) {
  return (
    <span class="warn" title={title}>
      {' '}
      · stale
    </span>
  );
}
