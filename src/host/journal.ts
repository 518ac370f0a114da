import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decodeLog, encode } from '../core/review/codec';
import type { Entry } from '../core/review/entry';

/** The journal of a dataset in a workspace's storage. */
export function journalPath(storage: string, datasetPath: string): string {
  return join(
    storage,
    'unsaved',
    `${createHash('sha256').update(datasetPath).digest('hex').slice(0, 32)}.jsonl`,
  );
}

/**
 * What a session that died left undone: VS Code makes its backup about a second after a decision, and a killed window
 * may not get that far. The file's first line names the process that wrote it, so that a window does not take the
 * unsaved decisions of another one that is still at work.
 */
export async function recoverJournal(
  path: string,
  isAlive: (pid: number) => boolean = isRunning,
): Promise<readonly Entry[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const end = text.indexOf('\n');
  const owner = Number(text.slice(0, end));
  return end < 0 || isAlive(owner) ? [] : decodeLog(text.slice(end + 1)).entries;
}

/** Keeps a file in step with the unsaved decisions of one document. */
export class Journal {
  private wanted: readonly Entry[] | null = null;
  private writing: Promise<void> | null = null;
  private kept = '';

  constructor(
    private readonly path: string,
    private readonly owner: number = process.pid,
  ) {}

  /** Writes what is pending now, soon; of several calls during a write the last one counts. */
  keep(pending: readonly Entry[]): void {
    this.wanted = pending;
    this.writing ??= this.write().finally(() => {
      this.writing = null;
    });
  }

  /** Resolves when everything that `keep` was told is on disk. */
  async settled(): Promise<void> {
    await this.writing;
  }

  private async write(): Promise<void> {
    while (this.wanted !== null) {
      const text = this.wanted.map(encode).join('');
      this.wanted = null;
      if (text === this.kept) continue;
      // A journal that cannot be written must not keep anyone from deciding: VS Code's backup and saving remain.
      await this.replace(text).then(
        () => {
          this.kept = text;
        },
        () => {},
      );
    }
  }

  /** A new file in the place of the old one, so that a crash leaves one of the two. */
  private async replace(text: string): Promise<void> {
    if (text === '') return rm(this.path, { force: true });
    await mkdir(dirname(this.path), { recursive: true });
    const file = await open(`${this.path}.${this.owner}`, 'w');
    try {
      await file.writeFile(`${this.owner}\n${text}`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${this.path}.${this.owner}`, this.path);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
