/**
 * Cuts a transcript into chunks that are each drawn within a frame: a record may have any number of messages, one
 * message any number of regions, and one region text without end.
 */
import { mostPieces } from '../../src/core/invisible';
import type { MarkedMessage } from '../../src/core/runs';
import type { MessageView, RegionView } from '../../src/core/viewModel';
import { type Block, blocksOf, MAX_DEPTH } from './layout';

/** Elements in a chunk, about; more only where a single block has more. */
const ELEMENTS = 600;
/** Of a transcript, in chunks that are drawn before they are in sight. */
const ELEMENTS_UNASKED = 100 * ELEMENTS;
/** A block's text takes as long to draw as one element for each so many UTF-16 units. */
const UNITS_PER_ELEMENT = 500;
/** By which a chunk's height is guessed until it has been on screen. */
const PX_PER_UNIT = 0.25;
const PX_PER_REGION = 45;

/** What of a region is in one chunk. */
export interface RegionPart {
  readonly region: RegionView;
  /** White space between two regions: drawn as such, without a heading of its own. */
  readonly blank: boolean;
  readonly blocks: readonly Block[];
  /** The region begins here / ends here: else it comes from the chunk before / goes on in the next one. */
  readonly begins: boolean;
  readonly ends: boolean;
}

/** What of a message is in one chunk. */
export interface MessagePart {
  /** Index of the message. */
  readonly at: number;
  readonly message: MessageView;
  /** None where the message is empty. */
  readonly regions: readonly RegionPart[];
  readonly begins: boolean;
}

export interface Chunk {
  /** In order, at least one. */
  readonly parts: readonly MessagePart[];
  /** UTF-16 offset in the first of its messages at which the chunk begins. */
  readonly start: number;
  /** Guessed, in px. */
  readonly height: number;
  /** That it is drawn with, about. */
  readonly elements: number;
}

/** The whole of a transcript, in order. */
export function chunksOf(messages: readonly MarkedMessage[]): readonly Chunk[] {
  const cutter = new Cutter();
  for (const [at, message] of messages.entries()) {
    if (message.regions.length === 0) cutter.message(at, message, 0, true);
    for (const [n, region] of message.regions.entries()) {
      const blank = n > 0 && region.kind === 'text' && isBlank(message.content, region);
      const blocks = blocksOf(message.content, region);
      for (const [b, block] of blocks.entries()) {
        cutter.message(at, message, block.start, n === 0 && b === 0, elementsOf(block));
        cutter.block(region, blank, block, b === 0, b === blocks.length - 1);
      }
    }
  }
  return cutter.chunks;
}

/**
 * How many of the first chunks may be drawn without being asked for. A few hundred pages; where a text has a mark in the
 * place of each letter, whose chunks have ten times the elements of others, a few.
 */
export function drawnUnasked(chunks: readonly Chunk[]): number {
  let [count, elements] = [0, 0];
  for (const chunk of chunks) {
    elements += chunk.elements;
    if (elements > ELEMENTS_UNASKED) break;
    count++;
  }
  return count;
}

/** Index of the chunk that holds a place of the text. */
export function chunkAt(chunks: readonly Chunk[], message: number, offset: number): number {
  let [low, high] = [0, chunks.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const first = firstOf(chunks[middle]);
    const start = chunks[middle]?.start ?? 0;
    if (first < message || (first === message && start <= offset)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Whether a chunk holds something of a message. */
export function hasMessage(chunk: Chunk, message: number): boolean {
  return firstOf(chunk) <= message && message <= (chunk.parts.at(-1)?.at ?? -1);
}

function firstOf(chunk: Chunk | undefined): number {
  return chunk?.parts[0]?.at ?? 0;
}

/** A chunk while it is made. */
interface Growing extends Chunk {
  readonly parts: GrowingMessage[];
  height: number;
  elements: number;
}
interface GrowingMessage extends MessagePart {
  readonly regions: GrowingRegion[];
}
interface GrowingRegion extends RegionPart {
  readonly blocks: Block[];
  ends: boolean;
}

class Cutter {
  readonly chunks: Growing[] = [];

  /** What comes is of this message; in a new chunk where it has no room in the last one. */
  message(at: number, message: MessageView, start: number, begins: boolean, elements = 2): void {
    let chunk = this.chunks.at(-1);
    if (!chunk || chunk.elements + elements > ELEMENTS) {
      chunk = { parts: [], start, height: 0, elements: 0 };
      this.chunks.push(chunk);
    }
    chunk.elements += elements;
    if (chunk.parts.at(-1)?.at !== at) {
      chunk.parts.push({ at, message, regions: [], begins });
      chunk.elements += 2;
    }
  }

  block(region: RegionView, blank: boolean, block: Block, begins: boolean, ends: boolean): void {
    const chunk = this.chunks.at(-1);
    const regions = chunk?.parts.at(-1)?.regions;
    const last = regions?.at(-1);
    if (!chunk || !regions) return;
    chunk.height += block.text.length * PX_PER_UNIT;
    if (last?.region === region) {
      last.blocks.push(block);
      last.ends = ends;
      return;
    }
    regions.push({ region, blank, blocks: [block], begins, ends });
    chunk.height += PX_PER_REGION;
    chunk.elements += 4;
  }
}

function isBlank(content: string, { start, end }: RegionView): boolean {
  return content.slice(start, end).trim() === '';
}

/** Elements that a block is drawn with, at most, and as many again as its text takes to be drawn. */
function elementsOf({ text, runs }: Block): number {
  const marks = runs.reduce((sum, { spans }) => sum + Math.min(spans.length, MAX_DEPTH), runs.length);
  return marks + mostPieces(text) + text.length / UNITS_PER_ELEMENT;
}
