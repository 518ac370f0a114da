import * as vscode from 'vscode';
import { unlessAborted } from '../node/unlessAborted';
import { plainText } from './plainText';

/** Nobody needs to hear of a reading that is done before they look up. */
const LONG_MS = 3_000;

/**
 * Runs a reading; where it takes long, shows that it is under way, how far it is, and lets the user give it up.
 * @param closed gives it up, too
 * @throws what `read` throws; AbortError when it is given up, whether or not the disk answers
 */
export async function tellIfLong<T>(
  title: string,
  closed: AbortSignal,
  read: (signal: AbortSignal, report: (how: string) => void) => Promise<T>,
): Promise<T> {
  const given = new AbortController();
  const signal = AbortSignal.any([closed, given.signal]);
  let report: (how: string) => void = () => {};
  const work = unlessAborted(
    read(signal, (how) => report(how)),
    signal,
  );
  const timer = setTimeout(() => {
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: plainText(title),
      cancellable: true,
    };
    void vscode.window.withProgress(options, (progress, token) => {
      report = (how) => progress.report({ message: plainText(how) });
      token.onCancellationRequested(() => given.abort());
      return work.then(
        () => {},
        () => {},
      );
    });
  }, LONG_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
