import { setImmediate } from 'node:timers/promises';
import * as vscode from 'vscode';
import { CONDITIONINGS, LABEL_MODES, type MetricsOptions } from '../core/metrics/figures';
import { metricsTsv } from '../core/metrics/tsv';
import { Channel } from '../protocol/channel';
import type { MetricsHost, MetricsSnapshot, MetricsWebview } from '../protocol/metrics';
import { updateOf } from '../protocol/metricsUpdate';
import type { EditorProvider } from './editorProvider';
import { figuresByClassifier, metricsSnapshot } from './metricsSnapshot';
import type { ReviewDocument } from './reviewDocument';
import { metricsSchemas, validator } from './schemas';
import { chosen } from './settings';
import { tellError } from './tell';
import { showPage, webviewPort } from './webviewPage';

const FRAME_MS = 16;
const OPTIONS_KEY = 'metricsOptions';

/**
 * The Gap Metrics view: follows the dataset of the active editor, at most one message a frame, and none before the last is
 * taken in: hundreds of rows that all change take longer to be drawn than to be counted.
 */
export class MetricsView implements vscode.WebviewViewProvider, vscode.Disposable {
  private view: vscode.WebviewView | null = null;
  private channel: Channel<MetricsHost, MetricsWebview> | null = null;
  private timer: NodeJS.Timeout | null = null;
  /** What the webview shows; null while it has yet to ask. */
  private shown: MetricsSnapshot | null = null;
  /** What the webview has yet to take in; null when it waits for more. */
  private sending: Promise<void> | null = null;
  /** Something has changed meanwhile. */
  private isBehind = false;
  private unfollow: () => void = () => {};
  private readonly activation: vscode.Disposable;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly editors: EditorProvider,
  ) {
    this.activation = vscode.Disposable.from(
      editors.onDidActivate((document) => this.follow(document)),
      editors.onDidMove(() => this.push()),
    );
  }

  /** Whether the panel shows it now. */
  get visible(): boolean {
    return this.view?.visible ?? false;
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    this.channel = new Channel<MetricsHost, MetricsWebview>({
      port: webviewPort(view.webview),
      handlers: {
        ready: async () => {
          this.sending = null; // to a page that is no more
          await this.prepare();
          this.shown = this.snapshot();
          return this.shown;
        },
        byClassifier: (row) => {
          const { active } = this.editors;
          if (!active) return [];
          const { audit } = active.document;
          return figuresByClassifier(audit, this.options(audit.facts.classifiers), row, active.focus.index);
        },
        options: (options) => {
          void this.context.workspaceState.update(OPTIONS_KEY, options);
          this.push();
        },
        command: async ({ name }) => {
          if (name === 'copyTable') await vscode.env.clipboard.writeText(metricsTsv(this.snapshot().rows));
          else void vscode.commands.executeCommand(`transcriptReview.${name}`);
        },
      },
      validate: validator(metricsSchemas),
      onError: tellError,
    });
    const page = showPage(view, this.context.extensionUri, 'metrics', 'Gap Metrics');
    view.onDidDispose(() => {
      page.dispose();
      this.view = null;
      this.shown = null;
      this.channel?.dispose();
      this.channel = null;
    });
  }

  /** What the view shows now; also for tests and other extensions, through the extension's exports. */
  snapshot(): MetricsSnapshot {
    const { active } = this.editors;
    const options = this.options(active?.audit.facts.classifiers ?? []);
    if (!active)
      return {
        dataset: null,
        options,
        current: null,
        classifiers: [],
        unlisted: { rows: 0, transcripts: 0, classifiers: 0 },
        currentRows: null,
        rows: [],
        classifierRows: [],
        sessionRows: [],
      };
    return metricsSnapshot(active.audit, options, active.focus.index, active.document.notice);
  }

  dispose(): void {
    if (this.timer) clearTimeout(this.timer);
    this.unfollow();
    this.activation.dispose();
    this.channel?.dispose();
  }

  private follow(document: ReviewDocument | null): void {
    this.unfollow();
    const notices = document?.onDidChangeNotice(() => this.push());
    const unfollow = document?.audit.onChange(() => this.push());
    this.unfollow = () => {
      notices?.dispose();
      unfollow?.();
    };
    this.push();
  }

  private push(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.isBehind = this.sending !== null;
      if (!this.isBehind) this.send();
    }, FRAME_MS);
  }

  /** What has changed since the last message. */
  private send(): void {
    const sending = this.sendChanges()
      .catch(() => {}) // hidden: it asks for all when it comes back
      .then(() => {
        if (this.sending !== sending) return;
        this.sending = null;
        if (this.isBehind) this.push();
      });
    this.sending = sending;
  }

  private async sendChanges(): Promise<void> {
    await this.prepare();
    if (this.shown === null || this.channel === null) return; // it is told all when it asks
    const next = this.snapshot();
    const update = updateOf(this.shown, next);
    this.shown = next;
    if (update) await this.channel.request('update', update);
    else await this.channel.request('snapshot', next);
  }

  /** Computes the rows in steps between which the thread is free. */
  private async prepare(): Promise<void> {
    const audit = this.editors.active?.document.audit;
    if (!audit) return;
    for (const _ of audit.tracker.prepare(this.options(audit.facts.classifiers))) await setImmediate();
  }

  /** The last choice in this workspace, else the settings; a classifier that this dataset lacks is dropped. */
  private options(classifiers: readonly string[]): MetricsOptions {
    // kept by another version, perhaps
    const last = metricsSchemas.options.safeParse(this.context.workspaceState.get(OPTIONS_KEY));
    const options = last.data ?? {
      labels: chosen('metrics.labels', LABEL_MODES),
      classifier: null,
      conditioning: chosen('metrics.conditioning', CONDITIONINGS),
    };
    const known = options.classifier !== null && classifiers.includes(options.classifier);
    return { ...options, classifier: known ? options.classifier : null };
  }
}
