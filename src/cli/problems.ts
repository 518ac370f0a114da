import type { Problem } from '../core/dataset/model';
import type { Audit } from '../node/audit';

/** Everything wrong with a dataset and the decisions beside it, a line each: `file:line: error: reason`, as compilers print. */
export function problemLines(audit: Audit): string[] {
  const { problems, errors, warnings } = audit.dataset;
  const listed = problems.reduce((sum, { times = 1 }) => sum + times, 0);
  const unlisted = errors + warnings - listed;
  return [
    ...problems,
    ...(unlisted > 0 ? [about(audit, `${unlisted} more problems are not listed`)] : []),
    ...reviewProblems(audit),
  ].map((problem) => problemLine(audit, problem));
}

/**
 * What nobody has asked for in this call and turns figures all the same: a profile that is kept beside a dataset, whoever
 * put it there, and that may bear the name of a built-in one.
 */
export function profileNotes({ dataset }: Audit): string[] {
  const notes = dataset.files
    .filter(({ profileOf }) => profileOf !== null)
    .map(({ path, profile, profileOf }) => {
      const place = profileOf === 'file' ? path : dataset.path;
      return `${place}: note: read by the profile "${profile.name}" that is kept beside it`;
    });
  return [...new Set(notes)];
}

/** Warnings, listed or not. */
export function warningCount(audit: Audit): number {
  return (
    audit.dataset.warnings + reviewProblems(audit).filter(({ severity }) => severity === 'warning').length
  );
}

/** 1 when a record is bad, or a file of records or decisions could not be read whole. */
export function exitStatus(audits: readonly Audit[]): number {
  return audits.some(
    ({ dataset, reviewProblems }) =>
      dataset.errors > 0 || reviewProblems.some(({ severity }) => severity === 'error'),
  )
    ? 1
    : 0;
}

function reviewProblems(audit: Audit): readonly Problem[] {
  const { orphans, stale } = audit.totals;
  return [
    ...audit.reviewProblems,
    ...(orphans > 0
      ? [about(audit, `${orphans} transcripts that were decided on are not in the dataset`)]
      : []),
    ...(stale > 0
      ? [
          about(
            audit,
            `${stale} transcripts have changed since they were decided on; those decisions are not counted`,
          ),
        ]
      : []),
  ];
}

function about(audit: Audit, reason: string): Problem {
  return { severity: 'warning', file: audit.dataset.name, line: null, offset: null, index: null, reason };
}

/** Names the dataset by the path that the caller gave, not by its base name. */
function problemLine({ dataset }: Audit, { file, line, severity, reason }: Problem): string {
  const path = file === dataset.name ? dataset.path : file;
  return `${line === null ? path : `${path}:${line}`}: ${severity}: ${reason}`;
}
