import { access } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { MOST_ID_UNITS } from '../../core/dataset/model';
import type { FlatMessage } from '../../core/formats/inspectMessages';
import type { InspectRecord } from '../../core/formats/inspectSample';
import { leadsOutside } from '../leadsOutside';
import { type InspectLog, openInspectLog, type SampleSize } from './inspectLog';
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
  take({ packed, unpacked }: SampleSize): boolean {
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

export type LogMessages =
  | { readonly ok: true; readonly messages: readonly FlatMessage[] }
  | { readonly ok: false; readonly reason: string };

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

  /**
   * The messages of the sample with this id and epoch, if it is the transcript that was scanned. One that was read before
   * and is another is not read again: any number of rows may name it.
   * @param room what is left for samples to be unpacked to
   */
  messages(
    uri: string,
    id: string,
    epoch: number,
    transcriptId: string,
    room?: UnpackRoom,
  ): Promise<LogMessages> {
    const name = uri.split(/[\\/]/).at(-1) ?? uri;
    const reading = this.last.then(() => this.read(name, id, epoch, transcriptId, room));
    this.last = reading.catch(() => undefined);
    return reading;
  }

  async close(): Promise<void> {
    for (const log of this.open) await log.close();
    this.open.clear();
  }

  private async read(
    name: string,
    id: string,
    epoch: number,
    transcriptId: string,
    room: UnpackRoom | undefined,
  ): Promise<LogMessages> {
    const another = `sample ${id} of epoch ${epoch} in ${name} is another transcript`;
    const key = `${name}/${wholeSampleName(id, epoch)}`;
    const known = this.known.get(key);
    if (known?.ok === false) return known;
    if (known && known.uuid !== transcriptId) return { ok: false, reason: another };
    try {
      const log = await this.log(name);
      if (typeof log === 'string') return { ok: false, reason: log };
      const size = log.sizeOf(id, epoch);
      if (!size) return { ok: false, reason: `${name} has no sample ${id} of epoch ${epoch}` };
      if (room?.take(size) === false) {
        const reason = `sample ${id} of epoch ${epoch} in ${name} is not read: with it the samples of the scan's logs unpack to far more than text of their size does`;
        return { ok: false, reason };
      }
      const sample = await log.find(id, epoch);
      if (!sample) return { ok: false, reason: `${name} has no sample ${id} of epoch ${epoch}` };
      this.remember(key, sample);
      if (!sample.ok) return sample;
      if (sample.value.uuid !== transcriptId) return { ok: false, reason: another };
      return { ok: true, messages: sample.value.messages };
    } catch (error) {
      if (!(error instanceof DatasetError)) throw error;
      await this.letGo(name);
      // A log that has changed or gone since its directory was read costs its own samples, not the scan; but whoever asks
      // for one transcript must not take the reason for its text.
      if (room) return { ok: false, reason: error.message };
      throw error;
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
    if (kept === undefined && this.logs.size >= MOST_LOGS)
      return `the scan holds no text, and names over ${MOST_LOGS} logs, of which ${name} is not looked for`;
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
