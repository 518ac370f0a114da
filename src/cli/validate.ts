import { loadAudit, type ReadFlags } from './load';
import { exitStatus, problemLines, warningCount } from './problems';
import { print } from './terminal';

/** Prints what is wrong with each file. Returns the exit status: 1 when a file has bad records or cannot be read whole. */
export async function validate(files: readonly string[], flags: ReadFlags): Promise<number> {
  let status = 0;
  for (const file of files) {
    const audit = await loadAudit(file, flags);
    const { dataset } = audit;
    for (const line of problemLines(audit)) print(line);
    const bad = dataset.columns.badCount;
    const isOwn = dataset.files.some(({ profileOf }) => profileOf !== null);
    const read =
      dataset.phase === 'failed'
        ? 'not read'
        : `${dataset.columns.count - bad} transcripts (${isOwn ? 'profile ' : ''}${dataset.profile})`;
    const unplaced = dataset.columns.withoutConditionCount;
    const note = unplaced > 0 ? `, ${unplaced} without a condition` : '';
    print(`${file}: ${read}, ${bad} bad, ${warningCount(audit)} warnings${note}`);
    status = Math.max(status, exitStatus([audit]));
  }
  return status;
}
