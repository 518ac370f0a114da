/**
 * The one way by which the extension speaks and asks in VS Code's own controls, so that no text of a dataset gets there
 * as anything but text.
 */
import * as vscode from 'vscode';
import { plainText } from './plainText';

const WHO = 'Transcript Review: ';

export function tellError(error: Error): void {
  void vscode.window.showErrorMessage(plainText(WHO + error.message));
}

/** The button that was pressed, if one was. */
export function tell(text: string, ...buttons: readonly string[]): Thenable<string | undefined> {
  return vscode.window.showInformationMessage(plainText(WHO + text), ...buttons);
}

/** The button that was pressed, if one was. */
export function warn(text: string, ...buttons: readonly string[]): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(plainText(WHO + text), ...buttons);
}

/** Whether the user agrees, in a dialog that waits for the answer. */
export async function confirm(text: string, detail: string, button: string): Promise<boolean> {
  const options = { modal: true, detail: plainText(detail) };
  return (await vscode.window.showWarningMessage(plainText(text), options, button)) === button;
}

export interface Choice {
  readonly icon?: 'error' | 'warning';
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
}

export interface Choosing {
  readonly title: string;
  readonly placeHolder: string;
  readonly matchOnDetail?: boolean;
  readonly ignoreFocusOut?: boolean;
}

export interface Question {
  readonly title: string;
  readonly prompt: string;
  readonly value?: string;
  /** What is wrong with a text, or null. */
  readonly check: (text: string) => string | null;
}

/**
 * Questions that follow one another. A control that was answered stays until the next one stands in its place, or there
 * are no more: when it goes, VS Code gives the focus back to the editor, whose page takes it a little later. On a busy
 * machine that is after the next control has come, which would be left without the focus, or closed.
 */
export class Questions {
  private answered: vscode.Disposable | null = null;

  /** What is chosen of a list; undefined when the user gives up. */
  async choose<T extends Choice>(choices: readonly T[], options: Choosing): Promise<T | undefined> {
    const items = choices.map((choice) => ({
      choice,
      label: `${choice.icon === undefined ? '' : `$(${choice.icon}) `}${plainText(choice.label)}`,
      ...(choice.description === undefined ? {} : { description: plainText(choice.description) }),
      ...(choice.detail === undefined ? {} : { detail: plainText(choice.detail) }),
    }));
    const pick = vscode.window.createQuickPick<(typeof items)[number]>();
    pick.title = plainText(options.title);
    pick.placeholder = plainText(options.placeHolder);
    pick.matchOnDetail = options.matchOnDetail ?? false;
    pick.ignoreFocusOut = options.ignoreFocusOut ?? false;
    pick.items = items;
    return this.answerOf(pick, () => pick.selectedItems[0]?.choice);
  }

  /** A line of text from the user; undefined when the user gives up. */
  async ask({ title, prompt, value = '', check }: Question): Promise<string | undefined> {
    const box = vscode.window.createInputBox();
    box.title = plainText(title);
    box.prompt = plainText(prompt);
    box.value = value;
    box.ignoreFocusOut = true;
    const wrong = () => {
      const reason = check(box.value);
      box.validationMessage = reason === null ? undefined : plainText(reason);
      return reason !== null;
    };
    box.onDidChangeValue(wrong);
    return this.answerOf(box, () => (wrong() ? undefined : box.value));
  }

  /** No more questions. */
  end(): void {
    this.answered?.dispose();
    this.answered = null;
  }

  /** @param answer undefined: the control waits for another one */
  private answerOf<T>(
    control: vscode.QuickInput & Pick<vscode.InputBox, 'onDidAccept'>,
    answer: () => T | undefined,
  ): Promise<T | undefined> {
    return new Promise((resolve) => {
      control.onDidAccept(() => {
        const given = answer();
        if (given !== undefined) resolve(given);
      });
      control.onDidHide(() => resolve(undefined));
      control.show();
      this.end();
      this.answered = control;
    });
  }
}

/** Work that asks the user one thing after another. */
export async function asking<T>(work: (questions: Questions) => Promise<T>): Promise<T> {
  const questions = new Questions();
  try {
    return await work(questions);
  } finally {
    questions.end();
  }
}

/**
 * For work whose failure VS Code itself tells the user.
 * @param named the file that VS Code names in its message. It makes a link of a name that is written like one, so the failure
 * of such a file is told here instead
 */
export async function inPlainText<T>(work: () => T | PromiseLike<T>, named?: vscode.Uri): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (named?.fsPath.includes('](') && error instanceof Error) {
      tellError(error);
      throw new vscode.CancellationError();
    }
    if (error instanceof Error) error.message = plainText(error.message);
    throw error;
  }
}
