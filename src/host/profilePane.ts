import { basename } from 'node:path';
import { pointersOf } from '../core/formats/fields';
import { guessProfile } from '../core/formats/guess';
import type { Profile } from '../core/formats/profile';
import { type BesideFolder, pathOf } from '../node/besideFiles';
import type { DatasetFile } from '../node/datasetFiles';
import {
  keptBytes,
  keptText,
  PROFILE_FILE,
  putAsideForProfile,
  putProfileBack,
  removeProfile,
  writeProfile,
} from '../node/profileFile';
import { DatasetError } from '../node/sources/source';
import type { ProfileOrigin, ProfileReading, ProfileView } from '../protocol/profile';
import { checkDraft, type InUse, readDraft } from './profileReading';
import { draftOf, type FileSample, type Kept, readKept, sampleFile, transcriptFiles } from './profileSample';
import type { ReviewDocument } from './reviewDocument';
import { tell } from './tell';

/** A folder may hold thousands. */
const LISTED_FILES = 100;

/** What the view needs of its editor. */
export interface ProfiledEditor {
  readonly document: ReviewDocument;
  sendProfile(view: ProfileView | null): void;
  tell(error: Error): void;
}

/**
 * The view in which it is shown, and corrected, how the dataset is read. Nothing changes until a profile is kept; what
 * stands in the form outlives closing the view.
 */
export class ProfilePane {
  private view: ProfileView | null = null;
  private sample: FileSample | null = null;
  private visible = false;
  private opened = 0;
  /** What was kept beside the dataset at the last look; null where nothing was, or it could not be read. */
  private seen: string | null = null;
  /** Only the newest look at the files is shown. */
  private looking = 0;

  constructor(private readonly editor: ProfiledEditor) {}

  /** null while the transcripts are on screen. */
  get onScreen(): ProfileView | null {
    return this.visible ? this.view : null;
  }

  async open(): Promise<void> {
    this.visible = true;
    await this.look(this.view?.file ?? null);
  }

  close(): void {
    this.visible = false;
    this.looking++;
    this.sample = null; // records may be large
    this.editor.sendProfile(null);
  }

  /**
   * The dataset was read, or is read again. Where nobody knows what its records mean, or what is kept of that is broken,
   * the view is where to go on.
   */
  follow(): void {
    const { dataset } = this.audit;
    if (dataset.phase === 'indexing') return;
    const work = this.visible ? this.look(this.view?.file ?? null) : this.openIfLost();
    work.catch((error) => this.editor.tell(error));
  }

  /** Takes what stands in the form, and tells what that makes of the first records. */
  check(text: string): Promise<ProfileReading> {
    if (this.view) this.view = { ...this.view, draft: text };
    return readDraft(text, this.sample, this.inUse());
  }

  previewFile(name: string): Promise<void> {
    return this.look(name);
  }

  /**
   * Keeps a profile beside the dataset, and reads it so. @throws in words when it is none or cannot be written, or would
   * take the place of one that was not there at the last look; it is the last look from then on.
   */
  async keep(text: string): Promise<void> {
    const check = await checkDraft(text);
    if (!check.ok) {
      const [issue] = check.issues;
      throw new Error(`this cannot be read by: ${issue ? `${issue.path}: ${issue.message}` : 'no profile'}`);
    }
    const now = await keptText(this.folder).catch(() => null);
    if (now !== this.seen) {
      if (this.visible) await this.look(this.view?.file ?? null);
      throw new Error(
        `what is kept in ${PROFILE_FILE} beside the dataset has changed since this form was opened; keep yours again to put it in its place`,
      );
    }
    const { folder } = this;
    try {
      await this.putAside(folder);
      await writeProfile(folder, check.profile);
    } catch (error) {
      throw new Error(`the profile could not be kept: ${(error as Error).message}`);
    }
    this.readAgain();
  }

  /** Removes what is kept, for the dataset to be read as what it looks like; offers to put it back. */
  async forget(): Promise<void> {
    const { folder } = this;
    const removed = await keptBytes(folder).catch(() => null);
    await this.putAside(folder);
    await removeProfile(folder);
    this.readAgain();
    if (removed !== null) this.offerBack(folder, removed).catch((error) => this.editor.tell(error));
  }

  private get audit() {
    return this.editor.document.audit;
  }

  private get folder(): BesideFolder {
    return this.editor.document.reviewFolder;
  }

  private readAgain(): void {
    this.view = null;
    this.close();
    this.editor.document.reload();
  }

  private async putAside(folder: BesideFolder): Promise<void> {
    const aside = await putAsideForProfile(folder);
    if (aside !== null) void tell(`the folder ${PROFILE_FILE} is ${pathOf(folder, aside)} now.`);
  }

  private async offerBack(folder: BesideFolder, removed: Uint8Array): Promise<void> {
    const back = 'Put It Back';
    const { name } = this.audit.dataset;
    if ((await tell(`the profile that was kept beside ${name} is removed.`, back)) !== back) return;
    await putProfileBack(folder, removed);
    this.editor.document.reload();
  }

  private async openIfLost(): Promise<void> {
    const { dataset } = this.audit;
    if (dataset.phase !== 'failed') return;
    const isBroken = async () => (await readKept(this.folder)).kind === 'broken';
    if (dataset.unknownShape || (await isBroken())) await this.open();
  }

  private inUse(): InUse {
    const { dataset, log } = this.audit;
    const reading = dataset.files.find(({ path }) => path === this.sample?.file.path);
    return {
      profile: reading?.profile ?? null,
      joined: dataset.joined,
      decided: log.reviewedCount,
    };
  }

  /** Looks at the files, at what is kept, and at the first records of one, and shows them. */
  private async look(name: string | null): Promise<void> {
    const ticket = ++this.looking;
    const { document } = this.editor;
    const { dataset } = this.audit;
    const kept = await readKept(document.reviewFolder);
    let files: readonly DatasetFile[] = [];
    let sample: FileSample | null = null;
    let reason: string | null = null;
    try {
      files = await transcriptFiles(dataset.path, kept.kind === 'profile' ? kept.profile : null);
      const wanted = name ?? dataset.files[0]?.name;
      const file = files.find((one) => one.name === wanted) ?? files[0];
      if (file) sample = await sampleFile(file);
    } catch (error) {
      if (!(error instanceof DatasetError)) throw error;
      reason = error.message;
    }
    if (ticket !== this.looking) return;
    this.sample = sample;
    this.seen = kept.text;
    const { origin, start } = startOf(kept, sample);
    const before = this.view;
    const changed = before !== null && before.draft !== before.start;
    if (!changed && before?.start !== start) this.opened++;
    const read = new Map(dataset.files.map((one) => [one.path, one]));
    this.view = {
      opened: this.opened,
      origin,
      reason: kept.kind === 'broken' ? kept.reason : reason,
      files: files.slice(0, LISTED_FILES).map((file) => ({
        name: file.name,
        container: read.get(file.path)?.container ?? null,
        profile: read.get(file.path)?.profile.name ?? null,
      })),
      fileCount: files.length,
      file: sample?.file.name ?? '',
      keptAt: `${basename(pathOf(document.reviewFolder))}/${PROFILE_FILE}`,
      start,
      draft: changed ? before.draft : start,
      guess: textOf(sample?.guess ?? guessProfile([])),
      places: pointersOf(sample?.values ?? []),
    };
    this.editor.sendProfile(this.view);
  }
}

/** What the form begins with. */
function startOf(
  kept: Kept,
  sample: FileSample | null,
): { readonly origin: ProfileOrigin; readonly start: string } {
  if (kept.kind === 'profile') return { origin: 'kept', start: textOf(kept.profile) };
  const looksLike = sample?.detected ?? sample?.guess ?? guessProfile([]);
  if (kept.kind === 'broken') return { origin: 'broken', start: draftOf(kept) ?? textOf(looksLike) };
  return { origin: sample?.detected ? 'detected' : 'guessed', start: textOf(looksLike) };
}

function textOf(profile: Profile): string {
  return JSON.stringify(profile, null, 2);
}
