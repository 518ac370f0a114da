/**
 * Any text on a page may come from a dataset. So that none of it acts unseen, and no new part of a page has to remember
 * that, every text and every title, name and placeholder is looked at where the page is made: what cannot be seen becomes
 * a chip, or a mark in words where there is only text. So does a line feed, which would lay text over what stands
 * below, but in elements that are made for it (`IN_LINES`). And so that no text holds up the page, of each so much is drawn
 * as it has room for, and it is said how much is left out: a name may be megabytes, or a hundred thousand chips. What is
 * to be read whole is drawn in parts (`Lines` in bounded.tsx). A page imports this before it draws.
 */
import { type ComponentChildren, Fragment, options, type VNode } from 'preact';
import { fitting, isPlain, leftOut, shortened, visible } from '../../src/core/invisible';
import { drawPieces, IN_PIECES, LINE_ROOM, LINES_ROOM } from './pieces';

/** Attributes that are read by people. */
const SHOWN = ['title', 'placeholder', 'alt', 'label', 'aria-label', 'aria-description', 'aria-valuetext'];
/** Elements that hold text only: they would lose the chips. */
const TEXT_ONLY = new Set(['option', 'vscode-option', 'textarea', 'title', 'desc', 'text', 'tspan']);

type Props = Record<string, unknown> & { children?: ComponentChildren };

const before = options.vnode;
options.vnode = (vnode) => {
  if (typeof vnode.type === 'string' || vnode.type === Fragment) showText(vnode as VNode<Props>);
  before?.(vnode);
};

/** Changes the properties in place: at this moment they are a new object of this element alone. */
function showText({ type, props }: VNode<Props>): void {
  for (const name of SHOWN) {
    const value = props[name];
    if (typeof value === 'string') props[name] = visible(shortened(value, LINES_ROOM));
  }
  if ('data-pieces' in props) {
    delete props['data-pieces'];
    return;
  }
  const inLines = 'data-lines' in props;
  if (inLines) delete props['data-lines'];
  const draw =
    typeof type === 'string' && TEXT_ONLY.has(type)
      ? (text: string) => visible(shortened(text, LINE_ROOM))
      : (text: string) => chips(text, !inLines);
  if (props.children !== undefined) props.children = shown(props.children, draw);
}

function shown(children: ComponentChildren, draw: (text: string) => ComponentChildren): ComponentChildren {
  if (Array.isArray(children)) return children.map((child) => shown(child, draw));
  return typeof children === 'string' ? draw(children) : children;
}

/** One element for the text, so that those beside it keep their places. */
function chips(text: string, oneLine: boolean): ComponentChildren {
  const end = fitting(text, oneLine ? LINE_ROOM : LINES_ROOM, oneLine);
  const left = text.length - end;
  if (left === 0 && isPlain(text, oneLine)) return text;
  return (
    <span {...IN_PIECES}>
      {drawPieces(text, 0, end, oneLine)}
      {left > 0 && <span class="leftOut">{leftOut(left)}</span>}
    </span>
  );
}
