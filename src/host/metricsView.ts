import * as vscode from 'vscode';
import type { MetricsOptions } from '../core/metrics/figures';
import { metricsTsv } from '../core/metrics/tsv';
import { Channel } from '../protocol/channel';
import type { MetricsHost, MetricsSnapshot, MetricsWebview } from '../protocol/metrics';
import { updateOf } from '../protocol/metricsUpdate';
import type { EditorProvider } from './editorProvider';
import { metricsSnapshot } from './metricsSnapshot';
import type { ReviewDocument } from './reviewDocument';
import { metricsSchemas, validator } from './schemas';
import { tellError } from './tell';
import { showPage, webviewPort } from './webviewPage';

const FRAME_MS = 16;
const OPTIONS_KEY = 'metricsOptions';

/** The Gap Metrics view: follows the dataset of the active editor, at most one snapshot a frame. */
export class MetricsView implements vscode.WebviewViewProvider, vscode.Disposable {
  private view: vscode.WebviewView | null = null;
  private channel: Channel<MetricsHost, MetricsWebview> | null = null;
  private timer: NodeJS.Timeout | null = null;
  /** What the webview shows; null while it has yet to ask. */
  private shown: MetricsSnapshot | null = null;
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
        ready: () => {
          this.shown = this.snapshot();
          return this.shown;
        },
        byClassifier: (row) => {
          const audit = this.editors.active?.document.audit;
          return audit?.tracker.byClassifier(row, this.options(audit.facts.classifiers)) ?? [];
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
    const audit = this.editors.active?.document.audit;
    const options = this.options(audit?.facts.classifiers ?? []);
    if (!audit)
      return {
        dataset: null,
        options,
        current: null,
        classifiers: [],
        rows: [],
        classifierRows: [],
        sessionRows: [],
      };
    return metricsSnapshot(audit, options, this.editors.active?.focus.index ?? -1);
  }

  dispose(): void {
    if (this.timer) clearTimeout(this.timer);
    this.unfollow();
    this.activation.dispose();
    this.channel?.dispose();
  }

  private follow(document: ReviewDocument | null): void {
    this.unfollow();
    this.unfollow = document ? document.audit.onChange(() => this.push()) : () => {};
    this.push();
  }

  /** At most one message a frame, of what has changed since the last one. */
  private push(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      if (this.shown === null) return; // it is told all when it asks
      const next = this.snapshot();
      const update = updateOf(this.shown, next);
      this.shown = next;
      if (update) this.channel?.notify('update', update);
      else this.channel?.notify('snapshot', next);
    }, FRAME_MS);
  }

  /** The last choice in this workspace, else the settings; a classifier that this dataset lacks is dropped. */
  private options(classifiers: readonly string[]): MetricsOptions {
    const settings = vscode.workspace.getConfiguration('transcriptReview.metrics');
    const options = this.context.workspaceState.get<MetricsOptions>(OPTIONS_KEY) ?? {
      labels: settings.get('labels', 'adjudicated'),
      classifier: null,
      conditioning: settings.get('conditioning', 'both'),
    };
    const known = options.classifier !== null && classifiers.includes(options.classifier);
    return { ...options, classifier: known ? options.classifier : null };
  }
}
