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

/** What is chosen of a list; undefined when the user gives up. */
export async function choose<T extends Choice>(
  choices: readonly T[],
  options: {
    readonly title: string;
    readonly placeHolder: string;
    readonly matchOnDetail?: boolean;
    readonly ignoreFocusOut?: boolean;
  },
): Promise<T | undefined> {
  const items = choices.map((choice) => ({
    choice,
    label: `${choice.icon === undefined ? '' : `$(${choice.icon}) `}${plainText(choice.label)}`,
    ...(choice.description === undefined ? {} : { description: plainText(choice.description) }),
    ...(choice.detail === undefined ? {} : { detail: plainText(choice.detail) }),
  }));
  const { title, placeHolder, matchOnDetail = false, ignoreFocusOut = false } = options;
  const picked = await vscode.window.showQuickPick(items, {
    title: plainText(title),
    placeHolder: plainText(placeHolder),
    matchOnDetail,
    ignoreFocusOut,
  });
  return picked?.choice;
}

/** A line of text from the user; undefined when the user gives up. */
export function ask(question: {
  readonly title: string;
  readonly prompt: string;
  readonly value?: string;
  /** What is wrong with a text, or null. */
  readonly check: (text: string) => string | null;
}): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: plainText(question.title),
    prompt: plainText(question.prompt),
    ...(question.value === undefined ? {} : { value: question.value }),
    ignoreFocusOut: true,
    validateInput: (text) => {
      const wrong = question.check(text);
      return wrong === null ? null : plainText(wrong);
    },
  });
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
