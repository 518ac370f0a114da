import type { ComponentChildren } from 'preact';
import type { UnlistedNames } from '../../src/protocol/editor';
import type { Editor } from './editor';
import { plural } from './words';

/** Counts of the dataset, one quiet line. */
export function StatusLine({ editor }: { readonly editor: Editor }) {
  const summary = editor.summary.value;
  if (!summary)
    return (
      <section class="statusLine" aria-label="Dataset">
        Opening…
      </section>
    );
  return (
    <section class="statusLine" aria-label="Dataset">
      <span>
        <b>{count(summary.shown)}</b> of {plural(summary.total, summary.bad > 0 ? 'record' : 'transcript')}
      </span>
      <Figure value={summary.reviewed}>reviewed</Figure>
      <Figure value={summary.overrides}>{summary.overrides === 1 ? 'override' : 'overrides'}</Figure>
      {summary.stale > 0 && (
        <span class="warn" title="Decisions on texts that have changed since: shown, never counted">
          {count(summary.stale)} stale
        </span>
      )}
      {summary.faults > 0 && (
        <ProblemsButton editor={editor}>{plural(summary.faults, 'error')}</ProblemsButton>
      )}
      {summary.bad > 0 && <ProblemsButton editor={editor}>{plural(summary.bad, 'bad line')}</ProblemsButton>}
      {summary.warnings > 0 && (
        <ProblemsButton editor={editor}>{plural(summary.warnings, 'warning')}</ProblemsButton>
      )}
      <UnlistedButton editor={editor} unlisted={summary.unlisted} />
      <span class="gap" />
      {summary.dirty && (
        <span title="Decisions are not saved yet">
          <span class="dirty" aria-hidden="true" />
          unsaved
        </span>
      )}
      <span>reviewer: {summary.reviewer === '' ? 'not set' : summary.reviewer}</span>
      <button
        type="button"
        class="linkish"
        title="Show how the dataset is read"
        aria-expanded={editor.store.view.value !== null}
        onClick={() => editor.command('showProfile')}
      >
        profile: {summary.profile === '' ? 'none' : summary.profile}
        {summary.profileKept && ' (kept beside the dataset)'}
      </button>
    </section>
  );
}

/** Said here, where the menus cannot say it; most often a facet is read from a text that differs in every record. */
function UnlistedButton({ editor, unlisted }: { readonly editor: Editor; readonly unlisted: UnlistedNames }) {
  const kinds = [
    unlisted.settings > 0 && plural(unlisted.settings, 'setting'),
    unlisted.variants > 0 && plural(unlisted.variants, 'variant'),
    unlisted.prefixes > 0 && plural(unlisted.prefixes, 'prefix arm'),
  ].filter((kind) => kind !== false);
  if (kinds.length === 0) return null;
  return (
    <button
      type="button"
      class="linkish warn"
      title="The filter finds each by its whole name, typed; those with the most transcripts are listed. Where so many are not meant, correct how the dataset is read: map them to something else."
      onClick={() => editor.command('showProfile')}
    >
      {kinds.join(', ')} not listed
    </button>
  );
}

function Figure({ value, children }: { readonly value: number; readonly children: ComponentChildren }) {
  return (
    <span>
      <b>{count(value)}</b> {children}
    </span>
  );
}

// a native button: it has to sit in a line of text like a link
function ProblemsButton({
  editor,
  children,
}: {
  readonly editor: Editor;
  readonly children: ComponentChildren;
}) {
  return (
    <button
      type="button"
      class="linkish warn"
      title="Show problems"
      onClick={() => editor.command('showProblems')}
    >
      {children}
    </button>
  );
}

function count(value: number): string {
  return value.toLocaleString('en');
}
