/** Looks at a page as it was drawn: all its texts, attributes and elements, those inside the toolkit's elements, too. */
import { expect } from 'vitest';
import { RAN, RAW } from './payloads';

/** What a field holds, for the machine or for editing; it is not read there. */
const HELD = new Set(['value', 'current-value', 'initial-value']);
/** Where our own chips are; a page of harmless text has none. */
const CHIP_ATTRIBUTES = ['data-code', 'data-units', 'role', 'aria-label', 'title', 'class'];

export interface Looked {
  readonly elements: ReadonlySet<string>;
  readonly attributes: ReadonlySet<string>;
}

/** @throws where a text or an attribute shows what cannot be seen, or where something ran. */
export function lookAt(root: ParentNode): Looked {
  const elements = new Set<string>();
  const attributes = new Set<string>();
  const visit = (parent: ParentNode): void => {
    for (const node of parent.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) {
        if (RAW.test(node.nodeValue ?? '') && !isClipped(node)) fail(node.nodeValue ?? '', node);
      }
      if (!(node instanceof Element)) continue;
      elements.add(node.localName);
      for (const { name, value } of node.attributes) {
        attributes.add(`${node.localName} ${name}`);
        if (!HELD.has(name) && RAW.test(value)) fail(`${name}="${value}"`, node);
      }
      visit(node);
      if (node.shadowRoot) visit(node.shadowRoot);
    }
  };
  visit(root);
  expect(RAN in window).toBe(false);
  return { elements, attributes };
}

/** The page may have no element and no attribute that the same page of harmless texts has not, but for chips. */
export function expectNothingNew(hostile: Looked, harmless: Looked): void {
  expect([...hostile.elements].filter((name) => !harmless.elements.has(name))).toEqual([]);
  const chips = new Set(CHIP_ATTRIBUTES.map((name) => `span ${name}`));
  expect(
    [...hostile.attributes].filter((name) => !harmless.attributes.has(name) && !chips.has(name)),
  ).toEqual([]);
}

/** The stored text of an element: what stands there, and what its chips stand for. */
export function storedIn(element: Element): string {
  const code = (element as HTMLElement).dataset.code;
  if (code !== undefined)
    return code === 'CR' ? '\r' : String.fromCodePoint(Number.parseInt(code.slice(2), 16));
  return [...element.childNodes]
    .map((node) => (node instanceof Element ? storedIn(node) : (node.nodeValue ?? '')))
    .join('');
}

/** A stack of combining marks is kept to its line by the style sheet; its text stays what it is. */
function isClipped(node: Node): boolean {
  return node.parentElement?.classList.contains('stack') === true && !/\p{Cc}/u.test(node.nodeValue ?? '');
}

function fail(text: string, node: Node): never {
  const where = node instanceof Element ? node : node.parentElement;
  throw new Error(`${JSON.stringify(text.slice(0, 200))} in ${where?.outerHTML.slice(0, 300)}`);
}
