import { shortenedOrNull } from '../core/invisible';
import type { SummaryView } from '../protocol/editor';
import type { EditorSession } from './editorSession';
import { firstProblem, SENTENCE_ROOM } from './problemWords';

/** What stands around the transcript: the dataset's state, and the totals. */
export function summaryOf({ audit, document, list, search, reviewer, revision }: EditorSession): SummaryView {
  const { dataset, totals } = audit;
  const { columns, fileErrors } = dataset;
  const { unlisted } = audit.facts;
  return {
    file: dataset.name,
    phase: dataset.phase,
    progress: dataset.progress,
    error: shortenedOrNull(dataset.error, SENTENCE_ROOM),
    notice: document.notice ?? firstProblem([...fileErrors, ...audit.reviewProblems]),
    total: columns.count,
    shown: list.length,
    reviewed: totals.reviewed,
    overrides: totals.overrides,
    bad: columns.badCount,
    faults: fileErrors.length,
    warnings: dataset.warnings + audit.reviewProblems.length + totals.orphans,
    stale: totals.stale,
    reviewer,
    profile: dataset.profile,
    profileKept: dataset.chosen !== null,
    unlisted: { settings: unlisted.settings, variants: unlisted.variants, prefixes: unlisted.prefixes },
    filter: list.filter,
    search: search.view,
    dirty: document.dirty,
    revision,
  };
}
