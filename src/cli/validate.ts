import { loadAudit } from './load';
import { problemLine, problemsOf } from './problems';

/** Prints what is wrong with each file. Returns the exit status: 1 when a file has bad records or cannot be read. */
export async function validate(files: readonly string[], write: (text: string) => void): Promise<number> {
  let status = 0;
  for (const file of files) {
    const audit = await loadAudit(file);
    const { dataset } = audit;
    const problems = problemsOf(audit);
    for (const problem of problems) write(problemLine(pathOf(file, dataset.name, problem.file), problem));
    const bad = dataset.columns.badCount;
    const read =
      dataset.phase === 'failed'
        ? 'not read'
        : `${dataset.columns.count - bad} transcripts (${dataset.format})`;
    write(
      `${file}: ${read}, ${bad} bad, ${problems.filter(({ severity }) => severity === 'warning').length} warnings\n`,
    );
    if (bad > 0 || dataset.phase === 'failed') status = 1;
  }
  return status;
}

/** Problems name files by their base names; those of the dataset itself are printed as the caller named it. */
function pathOf(file: string, datasetName: string, problemFile: string): string {
  return problemFile === datasetName ? file : problemFile;
}
