import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { reviewerNameProblem } from '../core/review/reviewerName';
import { gitEmail, globalGitEmail } from '../node/reviewer';
import {
  chooseReviewer,
  describeChoice,
  type LastReviewer,
  originOf,
  type Reviewer,
  type ReviewerChoice,
  rememberedAs,
} from './reviewerChoice';
import { asking, type Questions, warn } from './tell';

const KEPT = 'Your decisions are kept under your name, in a file beside the dataset.';

/**
 * Who decides on which dataset: the setting, else git, else whoever the user says to be. A name other than the one that
 * was used last on a dataset is asked about before it is used there.
 */
export class Reviewers {
  /** @param memory for the name used last on each dataset */
  constructor(private readonly memory: vscode.Memento) {}

  /** Who decides on a dataset, as far as that is known without asking. */
  async look(dataset: vscode.Uri): Promise<ReviewerChoice> {
    return chooseReviewer(await configured(dataset), this.last(dataset));
  }

  /** Asks what `look` leaves open. It stays open when the user does not say. */
  async ask(dataset: vscode.Uri): Promise<ReviewerChoice> {
    const choice = await this.look(dataset);
    if (choice.kind === 'known') return choice;
    if (choice.kind === 'differs') {
      const name = await asking((questions) => askWhich(questions, choice));
      if (name !== null) await this.remember(dataset, rememberedAs(name, choice.reviewer));
    } else {
      const prompt = choice.kind === 'refused' ? `${describeChoice(choice)} ${KEPT}` : KEPT;
      const value = choice.kind === 'unknown' ? (choice.last ?? '') : '';
      const name = await asking((questions) => askName(questions, prompt, value));
      if (name !== null) await this.give(name, dataset);
    }
    return this.look(dataset);
  }

  /** A decision was made under this name: another one is asked about from now on. */
  async used(dataset: vscode.Uri, { name, from }: Reviewer): Promise<void> {
    if (from === 'asked' || this.last(dataset)?.name === name) return;
    await this.remember(dataset, { name, insteadOf: null });
  }

  /**
   * Says who decides and why, and keeps another name in the setting if the user gives one.
   * @param dataset the one on screen, where the new name is not asked about again; null when there is none
   */
  async change(dataset: vscode.Uri | null): Promise<void> {
    const choice = dataset ? await this.look(dataset) : chooseReviewer(await configured(null), null);
    const current = choice.kind === 'unknown' ? (choice.last ?? '') : choice.reviewer.name;
    const prompt = `${describeChoice(choice)} ${KEPT}`;
    const name = await asking((questions) => askName(questions, prompt, current));
    if (name === null || (choice.kind === 'known' && name === current)) return;
    await this.give(name, dataset);
  }

  private async give(name: string, dataset: vscode.Uri | null): Promise<void> {
    await vscode.workspace
      .getConfiguration('transcriptReview')
      .update('reviewer', name, vscode.ConfigurationTarget.Global);
    const now = await configured(dataset);
    if (dataset) await this.remember(dataset, rememberedAs(name, now));
    if (now === null || now.name === name) return;
    const here = dataset ? `; on this dataset you decide as ${name} all the same` : '';
    void warn(`the settings of this workspace name ${now.name} as the reviewer${here}.`);
  }

  private last(dataset: vscode.Uri): LastReviewer | null {
    return this.memory.get<LastReviewer>(keyOf(dataset)) ?? null;
  }

  private async remember(dataset: vscode.Uri, last: LastReviewer): Promise<void> {
    await this.memory.update(keyOf(dataset), last);
  }
}

/** Who decides in one editor. What happens to it happens in turn: an older answer never replaces a newer one. */
export class EditorReviewer implements vscode.Disposable {
  private current: ReviewerChoice = { kind: 'unknown', last: null };
  private readonly changes = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changes.event;
  private turns: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly reviewers: Reviewers,
    private readonly dataset: vscode.Uri,
  ) {}

  get choice(): ReviewerChoice {
    return this.current;
  }

  /** Empty while nobody can decide without being asked. */
  get name(): string {
    return this.current.kind === 'known' ? this.current.reviewer.name : '';
  }

  /** Looks again: settings, git or trust may have changed. */
  learn(): Promise<void> {
    return this.inTurn(async () => this.take(await this.reviewers.look(this.dataset)));
  }

  /** Resolves once it is known whom the settings and git name. */
  looked(): Promise<void> {
    return this.inTurn(async () => {});
  }

  /** Who decides, asked if need be; null when the user does not say. */
  settled(): Promise<Reviewer | null> {
    return this.inTurn(async () => {
      if (this.current.kind !== 'known') this.take(await this.reviewers.ask(this.dataset));
      return this.current.kind === 'known' ? this.current.reviewer : null;
    });
  }

  used(reviewer: Reviewer): Promise<void> {
    return this.reviewers.used(this.dataset, reviewer);
  }

  dispose(): void {
    this.changes.dispose();
  }

  private take(choice: ReviewerChoice): void {
    this.current = choice;
    this.changes.fire();
  }

  private inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.turns.then(run, run);
    this.turns = turn;
    return turn;
  }
}

/** Tells of a name in the setting that cannot be used, when it is given rather than at the first decision. */
export function checkReviewerSetting(): void {
  const name = inSetting();
  const problem = name === '' ? null : reviewerNameProblem(name);
  if (problem === null) return;
  const reason = describeChoice({ kind: 'refused', reviewer: { name, from: 'setting' }, problem });
  void warn(reason);
}

/**
 * What the setting says, else git. A repository's own configuration speaks for datasets in the folders of a trusted
 * workspace only: whoever made a repository writes that, too.
 */
async function configured(dataset: vscode.Uri | null): Promise<Reviewer | null> {
  const set = inSetting();
  if (set !== '') return { name: set, from: 'setting' };
  const trusted =
    dataset !== null && vscode.workspace.isTrusted && vscode.workspace.getWorkspaceFolder(dataset);
  const email = trusted ? await gitEmail(dirname(dataset.fsPath)) : await globalGitEmail();
  return email === null ? null : { name: email, from: 'git' };
}

function inSetting(): string {
  const value = vscode.workspace.getConfiguration('transcriptReview').get<unknown>('reviewer');
  return typeof value === 'string' ? value.trim() : '';
}

async function askWhich(
  questions: Questions,
  choice: ReviewerChoice & { kind: 'differs' },
): Promise<string | null> {
  const { last, reviewer } = choice;
  const picked = await questions.choose(
    [
      { label: last, description: 'as last time', name: last },
      { label: reviewer.name, description: originOf(reviewer), name: reviewer.name },
      { label: 'Other…', description: '', name: null },
    ],
    { title: `${describeChoice(choice)} Decide as:`, placeHolder: KEPT, ignoreFocusOut: true },
  );
  if (picked === undefined) return null;
  return picked.name ?? askName(questions, KEPT, '');
}

async function askName(questions: Questions, prompt: string, value: string): Promise<string | null> {
  const name = await questions.ask({
    title: 'Reviewer: your name or e-mail address',
    prompt,
    value,
    check: reviewerNameProblem,
  });
  return name === undefined ? null : name.trim();
}

function keyOf(dataset: vscode.Uri): string {
  return `reviewer:${dataset.toString()}`;
}
