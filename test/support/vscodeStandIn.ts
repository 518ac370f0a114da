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

/** An input box or a quick pick, with what both have. It is answered in the turn after it was shown. */
export class Control {
  /** What came on screen and went, in order. VS Code has room for one, the newest. */
  static readonly history: string[] = [];
  title = '';
  prompt = '';
  value = '';
  /** What stood in the box when it came. */
  offered = '';
  validationMessage: string | undefined = '';
  items: readonly { readonly label: string }[] = [];
  selectedItems: readonly { readonly label: string }[] = [];
  private readonly accepts = new EventEmitter<void>();
  private readonly hides = new EventEmitter<void>();
  private readonly changes = new EventEmitter<string>();
  readonly onDidAccept = this.accepts.event;
  readonly onDidHide = this.hides.event;
  readonly onDidChangeValue = this.changes.event;

  /** @param answer what the user types, or the label of what is picked; undefined leaves the question open */
  constructor(private readonly answer: (control: Control) => string | undefined) {}

  show(): void {
    this.offered = this.value;
    Control.history.push(`${this.title} is shown`);
    queueMicrotask(() => {
      const answer = this.answer(this);
      if (answer === undefined) return this.hides.fire();
      this.type(answer);
      this.selectedItems = this.items.filter(({ label }) => label === answer);
      this.accept();
    });
  }

  accept(): void {
    this.accepts.fire();
  }

  type(text: string): void {
    this.value = text;
    this.changes.fire(text);
  }

  dispose(): void {
    Control.history.push(`${this.title} is gone`);
    this.hides.fire();
  }
}

export const vscodeStandIn = {
  EventEmitter,
  /** Who answers what is asked. */
  user: {
    types: (_box: Control): string | undefined => undefined,
    picks: (_list: Control): string | undefined => undefined,
  },
  CancellationError: class extends Error {},
  Uri: {
    file: (path: string): FileUri => ({ scheme: 'file', fsPath: path, toString: () => `file://${path}` }),
  },
  window: {
    showWarningMessage: async (_text: string, ..._more: unknown[]): Promise<string | undefined> => undefined,
    showInformationMessage: async (_text?: string, ..._buttons: string[]): Promise<string | undefined> =>
      undefined,
    showErrorMessage: async (_text?: string): Promise<string | undefined> => undefined,
    withProgress: async (_options: unknown, work: (progress: unknown, token: unknown) => Promise<void>) =>
      work({ report: () => {} }, { onCancellationRequested: () => {} }),
    createInputBox: () => new Control((box) => vscodeStandIn.user.types(box)),
    createQuickPick: () => new Control((list) => vscodeStandIn.user.picks(list)),
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
