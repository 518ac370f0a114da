import * as vscode from 'vscode';

/**
 * One of the values that a setting may have. VS Code hands over whatever a settings.json holds, a folder's own included;
 * what is none of these counts as not set.
 * @param values the first is the setting's default
 */
export function chosen<T extends string>(setting: string, values: readonly [T, ...T[]]): T {
  const value = vscode.workspace.getConfiguration('transcriptReview').get<unknown>(setting);
  return values.find((each) => each === value) ?? values[0];
}
