import { batch, signal } from '@preact/signals';
import { PROFILE_UNITS, type ProfileReading, type ProfileView } from '../../src/protocol/profile';
import { draftText, type Path, parseDraft, withValueAt } from './profileDraft';
import { readingWords } from './profileWords';

const PAUSE_MS = 250;

/** Of a text that is longer than the host takes; a file beside the dataset may be. */
const TOO_LONG: ProfileReading = {
  issues: [{ path: 'JSON', message: `longer than ${PROFILE_UNITS.toLocaleString('en')} characters` }],
  preview: null,
  strandedDecisions: 0,
};

/** What the form needs of the host. */
export interface ProfileAsks {
  check(text: string): Promise<ProfileReading>;
  say(words: string): void;
  fail(error: unknown): void;
}

/** The profile in the form. Its text is the one thing that is edited; fields change parts of it. */
export class ProfileStore {
  /** null while the transcripts are on screen. */
  readonly view = signal<ProfileView | null>(null);
  readonly text = signal('');
  /** What the host made of a text, the newest that it has answered about. */
  readonly reading = signal<ProfileReading | null>(null);
  private opened = -1;
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly asks: ProfileAsks) {}

  take(view: ProfileView | null): void {
    clearTimeout(this.timer);
    batch(() => {
      this.view.value = view;
      if (view === null) {
        this.asked++;
        this.reading.value = null;
      } else if (view.opened !== this.opened) {
        this.opened = view.opened;
        this.text.value = view.draft;
      }
    });
    if (view !== null) void this.ask();
  }

  /** Replaces the whole text. */
  edit(text: string): void {
    this.text.value = text;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(), PAUSE_MS);
  }

  /** Puts a value somewhere in the profile; undefined takes it out. Of a text that is no JSON nothing can be changed. */
  set(path: Path, value: unknown): void {
    const draft = parseDraft(this.text.value);
    if (draft.ok) this.edit(draftText(withValueAt(draft.value, path, value)));
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private async ask(): Promise<void> {
    const ticket = ++this.asked;
    try {
      const text = this.text.value;
      const reading = text.length > PROFILE_UNITS ? TOO_LONG : await this.asks.check(text);
      if (ticket !== this.asked) return;
      this.reading.value = reading;
      this.asks.say(readingWords(reading));
    } catch (error) {
      if (ticket === this.asked) this.asks.fail(error);
    }
  }
}
