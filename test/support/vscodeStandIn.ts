/** As much of VS Code's API as a review document needs, for `vi.mock('vscode', ...)`. */

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
    showWarningMessage: async () => undefined,
    showInformationMessage: async (): Promise<string | undefined> => undefined,
  },
};
