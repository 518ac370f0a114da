/** As much of VS Code's API as the tested parts of the host need, for `vi.mock('vscode', ...)`. */
import type { Memento } from 'vscode';

class EventEmitter<T> {
  private listeners: ((value: T) => void)[] = [];
  readonly event = (listener: (value: T) => void) => {
    this.listeners.push(listener);
    return { dispose: () => {} };
  };
  fire(value: T): void {
    for (const listener of this.listeners) listener(value);
  }
  dispose(): void {
    this.listeners = [];
  }
}

export interface FileUri {
  readonly scheme: string;
  readonly fsPath: string;
  toString(): string;
}

export const vscodeStandIn = {
  EventEmitter,
  CancellationError: class extends Error {},
  Uri: {
    file: (path: string): FileUri => ({ scheme: 'file', fsPath: path, toString: () => `file://${path}` }),
  },
  window: {
    showWarningMessage: async (_text: string, ..._more: unknown[]): Promise<string | undefined> => undefined,
    showInformationMessage: async (_text?: string, ..._buttons: string[]): Promise<string | undefined> =>
      undefined,
    withProgress: async (_options: unknown, work: (progress: unknown, token: unknown) => Promise<void>) =>
      work({ report: () => {} }, { onCancellationRequested: () => {} }),
    showInputBox: async (_options: InputBox): Promise<string | undefined> => undefined,
    showQuickPick: async (
      _items: readonly { label: string }[],
      _options: { title: string },
    ): Promise<{ label: string } | undefined> => undefined,
  },
  workspace: {
    isTrusted: true,
    /** The only folder of the workspace. */
    folder: '',
    /** Of `transcriptReview`, as they hold. */
    settings: new Map<string, unknown>(),
    getWorkspaceFolder(uri: FileUri): object | undefined {
      return uri.fsPath.startsWith(this.folder) ? {} : undefined;
    },
    save: async (_uri: FileUri): Promise<FileUri | undefined> => undefined,
    getConfiguration() {
      return {
        get: (key: string) => this.settings.get(key),
        update: async (key: string, value: unknown) => {
          this.settings.set(key, value);
        },
      };
    },
  },
  ConfigurationTarget: { Global: 1 },
  WorkspaceEdit: class {
    readonly renamed: (readonly [from: string, to: string])[] = [];
    renameFile(from: FileUri, to: FileUri): void {
      this.renamed.push([from.fsPath, to.fsPath]);
    }
  },
  ProgressLocation: { Notification: 15 },
};

interface InputBox {
  readonly prompt: string;
  readonly value: string;
  readonly validateInput: (text: string) => string | null;
}

/** VS Code's memory, for as long as it is held. */
export function memento() {
  const kept = new Map<string, unknown>();
  return {
    keys: () => [...kept.keys()],
    get: (key: string) => kept.get(key),
    update: async (key: string, value: unknown) => {
      kept.set(key, value);
    },
  } as Memento;
}
