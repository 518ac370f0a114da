import { access } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { MOST_ID_UNITS } from '../../core/dataset/model';
import type { FlatMessage } from '../../core/formats/inspectMessages';
import type { InspectRecord } from '../../core/formats/inspectSample';
import { leadsOutside } from '../leadsOutside';
import { type InspectLog, openInspectLog, type SampleFacts } from './inspectLog';
import { wholeSampleName } from './inspectMembers';
import { DatasetError } from './source';

/** A scan may be over thousands of logs, and a process may not have as many files open. */
const MOST_OPEN = 8;
/** Their directories are kept, up to so many members together: to read one anew for each sample takes far too long. */
const MOST_MEMBERS = 1_000_000;
/** More than any scan is over: each is looked for in several folders. */
const MOST_LOGS = 50_000;
/** The longest name that a file may have. */
const LONGEST_NAME = 255;
/** More samples than logs of some megabytes hold; of those remembered first, the file is read again. */
const MOST_KNOWN = 1 << 17;
/** Text unpacks to five or twenty times what it takes; what repeats itself, to a thousand times. */
const USUAL_RATIO = 100;
const MOST_UNUSUAL_BYTES = 2 ** 31;

/** How much further than any text the samples of all logs may unpack, in one pass over a scan. */
export class UnpackRoom {
  private left = MOST_UNUSUAL_BYTES;

  /** Whether there was room for it. */
  take({ packed, unpacked }: Pick<SampleFacts, 'packed' | 'unpacked'>): boolean {
    const unusual = Math.max(0, unpacked - USUAL_RATIO * packed);
    if (unusual > this.left) return false;
    this.left -= unusual;
    return true;
  }
}

/** What a sample was found to be: a transcript of that id, null for one that none can have; or why it is none. */
type Known =
  | { readonly ok: true; readonly uuid: string | null }
  | { readonly ok: false; readonly reason: string };

/** A sample of a log, as a scan names it, and the transcript that it should be. */
export interface LogSample {
  /** Of the log. */
  readonly uri: string;
  readonly id: string;
  readonly epoch: number;
  readonly transcript: string;
}

/** The text of a transcript, or why there is none. */
export type LogMessages = (
  | { readonly ok: true; readonly messages: readonly FlatMessage[] }
  | { readonly ok: false; readonly reason: string }
) & {
  /** What it was got from, 32 bits: where it is asked for again, it is the same, or else it is an error. */
  readonly mark: number;
};

/** There is no text. */
const NO_TEXT = 0;
/** It was not looked for, as the ones before it are too many, or too large. */
const TOO_MANY_LOGS = 1;
const TOO_FAR_UNPACKED = 2;
/** Others are a sample's checksum, from here on. */
const FIRST_CHECKSUM = 3;

/**
 * The logs that were scanned, for scans that hold no text themselves. The path that a scan states is of the machine
 * that made it, and is not followed: a log is looked for by its name, in the folders around the scan.
 */
export class ScoutLogs {
  private readonly folders: readonly string[];
  /** Or why there is none. The one used last stands last; likewise of those with an open file. */
  private readonly logs = new Map<string, InspectLog | string>();
  private readonly open = new Set<InspectLog>();
  private members = 0;
  private readonly known = new Map<string, Known>();
  /** The last read; the next waits for it, which may close the log of this one. */
  private last: Promise<unknown> = Promise.resolve();
  /** Where they have to lie in, not through links either. */
  private readonly bounds: string;

  /** @param within see `openSource` */
  constructor(
    scanFolder: string,
    private readonly within: string | null,
  ) {
    const parent = dirname(resolve(scanFolder));
    const around = [parent, dirname(parent)];
    this.bounds = within ?? dirname(parent);
    this.folders = [...around, ...around.map((folder) => join(folder, 'logs'))];
  }

  /** Forgets what samples are, so that each pass comes to the same, whatever was read before it. */
  newPass(): Promise<UnpackRoom> {
    return this.inTurn(async () => {
      this.known.clear();
      return new UnpackRoom();
    });
  }

  /**
   * The messages of a sample, if it is the transcript that was scanned. One that was read before and is another is not
   * read again: any number of rows may name it.
   * @param room what is left for samples to be unpacked to
   */
  messages(sample: LogSample, room: UnpackRoom): Promise<LogMessages> {
    return this.inTurn(() => this.read(sample, room));
  }

  /**
   * Likewise, as `messages` has given them.
   * @throws DatasetError when it is another text by now, or no text in place of one: no reason why there is none may be
   * taken for the text of a transcript.
   */
  again(sample: LogSample, mark: number): Promise<LogMessages> {
    return this.inTurn(async () => {
      if (mark === TOO_MANY_LOGS) return { ok: false, reason: tooManyLogs(nameOf(sample)), mark };
      if (mark === TOO_FAR_UNPACKED) return { ok: false, reason: tooFarUnpacked(sample), mark };
      const found = await this.read(sample, null, mark);
      if (found.mark === mark) return found;
      const name = nameOf(sample);
      this.known.delete(keyOf(sample));
      const log = this.logs.get(name);
      // It may be what it was again. One that rests is not opened anew for each that is asked for behind this one.
      const rests = log !== undefined && typeof log !== 'string' && (await log.isAsOpened());
      if (!rests) {
        await this.letGo(name);
        const anew = await this.read(sample, null, mark);
        if (anew.mark === mark) return anew;
        this.known.delete(keyOf(sample));
      }
      throw new DatasetError(found.ok ? `${name} has changed since it was read` : found.reason);
    });
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const reading = this.last.then(work);
    this.last = reading.catch(() => undefined);
    return reading;
  }

  async close(): Promise<void> {
    for (const log of this.open) await log.close();
    this.open.clear();
  }

  /**
   * @param room null for no bound
   * @param mark that of the only text that is wanted; null for any
   */
  private async read(
    asked: LogSample,
    room: UnpackRoom | null,
    mark: number | null = null,
  ): Promise<LogMessages> {
    const { id, epoch, transcript } = asked;
    const name = nameOf(asked);
    const key = keyOf(asked);
    const none = (reason: string) => ({ ok: false, reason, mark: NO_TEXT }) as const;
    const another = `${inWords(asked)} is another transcript`;
    const known = this.known.get(key);
    if (known?.ok === false) return none(known.reason);
    if (known && known.uuid !== transcript) return none(another);
    try {
      const isMore = !this.logs.has(name) && this.logs.size >= MOST_LOGS;
      if (isMore && room) return { ok: false, reason: tooManyLogs(name), mark: TOO_MANY_LOGS };
      const log = await this.log(name);
      if (typeof log === 'string') return none(log);
      const facts = log.factsOf(id, epoch);
      if (!facts) return none(`${name} has no sample ${id} of epoch ${epoch}`);
      const its = Math.max(FIRST_CHECKSUM, facts.checksum);
      if (mark !== null && mark >= FIRST_CHECKSUM && mark !== its)
        return none(`${name} has changed since it was read`);
      if (room?.take(facts) === false)
        return { ok: false, reason: tooFarUnpacked(asked), mark: TOO_FAR_UNPACKED };
      const sample = await log.find(id, epoch);
      if (!sample) return none(`${name} has no sample ${id} of epoch ${epoch}`);
      this.remember(key, sample);
      if (!sample.ok) return none(sample.reason);
      if (sample.value.uuid !== transcript) return none(another);
      return { ok: true, messages: sample.value.messages, mark: its };
    } catch (error) {
      if (!(error instanceof DatasetError)) throw error;
      // A log that has changed or gone since its directory was read costs its own samples, not the scan.
      await this.letGo(name);
      return none(error.message);
    }
  }

  /** It is opened anew when it is asked for next. */
  private async letGo(name: string): Promise<void> {
    const log = this.logs.get(name);
    this.logs.delete(name);
    if (log === undefined || typeof log === 'string') return;
    this.open.delete(log);
    this.members -= log.members;
    await log.close();
  }

  private remember(key: string, sample: InspectRecord): void {
    const { uuid } = sample.ok ? sample.value : {};
    const id = typeof uuid === 'string' && uuid.length <= MOST_ID_UNITS ? uuid : null;
    this.known.set(key, sample.ok ? { ok: true, uuid: id } : { ok: false, reason: sample.reason });
    for (const first of this.known.keys()) {
      if (this.known.size <= MOST_KNOWN) break;
      this.known.delete(first);
    }
  }

  /** The log, or why there is none; what was used longest ago is let go of for it. */
  private async log(name: string): Promise<InspectLog | string> {
    const kept = this.logs.get(name);
    const log = kept ?? (await this.find(name));
    this.logs.delete(name);
    this.logs.set(name, log);
    if (typeof log === 'string') return log;
    this.open.delete(log);
    this.open.add(log);
    for (const old of this.open) {
      if (this.open.size <= MOST_OPEN) break;
      this.open.delete(old);
      await old.close();
    }
    if (kept === undefined) this.members += log.members;
    for (const [oldName, old] of this.logs) {
      if (this.members <= MOST_MEMBERS || old === log) break;
      if (typeof old !== 'string') await this.letGo(oldName);
    }
    return log;
  }

  /** The log, or why there is none. */
  private async find(name: string): Promise<InspectLog | string> {
    if (!/\.eval$/i.test(name) || name.length > LONGEST_NAME)
      return `the scan holds no text, and ${name} is no log that could be read instead`;
    for (const folder of this.folders) {
      const path = join(folder, name);
      const isThere = await access(path).then(
        () => true,
        () => false,
      );
      if (!isThere) continue;
      const [target = null] = await leadsOutside(this.bounds, [path]);
      if (target !== null) {
        const outside =
          this.within === null
            ? 'which a link leads to, out of the folders around the scan; keep the scan beside it'
            : 'out of the folder of the set that names the scan; open the scan itself';
        return `the scan holds no text, and its log ${name} is ${target}, ${outside}`;
      }
      try {
        return await openInspectLog(path);
      } catch (error) {
        if (error instanceof DatasetError) return error.message;
        throw error;
      }
    }
    return `the scan holds no text, and its log ${name} is not in the folders around it`;
  }
}

/** The path is of the machine that made the scan. */
function nameOf({ uri }: LogSample): string {
  return uri.split(/[\\/]/).at(-1) ?? uri;
}

function keyOf(sample: LogSample): string {
  return `${nameOf(sample)}/${wholeSampleName(sample.id, sample.epoch)}`;
}

function inWords(sample: LogSample): string {
  return `sample ${sample.id} of epoch ${sample.epoch} in ${nameOf(sample)}`;
}

function tooManyLogs(name: string): string {
  return `the scan holds no text, and names over ${MOST_LOGS} logs, of which ${name} is not looked for`;
}

function tooFarUnpacked(sample: LogSample): string {
  return `${inWords(sample)} is not read: with it the samples of the scan's logs unpack to far more than text of their size does`;
}
