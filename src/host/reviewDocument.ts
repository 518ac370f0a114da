import { randomUUID } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { monotonicFactory } from 'ulid';
import * as vscode from 'vscode';
import { shortened } from '../core/invisible';
import { encode, LogDecoder } from '../core/review/codec';
import type { Entry } from '../core/review/entry';
import type { Edit } from '../core/review/log';
import { type Decision, makeEntry } from '../core/review/makeEntry';
import { reviewerKey } from '../core/review/reviewerKey';
import { isSharedId } from '../core/review/spanDecisions';
import { inSlices } from '../core/slices';
import { Audit } from '../node/audit';
import { type BesideFolder, copyFiles, makeWhole, namesIn, pathOf, pinned } from '../node/besideFiles';
import type { Dataset } from '../node/dataset';
import { codeOf } from '../node/fileReason';
import { writeWhole } from '../node/outputFile';
import { ReviewFiles } from '../node/reviewFiles';
import { reviewFolder } from '../node/reviewStore';
import type { RunIndex } from '../node/runIndex';
import { DatasetError } from '../node/sources/source';
import { textHash } from '../node/textHash';
import { tellIfLong } from './longReading';
import { plainText } from './plainText';
import { keptNotice } from './profileSample';
import { SavePoint } from './savePoint';
import { tell, tellError, warn } from './tell';
import { windowAnswers } from './windowAnswers';

const ENTRIES_AT_ONCE = 500;

/** Why nothing can be decided between a reload and its first transcript. */
export const READ_AGAIN = 'the dataset is being read again; decide once its transcripts are shown';

export interface MadeEdit {
  readonly label: string;
  undo(): void;
  redo(): void;
}

export interface DocumentOptions {
  readonly uri: vscode.Uri;
  readonly run: RunIndex;
  /** Folder in which indexes are kept for the next time. */
  readonly cache: string;
  /** To start from. */
  readonly backup: Backup | undefined;
}

/** Unsaved decisions as VS Code keeps them. */
export interface Backup {
  readonly uri: vscode.Uri;
  /** Ids of what was undone after it was made. */
  readonly takenBack: ReadonlySet<string>;
}

/**
 * One open dataset with its decisions, however many editors show it. Owns saving, backup and reverting; undo and redo
 * are VS Code's, which holds the edits made here.
 */
export class ReviewDocument implements vscode.CustomDocument {
  readonly uri: vscode.Uri;
  readonly audit: Audit;
  /** The index pass that runs now. */
  loading: Promise<void> = Promise.resolve();
  private readonly newId = monotonicFactory();
  private readonly edits = new vscode.EventEmitter<MadeEdit>();
  /** A decision was made; the provider tells VS Code. */
  readonly onDidEdit = this.edits.event;
  private readonly unseen = new vscode.EventEmitter<void>();
  /** There are unsaved decisions that VS Code's own count of edits misses. */
  readonly onDidMissEdit = this.unseen.event;
  private readonly saves = new vscode.EventEmitter<void>();
  readonly onDidSave = this.saves.event;
  private readonly loads = new vscode.EventEmitter<void>();
  /** The dataset was read (again), or could not be. */
  readonly onDidLoad = this.loads.event;
  private readonly readings = new vscode.EventEmitter<void>();
  /** The reviewers' files were read (again). */
  readonly onDidReadReviews = this.readings.event;
  private readonly flips = new vscode.EventEmitter<string>();
  /** A decision on this transcript (id) was undone or redone: show it. */
  readonly onDidFlip = this.flips.event;
  private readonly notices = new vscode.EventEmitter<void>();
  readonly onDidChangeNotice = this.notices.event;
  private currentNotice: string | null = null;
  private readingAdded = false;
  private abort = new AbortController();
  private readonly closed = new AbortController();
  private readonly savePoint = new SavePoint();
  /** There are recovered decisions that VS Code has not been told of. */
  private restored = false;
  /** See offerOwnElsewhere: several editors show one document. */
  readonly offered = new Set<string>();
  /** See offerLost. */
  readonly offeredLost = new Set<string>();
  /** VS Code renames it, and its decisions with it. */
  isMoved = false;
  private isShown = false;
  /** It was told that what was saved stands beside no dataset. */
  private isAlone = false;
  /** The last look at whether the dataset is there still. */
  private looked: Promise<void> = Promise.resolve();
  /** VS Code named a backup that is not there. */
  backupIsGone = false;
  /** Path of the backup that all unsaved decisions were read from; to be removed once a newer one is, too. */
  private restoredFrom: string | null = null;
  /** Readings of the reviewers' files, one after the other. No writing waits for them. */
  private reading: Promise<void> = Promise.resolve();
  /** Writes to the reviewers' files, one after the other. */
  private writing: Promise<unknown> = Promise.resolve();
  /** Decisions are made one after the other: reading their texts may end in another order. */
  private deciding: Promise<unknown> = Promise.resolve();
  /** The decisions on disk are known, or were given up. */
  private known: Promise<void> = Promise.resolve();
  /** Those of a reviewer who decides before they all are; by key. */
  private readonly ownKnown = new Map<string, Promise<void>>();
  private readonly disposed = new vscode.EventEmitter<void>();
  readonly onDidDispose = this.disposed.event;

  private constructor(options: DocumentOptions, folder: BesideFolder) {
    this.uri = options.uri;
    this.audit = new Audit({
      path: options.uri.fsPath,
      reviewFolder: folder,
      run: options.run,
      cache: options.cache,
      newId: () => this.newId(),
      now: () => new Date(),
    });
  }

  /** Begins to read the dataset; does not wait for the end. Unsaved decisions of a backup are there at once. */
  static async open(options: DocumentOptions): Promise<ReviewDocument> {
    const folder = await pinned(reviewFolder(options.uri.fsPath));
    const document = new ReviewDocument(options, folder);
    if (options.backup) await document.restore(options.backup);
    document.restored = document.dirty;
    document.reload();
    return document;
  }

  /** Where the decisions lie. */
  get reviewFolder(): BesideFolder {
    return this.audit.reviews.folder;
  }

  get dirty(): boolean {
    return this.audit.log.hasPending;
  }

  get isClosed(): boolean {
    return this.closed.signal.aborted;
  }

  /** Something happened to the file under us, in words; null while all is well. */
  get notice(): string | null {
    return this.currentNotice;
  }

  /** Reads the dataset (again), in the background. */
  reload(): void {
    this.abort.abort();
    this.audit.leave();
    this.abort = new AbortController();
    const { signal } = this.abort;
    this.known = this.reloadReviews();
    this.ownKnown.clear();
    this.loading = this.loading.then(() => {
      this.audit.begin();
      return this.audit.index(signal, this.known);
    });
    this.setNotice(null);
    // What was written during the reading found nobody looking.
    void this.loading.then(() => {
      this.loads.fire();
      return this.checkFile();
    });
  }

  /** Settles when the decisions on disk are known, or their reading was given up. */
  whenKnown(): Promise<void> {
    return this.known;
  }

  /** Settles when what one reviewer has decided is known: others may have many decisions, which nobody waits for. */
  whenOwnKnown(reviewer: string): Promise<void> {
    const key = reviewerKey(reviewer);
    const { closed, known } = this;
    const own =
      this.ownKnown.get(key) ??
      // What could not be read is told by the reading of all.
      Promise.race([known, this.audit.readOwn(reviewer, { signal: closed.signal }).catch(() => {})]);
    this.ownKnown.set(key, own);
    return own;
  }

  cancelLoading(): void {
    if (this.isIndexing) this.abort.abort();
  }

  /** Looks whether the file is still what was read; what was added to it is taken in. */
  async checkFile(): Promise<void> {
    const { abort } = this;
    if (this.isIndexing || this.readingAdded) return;
    const { dataset } = this.audit;
    const looked = await dataset.look();
    const change = looked.kind === 'same' ? await dataset.lookAtUnread() : looked;
    const kept = dataset.phase === 'ready' ? await keptNotice(this.reviewFolder, dataset.chosen) : null;
    if (abort !== this.abort || this.readingAdded) return;
    this.setNotice(change.kind === 'changed' ? change.what : kept);
    if (abort.signal.aborted) return;
    if (change.kind === 'begun') this.reload();
    if (change.kind !== 'grown') return;
    this.readingAdded = true;
    const done = await this.audit.readAdded(abort.signal).finally(() => {
      this.readingAdded = false;
    });
    if (abort !== this.abort || abort.signal.aborted) return;
    if (done) await this.checkFile();
    else this.reload();
  }

  private get isIndexing(): boolean {
    const { phase } = this.audit.dataset;
    return phase === 'indexing' || phase === 'checking';
  }

  /**
   * Makes a decision on a transcript.
   * @param seen hash of the texts that the reviewer decides on; without it, of those that stand there now
   * @returns false when it changes nothing.
   * @throws DatasetError when the file has changed under us, RangeError when the decision does not fit the text.
   */
  decide(index: number, decision: Decision, reviewer: string, seen?: string): Promise<boolean> {
    const { dataset } = this.audit;
    const decided = this.deciding.then(() => this.decideOn(dataset, index, decision, reviewer, seen));
    this.deciding = decided.catch(() => {});
    return decided;
  }

  private async decideOn(
    dataset: Dataset,
    index: number,
    decision: Decision,
    reviewer: string,
    seen: string | undefined,
  ): Promise<boolean> {
    // Whoever decides on it has it on screen: it was not renamed after all.
    if (this.isMoved && existsSync(this.uri.fsPath)) this.isMoved = false;
    await this.whenOwnKnown(reviewer); // what it replaces must be known
    const record = await dataset.record(index);
    if (record.kind === 'bad') throw new RangeError('a record that could not be read cannot be decided on');
    const { transcript } = record;
    const hash = await textHash(transcript.messages);
    if (dataset !== this.audit.dataset) throw new DatasetError(READ_AGAIN);
    // A note is kept all the same: it says itself on which text it was written, and is stale on another.
    const isNote = decision.kind === 'note';
    if (!isNote && seen !== undefined && seen !== hash) {
      const what = `the text of ${shortened(transcript.id)} is not the one that was on screen`;
      throw new DatasetError(`${what}, as the dataset was read again. Nothing was decided`);
    }
    this.audit.followText(transcript.id, hash);
    const entry = makeEntry(decision, {
      id: this.newId(),
      at: new Date(),
      reviewer,
      transcript,
      hash: isNote ? (seen ?? hash) : hash,
      review: this.audit.log.review(transcript.id),
    });
    if (entry === null) return false;
    const { log } = this.audit;
    const span = 'span' in entry.target ? (entry.target.span as string) : null;
    const isShared = span !== null && isSharedId(span, transcript.spans, log.review(transcript.id));
    const { edit, delta } = log.apply(entry, !isShared);
    this.audit.follow([delta]);
    this.edits.fire(this.madeEdit(edit, plainText(describe(decision))));
    if (this.savePoint.push()) this.unseen.fire();
    return true;
  }

  /** Appends what is unsaved to the reviewers' files. Rejects in words, and keeps all of it, when that fails. */
  save(): Promise<void> {
    return this.inTurn(async () => {
      const { reviews } = this.audit;
      // Beside the writing, and not waited for: what is decided until VS Code hears of the end would count as saved. One
      // after the other: a look that took long must not have the last word.
      const looked = this.looked.then(() => this.isThere());
      // VS Code takes all that was done before it hears of the end for saved, so what was decided meanwhile is, too.
      do {
        const entries = this.audit.log.beginSave();
        await reviews.append(entries, (own) => this.audit.follow(this.audit.log.markSaved(own)));
      } while (this.dirty);
      this.saved();
      this.saves.fire();
      this.looked = looked.then((isThere) => this.tellIfAlone(isThere));
    });
  }

  private saved(): void {
    this.savePoint.saved();
    // VS Code is told of the end once all that waits for it here has run.
    void setImmediate()
      .then(windowAnswers)
      .then(() => this.savePoint.heard());
  }

  /** Settles when it is known whether what was saved lies beside the dataset still. */
  whenLooked(): Promise<void> {
    return this.looked;
  }

  private isThere(): Promise<boolean> {
    return stat(this.uri.fsPath).then(
      () => true,
      (error) => codeOf(error) !== 'ENOENT',
    );
  }

  /** Where the dataset was moved without VS Code's knowing, what is saved stands beside none, and counts nowhere. */
  private tellIfAlone(isThere: boolean): void {
    const isAlone = !isThere && !this.isMoved;
    if (isAlone && !this.isAlone) {
      const where = pathOf(this.reviewFolder);
      void warn(
        `saved to ${where}, but the dataset is not there any more. These decisions count once their files lie in the review folder beside it`,
      );
    }
    this.isAlone = isAlone;
  }

  /** Takes in what another window or git has written to the reviewers' files. Never rejects: trouble is shown. */
  reloadReviews(): Promise<void> {
    const read = () =>
      tellIfLong(
        `Reading the decisions on ${this.audit.dataset.name}`,
        this.closed.signal,
        (signal, report) =>
          this.audit.readReviews({
            signal,
            progress: (path, bytes) => report(`${path}: ${bytes >> 20} MiB`),
          }),
      ).then(
        () => this.readings.fire(),
        () => {},
      );
    this.reading = this.reading.then(read);
    return this.reading;
  }

  /** Reads and keeps decisions in another folder from now on. Only before any were read: see linkedFolder. */
  useFolder(folder: BesideFolder): void {
    this.audit.useFolder(folder);
    this.reload();
  }

  /**
   * Takes over unsaved decisions of a session that has ended, in parts between which the thread is free. Resolves with how
   * many were new; null when it is closed before the end, and not all of them have been taken over.
   * @param since as of `ReviewLog.restore`
   */
  async takeOver(entries: readonly Entry[], since?: number): Promise<number | null> {
    const { log } = this.audit;
    if (this.isClosed) return null;
    let taken = 0;
    for (const part of inSlices([entries], ENTRIES_AT_ONCE)) {
      const before = log.pendingCount;
      this.audit.follow(log.restore(part, true, since));
      taken += log.pendingCount - before;
      await setImmediate();
      if (this.isClosed) return null;
    }
    if (taken > 0) this.restored = true;
    if (this.isShown) this.announceRestored();
    return taken;
  }

  /**
   * Copies the dataset and everyone's decisions, unsaved ones included. Rejects, with nothing written, where another
   * dataset's decisions lie: they would be overwritten, and VS Code asks about the dataset only.
   */
  saveAs(target: vscode.Uri): Promise<void> {
    if (target.toString() === this.uri.toString()) return this.save();
    return this.inTurn(async () => {
      if (target.scheme !== 'file') throw new Error(`cannot save to "${target.scheme}:", only to a folder`);
      const folder = reviewFolder(target.fsPath);
      if ((await namesIn(folder)).length > 0)
        throw new Error(`${pathOf(folder)} holds decisions already; save under another name`);
      await mkdir(dirname(target.fsPath), { recursive: true });
      const { mode } = await stat(this.uri.fsPath);
      const { log } = this.audit;
      const copied = new Set<Entry>();
      let left: readonly string[] = [];
      // Whole or not at all: some decisions of a copy that failed would stand in the way of the next try.
      await makeWhole(folder, async (draft) => {
        left = await copyFiles(this.reviewFolder, draft);
        await this.copyUnsaved(draft, copied);
        await writeWhole(target.fsPath, createReadStream(this.uri.fsPath), mode & 0o777);
        // A gigabyte takes seconds, in which one goes on.
        await this.copyUnsaved(draft, copied);
      });
      // What was decided in the last moment; where that fails, it stays unsaved here.
      await this.copyUnsaved(folder, copied).catch(tellError);
      // VS Code calls this one saved from here on, and would close it without a question in another editor. What the copy
      // has is dropped here, as it is of a text that is saved under another name.
      this.audit.follow(log.discardPending([...copied]));
      this.saved();
      if (this.dirty) this.unseen.fire();
      const decisions = copied.size === 1 ? '1 unsaved decision is' : `${copied.size} unsaved decisions are`;
      if (copied.size > 0) void tell(`${decisions} in the copy only: ${target.fsPath}`);
      if (left.length > 0) void warn(`not copied, since they are no files: ${left.join(', ')}`);
    });
  }

  /** Appends what is unsaved and not among `copied`, which it is from then on: undoing it adds a retraction, which is too. */
  private async copyUnsaved(folder: BesideFolder, copied: Set<Entry>): Promise<void> {
    const { log } = this.audit;
    for (;;) {
      log.share();
      const more = log.pending().filter((entry) => !copied.has(entry));
      if (more.length === 0) return;
      // It has been copied as it is.
      for (const key of new Set(more.map(({ reviewer }) => reviewerKey(reviewer))))
        await this.audit.reviews.refuseCut(key);
      await new ReviewFiles(folder).append(more, () => {});
      for (const entry of more) copied.add(entry);
    }
  }

  revert(): void {
    this.savePoint.revert();
    this.audit.follow(this.audit.log.discardPending());
  }

  /**
   * Writes the unsaved decisions, and nothing else, where VS Code keeps its backups. Under a name of its own: VS Code
   * suggests the same one again after a restart, for each of the two view types, and in other windows without a folder,
   * and a backup that is still needed must not be overwritten. One that was cancelled must not end after its successor:
   * VS Code deletes all but the last to end.
   */
  async backup(
    destination: vscode.Uri,
    token: vscode.CancellationToken,
  ): Promise<vscode.CustomDocumentBackup> {
    const path = `${destination.fsPath}-${randomUUID()}`;
    await mkdir(dirname(path), { recursive: true });
    await writeEntries(path, this.audit.log.pending());
    if (token.isCancellationRequested) {
      await rm(path, { force: true });
      throw new vscode.CancellationError();
    }
    const outlived = [path, ...(this.restoredFrom === null ? [] : [this.restoredFrom])];
    return {
      id: vscode.Uri.file(path).toString(),
      delete: () => {
        for (const each of outlived) void rm(each, { force: true }).catch(() => {});
      },
    };
  }

  /**
   * Tells VS Code of unsaved decisions that were recovered, once the document is on screen. It has no edits for them, so
   * it would call the document saved as soon as an edit of this session is undone.
   */
  announceRestored(): void {
    this.isShown = true;
    if (!this.restored) return;
    this.restored = false;
    this.unseen.fire();
  }

  dispose(): void {
    this.abort.abort();
    this.closed.abort();
    this.audit.dispose();
    this.disposed.fire();
    for (const emitter of [
      this.loads,
      this.readings,
      this.edits,
      this.unseen,
      this.saves,
      this.flips,
      this.notices,
      this.disposed,
    ])
      emitter.dispose();
  }

  private inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.writing.then(run, run);
    this.writing = turn;
    return turn;
  }

  /** A backup cut short by a crash gives what can still be read of it. */
  private async restore({ uri, takenBack }: Backup): Promise<void> {
    try {
      const lines = (await readFile(uri.fsPath, 'utf8')).split('\n');
      const decoder = new LogDecoder();
      let count = 0;
      for (const part of inSlices([lines], ENTRIES_AT_ONCE)) {
        const entries = part
          .flatMap((line) => decoder.next(line) ?? [])
          .filter(({ id }) => !takenBack.has(id));
        this.audit.log.restore(entries);
        count += entries.length;
        await setImmediate();
      }
      const { problems } = decoder;
      if (problems.length === 0) this.restoredFrom = uri.fsPath;
      else {
        void warn(
          `${problems.length} lines of the backup of ${this.uri.fsPath} could not be read; ${count} unsaved decisions were recovered. The backup is kept: ${uri.fsPath}`,
        );
      }
    } catch (error) {
      // VS Code may still name one that it has replaced when it was killed: the journal has what was in it.
      if (codeOf(error) === 'ENOENT') this.backupIsGone = true;
      else void warn(`the backup of unsaved decisions could not be read: ${(error as Error).message}`);
    }
  }

  private setNotice(notice: string | null): void {
    if (notice === this.currentNotice) return;
    this.currentNotice = notice;
    this.notices.fire();
  }

  private madeEdit(edit: Edit, label: string): MadeEdit {
    const flip = (step: 1 | -1) => {
      const calledSaved = this.savePoint.step(step);
      // VS Code may still hold an edit that a revert has dropped; undoing that must not bring it back.
      const { log } = this.audit;
      const delta = step < 0 ? log.undo(edit) : log.redo(edit);
      if (delta) {
        this.audit.follow([delta]);
        this.flips.fire(edit.entry.transcript);
      }
      if (calledSaved && this.dirty) this.unseen.fire();
    };
    return { label, undo: () => flip(-1), redo: () => flip(1) };
  }
}

/** In parts between which the thread is free: thousands may be unsaved. */
async function writeEntries(path: string, entries: readonly Entry[]): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    for (let from = 0; from < entries.length; from += ENTRIES_AT_ONCE) {
      const part = entries.slice(from, from + ENTRIES_AT_ONCE);
      await file.appendFile(part.map(encode).join(''));
      await setImmediate();
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

function describe(decision: Decision): string {
  if (decision.kind === 'label') return `${decision.answer ?? 'clear'}: ${decision.label}`;
  if (decision.kind === 'span') return `${decision.action ?? 'clear'} span`;
  return decision.kind === 'note' ? 'note' : `add span: ${decision.label}`;
}
