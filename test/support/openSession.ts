import { join } from 'node:path';
import { expect } from 'vitest';
import { EditorSession } from '../../src/host/editorSession';
import { ReviewDocument } from '../../src/host/reviewDocument';
import { Reviewers } from '../../src/host/reviewer';
import { inProcess } from '../../src/node/runIndex';
import { eventually } from './eventually';
import { memento, vscodeStandIn } from './vscodeStandIn';

/** Decides as ana; what the user is told stands in `told`. */
export function asAna(told: string[]): void {
  told.length = 0;
  vscodeStandIn.workspace.settings.set('reviewer', 'ana');
  for (const show of ['showWarningMessage', 'showInformationMessage', 'showErrorMessage'] as const)
    vscodeStandIn.window[show] = async (text?: string) => void told.push(text ?? '');
}

/**
 * An editor as the extension opens it, once its first transcript is there, with a webview that nobody answers for.
 * @param cache folder for kept indexes; @param posted hears what the webview is sent
 */
export async function openSession(
  path: string,
  cache: string,
  reviewers = new Reviewers(memento()),
  posted: (message: unknown) => void = () => {},
) {
  const document = await ReviewDocument.open({
    uri: vscodeStandIn.Uri.file(path) as never,
    run: inProcess,
    cache: join(cache, 'index'),
    backup: undefined,
  });
  await document.loading;
  const postMessage = async (message: unknown) => {
    posted(message);
    return true;
  };
  const webview = { postMessage, onDidReceiveMessage: () => ({ dispose() {} }) };
  const panel = { active: true, webview, onDidDispose: () => ({ dispose() {} }) };
  const session = new EditorSession(document, panel as never, null, () => {}, '', reviewers);
  await eventually(() => expect(session.record?.kind).toBe('transcript'));
  return { document, session };
}
