/** Rows of the list, asked from the host by page as they come into sight, and kept for one revision. */
import { signal } from '@preact/signals';
import type { RowView } from '../../src/core/viewModel';

export const PAGE = 50;
/** Pages kept; far more than a screen holds, far less than a dataset. */
const KEPT = 40;

export type AskRows = (params: {
  start: number;
  end: number;
}) => Promise<{ revision: number; start: number; rows: readonly RowView[] }>;

interface Page {
  readonly revision: number;
  readonly rows: readonly RowView[];
}

export class RowWindow {
  /** Raised whenever rows came in: drawing code reads it so as to be drawn again. */
  readonly version = signal(0);
  private readonly pages = new Map<number, Page>();
  private wanted: readonly [number, number] = [0, 0];
  private total = 0;
  private revision = -1;
  private asking = false;

  constructor(
    private readonly ask: AskRows,
    private readonly onError: (error: Error) => void,
  ) {}

  /** The row at a position of the filtered list; null until it has come. Rows of an older revision stand in meanwhile. */
  row(position: number): RowView | null {
    return this.pages.get(Math.floor(position / PAGE))?.rows[position % PAGE] ?? null;
  }

  /** The host's list has `total` rows, as of `revision`. */
  update(revision: number, total: number): void {
    this.revision = revision;
    this.total = total;
    void this.fill();
  }

  /** Positions `start` (inclusive) to `end` (exclusive) are in sight. */
  show(start: number, end: number): void {
    this.wanted = [start, end];
    void this.fill();
  }

  /** One question at a time, always for what is in sight now: dragging the scrollbar does not queue up pages. */
  private async fill(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    try {
      for (let page = this.missing(); page !== null; page = this.missing()) {
        const start = page * PAGE;
        // The whole page, past the end that we know of: the host may have more rows already than it has told of, and
        // its answer counts as all that the page holds as of the answer's revision.
        const answer = await this.ask({ start, end: start + PAGE });
        this.pages.delete(page);
        this.pages.set(page, { revision: answer.revision, rows: answer.rows });
        this.forget();
        this.version.value++;
        // an answer older than what we know of would be asked for again and again: wait for the next update
        if (answer.revision < this.revision) break;
      }
    } catch (error) {
      this.onError(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.asking = false;
    }
  }

  private missing(): number | null {
    const end = Math.min(this.wanted[1], this.total);
    for (let page = Math.floor(this.wanted[0] / PAGE); page * PAGE < end; page++) {
      const known = this.pages.get(page);
      if (!known || known.revision < this.revision) return page;
    }
    return null;
  }

  private forget(): void {
    for (const page of this.pages.keys()) {
      if (this.pages.size <= KEPT) return;
      this.pages.delete(page);
    }
  }
}
