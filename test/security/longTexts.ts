/** Texts without end, for fields that have one line, and what a page made of them. */

/** Each freezes a page that draws all of it: as a mark for each character, as one long word, as both in turn. */
export const LONG_TEXTS: readonly (readonly [string, string])[] = [
  ['100,000 characters without width', '\u200b'.repeat(100_000)],
  ['3 million letters', 'w'.repeat(3_000_000)],
  ['100,000 letters under an override each', '\u202ea'.repeat(50_000)],
];

export interface Size {
  readonly nodes: number;
  readonly characters: number;
}

/** Elements and texts, and the length of all that is drawn, said or noted in attributes; in the toolkit's elements, too. */
export function sizeOf(root: ParentNode): Size {
  let [nodes, characters] = [0, 0];
  const visit = (parent: ParentNode): void => {
    for (const node of parent.childNodes) {
      nodes++;
      if (node.nodeType === Node.TEXT_NODE) characters += node.nodeValue?.length ?? 0;
      if (!(node instanceof Element)) continue;
      for (const { value } of node.attributes) characters += value.length;
      visit(node);
      if (node.shadowRoot) visit(node.shadowRoot);
    }
  };
  visit(root);
  return { nodes, characters };
}
