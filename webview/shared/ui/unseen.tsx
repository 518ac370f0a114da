import { unseenIn } from '../../../src/core/invisible';

const MAX_KINDS = 6;

/** Under a field: what its text holds that the field cannot show, since what is edited has to stand as it is stored. */
export function Unseen({ text }: { readonly text: string }) {
  const kinds = unseenIn(text);
  if (kinds.length === 0) return null;
  const listed = kinds.slice(0, MAX_KINDS).join(', ') + (kinds.length > MAX_KINDS ? ' …' : '');
  return <span class="unseenIn">Cannot be seen in this field: {listed}</span>;
}
