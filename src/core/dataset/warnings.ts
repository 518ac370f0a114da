/** What is said of a record while it is read, as far as there is room for it. */
import { shortened } from '../invisible';

/** UTF-16 units of one thing that is said of a record: two names and a pointer fit, a thousand places do not. */
const MOST_REASON_UNITS = 4_000;

/** What is said of a record, and how much of that is left out where it is far too long to be read. */
export function reasonOf(text: string): string {
  return text.length > MOST_REASON_UNITS ? shortened(text, MOST_REASON_UNITS) : text;
}

/** Where one leaves what is to be said of a record. */
export type Told = Pick<string[], 'push'>;

/** Warnings of one record, over all its arms: far more than anybody reads. A rule may give one in each arm. */
const MOST_WARNINGS = 10_000;
/** UTF-16 units of these: each may name a long pointer. */
const MOST_UNITS = 1 << 20;

/** The room for warnings that the arms of one record share. */
export class WarningRoom {
  private left = MOST_WARNINGS;
  private units = MOST_UNITS;

  /** Whether there was room for one more. */
  take(units: number): boolean {
    if (this.left < 1 || this.units < units) return false;
    this.left--;
    this.units -= units;
    return true;
  }
}

/** Warnings of one transcript: the first, those for which there is room, and of the others how many they are. */
export class Warnings {
  private readonly kept: string[] = [];
  private others = 0;

  constructor(private readonly room = new WarningRoom()) {}

  get texts(): readonly string[] {
    return this.kept;
  }

  /** How many were not kept. */
  get more(): number {
    return this.others;
  }

  /** As a part that was read has them. */
  told(): { readonly warnings: readonly string[]; readonly more?: number } {
    return { warnings: this.kept, ...(this.others > 0 ? { more: this.others } : {}) };
  }

  /** @returns how many there are, as a list does */
  push(...texts: readonly string[]): number {
    for (const text of texts) {
      const hasRoom = this.room.take(Math.min(text.length, MOST_REASON_UNITS));
      if (hasRoom || this.kept.length === 0) this.kept.push(reasonOf(text));
      else this.others++;
    }
    return this.kept.length + this.others;
  }
}

/** What stands for warnings that were not kept. */
export function leftOut(count: number): string {
  return `${count.toLocaleString('en')} more warnings of this record are left out: it has too many`;
}
