import { access } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { FlatMessage } from '../../core/formats/inspectMessages';
import { leadsOutside } from '../leadsOutside';
import { type InspectLog, openInspectLog } from './inspectLog';
import { DatasetError } from './source';

/** A scan may be over thousands of logs, and a process may not have as many open: the others are opened each time. */
const MOST_OPEN = 8;

export type LogMessages =
  | { readonly ok: true; readonly messages: readonly FlatMessage[] }
  | { readonly ok: false; readonly reason: string };

/**
 * The logs that were scanned, for scans that hold no text themselves. The path that a scan states is of the machine
 * that made it, and is not followed: a log is looked for by its name, in the folders around the scan.
 */
export class ScoutLogs {
  private readonly folders: readonly string[];
  private readonly open = new Map<string, Promise<InspectLog | string>>();
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

  /** The messages of the sample with this id and epoch, if it is the transcript that was scanned. */
  async messages(uri: string, id: string, epoch: number, transcriptId: string): Promise<LogMessages> {
    const name = uri.split(/[\\/]/).at(-1) ?? uri;
    const isKept = this.open.has(name) || this.open.size < MOST_OPEN;
    const opening = this.open.get(name) ?? this.find(name);
    if (isKept) this.open.set(name, opening);
    const log = await opening;
    if (typeof log === 'string') return { ok: false, reason: log };
    try {
      const sample = await log.find(id, epoch);
      if (!sample) return { ok: false, reason: `${name} has no sample ${id} of epoch ${epoch}` };
      if (!sample.ok) return sample;
      if (sample.value.uuid !== transcriptId) {
        return { ok: false, reason: `sample ${id} of epoch ${epoch} in ${name} is another transcript` };
      }
      return { ok: true, messages: sample.value.messages };
    } finally {
      if (!isKept) await log.close();
    }
  }

  async close(): Promise<void> {
    for (const opening of this.open.values()) {
      const log = await opening;
      if (typeof log !== 'string') await log.close();
    }
    this.open.clear();
  }

  /** The log, or why there is none. */
  private async find(name: string): Promise<InspectLog | string> {
    if (!/\.eval$/i.test(name))
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
