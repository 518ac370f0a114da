import { stripVTControlCharacters } from 'node:util';
import type { Problem } from '../core/dataset/model';
import type { Audit } from '../node/audit';

/** Everything wrong with a dataset and the decisions beside it. */
export function problemsOf(audit: Audit): readonly Problem[] {
  const { orphans, stale } = audit.totals;
  const about = (reason: string): Problem => ({
    severity: 'warning',
    file: audit.dataset.name,
    line: null,
    offset: null,
    index: null,
    reason,
  });
  return [
    ...audit.dataset.problems,
    ...audit.reviewProblems,
    ...(orphans > 0 ? [about(`${orphans} transcripts that were decided on are not in the dataset`)] : []),
    ...(stale > 0
      ? [
          about(
            `${stale} transcripts have changed since they were decided on; those decisions are not counted`,
          ),
        ]
      : []),
  ];
}

/** `file:line: error: reason`, as compilers print; the file's text cannot send escapes to the terminal. */
export function problemLine(path: string, problem: Problem): string {
  const where = problem.line === null ? path : `${path}:${problem.line}`;
  const reason = stripVTControlCharacters(problem.reason).replace(/\p{Cc}+/gu, ' ');
  return `${where}: ${problem.severity}: ${reason}\n`;
}
