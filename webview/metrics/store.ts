/** What the panel knows: the host's last snapshot, and the few choices that are the view's own. */
import { computed, effect, signal } from '@preact/signals';
import type { MetricsHost, MetricsSnapshot } from '../../src/protocol/metrics';
import { ARMS_MEASURES, type ArmsMeasure } from './figures/armsMeasure';
import { type ClassifierFigures, chooseRow, type MetricsOptions, type MetricsRow, rowSets } from './rows';

/** What outlives the webview while it is hidden. */
export interface SavedState {
  readonly version: 1;
  readonly row: string | null;
  readonly arms: ArmsMeasure;
}

export const FRESH_STATE: SavedState = { version: 1, row: null, arms: 'nonComplianceUnmonitored' };

/** What was saved, or a fresh state where it has another form. */
export function readSavedState(saved: unknown): SavedState {
  if (typeof saved !== 'object' || saved === null) return FRESH_STATE;
  const { version, row, arms } = saved as Record<string, unknown>;
  const measure = ARMS_MEASURES.find((known) => known === arms);
  if (version !== 1 || measure === undefined || !(row === null || typeof row === 'string'))
    return FRESH_STATE;
  return { version, row, arms: measure };
}

/** How the store reaches the host; rejects as the channel does. */
export interface MetricsLink {
  options(options: MetricsOptions): Promise<void>;
  byClassifier(row: MetricsRow): Promise<readonly ClassifierFigures[]>;
  command(name: Parameters<MetricsHost['command']>[0]['name']): Promise<void>;
  save(state: SavedState): void;
}

export class MetricsStore {
  readonly snapshot = signal<MetricsSnapshot | null>(null);
  /** Why the last thing asked of the host failed, in words. */
  readonly error = signal<string | null>(null);
  readonly saved;
  readonly sets = computed(() => (this.snapshot.value ? rowSets(this.snapshot.value) : []));
  readonly selected = computed(() =>
    chooseRow(this.sets.value, this.saved.value.row, this.snapshot.value?.current ?? null),
  );

  /** Of the selected row; empty until the host has answered, and where there are not several to compare. */
  readonly byClassifier = computed(() => {
    const { key, figures } = this.asked.value;
    return key === this.selected.value?.key ? figures : [];
  });
  private readonly asked = signal<{
    readonly key: string | null;
    readonly figures: readonly ClassifierFigures[];
  }>({ key: null, figures: [] });
  /** Asks for the figures of the selected row by each classifier, each time that it is another one. */
  readonly dispose;

  constructor(
    private readonly link: MetricsLink,
    saved: SavedState,
  ) {
    this.saved = signal(saved);
    const wanted = computed(() => this.selected.value?.row ?? null);
    const several = computed(() => (this.snapshot.value?.classifiers.length ?? 0) > 1);
    this.dispose = effect(() => {
      const row = wanted.value;
      if (row && several.value) this.ask(this.takeByClassifier(row));
    });
  }

  /** null: the row of the transcript on screen, whichever that is. */
  select(key: string | null): void {
    this.save({ ...this.saved.value, row: key });
  }

  showArms(arms: ArmsMeasure): void {
    this.save({ ...this.saved.value, arms });
  }

  /** The host answers with a new snapshot; until then the old one stands. */
  setOptions(change: Partial<MetricsOptions>): void {
    const { snapshot } = this;
    if (snapshot.value) this.ask(this.link.options({ ...snapshot.value.options, ...change }));
  }

  command(name: Parameters<MetricsLink['command']>[0]): void {
    this.ask(this.link.command(name));
  }

  /** Shows why `answer` failed, if it does; a later success takes the message away. */
  ask(answer: Promise<void>): void {
    answer.then(
      () => {
        this.error.value = null;
      },
      (error: unknown) => {
        this.error.value = error instanceof Error ? error.message : String(error);
      },
    );
  }

  private async takeByClassifier(row: MetricsRow): Promise<void> {
    const figures = await this.link.byClassifier(row);
    const { selected } = this;
    // A later row's answer comes in its own time.
    if (selected.value?.row === row) this.asked.value = { key: selected.value.key, figures };
  }

  private save(state: SavedState): void {
    this.saved.value = state;
    this.link.save(state);
  }
}
