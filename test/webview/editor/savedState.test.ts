import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOTHING_SAVED, readSaved, type SavedState } from '../../../webview/editor/savedState';

const full: SavedState = {
  v: 1,
  index: 3,
  id: 'ho-0104',
  top: { message: 2, start: 4096, below: -12.5 },
  listTop: 480,
  expanded: [0],
  draft: { id: 'ho-0104', text: 'half a' },
};

describe('saved state', () => {
  it('reads what it wrote', () => {
    expect(readSaved(JSON.parse(JSON.stringify(full)))).toEqual(full);
    expect(readSaved(NOTHING_SAVED)).toEqual(NOTHING_SAVED);
  });

  it('reads anything else as nothing', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(readSaved(value)).toEqual(NOTHING_SAVED);
      }),
    );
    expect(readSaved({ ...full, v: 2 })).toEqual(NOTHING_SAVED);
    expect(readSaved({ ...full, listTop: 'far' })).toEqual(NOTHING_SAVED);
    expect(readSaved({ ...full, expanded: ['0'] })).toEqual(NOTHING_SAVED);
  });

  it('keeps the rest when only the place or the draft is broken', () => {
    expect(readSaved({ ...full, top: { message: 0 } })).toEqual({ ...full, top: null });
    expect(readSaved({ ...full, draft: { text: 1 } })).toEqual({ ...full, draft: null });
  });
});
