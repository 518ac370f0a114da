import type { Transcript } from '../dataset/model';

/** A sample as its log and Inspect Scout know it. */
export interface InspectSample {
  readonly id: string | number;
  readonly epoch: number;
  /** Scout's id of the transcript; old logs have none. */
  readonly uuid: string | null;
}

/**
 * The sample that a transcript was read from; null where it is of no Inspect log. Our id of it is `LOG/ID/EPOCH`, and
 * its own ones are in the metadata: who has metadata of these names for another reason has another id.
 */
export function inspectSample({ id: ours, metadata }: Transcript): InspectSample | null {
  const { id, epoch, uuid } = metadata;
  if ((typeof id !== 'string' && typeof id !== 'number') || typeof epoch !== 'number') return null;
  if (!Number.isInteger(epoch) || !ours.replace(/#\d+$/, '').endsWith(`/${id}/${epoch}`)) return null;
  return { id, epoch, uuid: typeof uuid === 'string' ? uuid : null };
}
