import type { Handlers } from '../protocol/channel';
import type { EditorHost } from '../protocol/editor';
import type { EditorSession } from './editorSession';
import { summaryOf } from './summary';

/** What an editor answers its webview. */
export function editorHandlers(session: EditorSession): Handlers<EditorHost> {
  return {
    ready: () => ({
      summary: summaryOf(session),
      facets: session.takeFacets(),
      cursor: session.focus,
      record: session.takeRecord(),
      matches: session.search.onScreen,
      profile: session.profile.onScreen,
    }),
    rows: ({ start, end }) => ({ revision: session.revision, start, rows: session.list.rows(start, end) }),
    filter: (filter) => session.act(() => session.setFilter({ ...session.list.filter, ...filter })),
    search: (query) => session.act(() => session.search.set(query)),
    moveTo: ({ position }) => session.choose(position),
    focusLabel: ({ label }) => session.focusInTurn({ label }),
    focusSpan: ({ span }) => session.focusInTurn({ span }),
    decide: (decide) => session.act(() => session.decide(decide, decide)),
    checkProfile: ({ text }) => session.profile.check(text),
    previewFile: ({ name }) => session.profile.previewFile(name),
    keepProfile: ({ text }) => session.profile.keep(text),
    forgetProfile: () => session.profile.forget(),
    closeProfile: () => session.profile.close(),
    command: ({ name }) => session.run(name),
  };
}
