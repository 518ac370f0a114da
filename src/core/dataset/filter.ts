import { reviewerKey } from '../review/reviewerKey';
import type { ReviewStatus } from '../review/status';
import type { Columns } from './columns';
import type { DatasetFacts } from './facts';
import type { Filter } from './filterModel';

/** Decides, from the columns and the decisions alone, whether a transcript belongs in the list. */
export class TranscriptFilter {
  private readonly text: string;
  private readonly reviewer: string;
  private readonly groups: boolean[] = [];

  constructor(
    private readonly filter: Filter,
    private readonly columns: Columns,
    private readonly facts: DatasetFacts,
    private readonly statusOf: (index: number) => ReviewStatus | null,
    reviewer: string,
  ) {
    this.text = filter.text.trim().toLowerCase();
    this.reviewer = reviewerKey(reviewer);
  }

  matches(index: number): boolean {
    const { filter, columns } = this;
    if (this.text !== '' && !columns.id(index).toLowerCase().includes(this.text)) return false;
    const bad = columns.isBad(index);
    if (filter.flag === 'bad') return bad;
    if (bad) return filter.flag === 'problem' ? true : !this.needsTranscript();
    if (filter.condition !== null && (columns.condition(index) ?? 'unknown') !== filter.condition)
      return false;
    return this.matchesGroup(columns.group(index)) && this.matchesReview(index) && this.matchesFlag(index);
  }

  /** Any condition that a record without facets cannot meet. */
  private needsTranscript(): boolean {
    const { setting, condition, variant, prefix, review, flag } = this.filter;
    return [setting, condition, variant, prefix, review, flag].some((wanted) => wanted !== null);
  }

  private matchesGroup(group: number): boolean {
    const known = this.groups[group];
    if (known !== undefined) return known;
    const facets = this.columns.facets(group);
    const { setting, variant, prefix } = this.filter;
    const matches =
      (setting === null || facets.setting === setting) &&
      (variant === null || facets.variant === variant) &&
      (prefix === null || facets.prefix === prefix);
    this.groups[group] = matches;
    return matches;
  }

  private matchesReview(index: number): boolean {
    const wanted = this.filter.review;
    if (wanted === null) return true;
    const status = this.statusOf(index);
    const isReviewed = status !== null && status.reviewers.size > 0;
    if (wanted === 'unreviewed') return !isReviewed;
    if (status === null) return false;
    if (wanted === 'mine') return status.reviewers.has(this.reviewer);
    if (wanted === 'override') return status.overridden.size > 0;
    return wanted === 'stale' ? status.stale : isReviewed;
  }

  private matchesFlag(index: number): boolean {
    const wanted = this.filter.flag;
    if (wanted === null) return true;
    if (wanted === 'problem') return this.columns.hasWarning(index);
    if (wanted === 'contradiction') return this.columns.hasContradiction(index);
    const faking = new Set(this.facts.facts(index).alignmentFaking.values());
    if (wanted === 'flagged') return faking.has(true);
    return wanted === 'disagree' && faking.has(true) && faking.has(false);
  }
}
