import type { Transcript } from '../../src/core/dataset/model';
import { loadedAudit } from './dataset';

/** Every readable transcript of a dataset, as the product reads it. */
export async function transcriptsOf(path: string): Promise<Transcript[]> {
  const audit = await loadedAudit(path);
  const { dataset } = audit;
  const read: Transcript[] = [];
  for (let index = 0; index < dataset.columns.count; index++) {
    const record = await dataset.record(index);
    if (record.kind === 'transcript') read.push(record.transcript);
  }
  audit.dispose();
  return read;
}
