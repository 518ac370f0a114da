/** What the host sends to be looked at is short; what comes back as a key is whole. */
import { describe, expect, it } from 'vitest';
import { AnchorMemory } from '../../src/core/anchor/anchor';
import { NO_FILTER } from '../../src/core/dataset/filterModel';
import type { TranscriptView } from '../../src/core/viewModel';
import { plainText } from '../../src/host/plainText';
import { readDraft } from '../../src/host/profileReading';
import { defaultFocus, readView } from '../../src/host/readView';
import { canBeKept } from '../../src/host/savedPlace';
import { TranscriptList } from '../../src/host/transcriptList';
import { jsonl, loadedAudit, temporaryFolder, writeDataset } from '../support/dataset';
import { sampleOf } from '../support/fakeProfile';
import { LONG_TEXTS } from './longTexts';

const folder = temporaryFolder();

/** Fields of a record, of a row and of a preview that are looked at, each a few hundred characters. */
const SHORT = 25_000;

/** A record with the text in every field that has one line, but for its id: a text so long is none. */
function recordOf(text: string, n: number) {
  return {
    ...{ id: `t${n}`, setting: text, condition: 'training', variant: text, prefix: text },
    ...{ promptId: text, model: text },
    messages: [{ role: text, content: 'x and y' }],
    verdicts: [{ classifier: text, label: text, value: true, version: text }],
    spans: [
      { classifier: text, label: text, quote: 'x' },
      { classifier: text, label: 'doubt', quote: `${text} lost` },
    ],
  };
}

describe.each(LONG_TEXTS)('%s', (name, text) => {
  it('are short in rows and in the transcript, but for its labels', async () => {
    const path = writeDataset(folder, `${name}.jsonl`, jsonl([recordOf(text, 0), recordOf(text, 1)]));
    const audit = await loadedAudit(path);
    const list = new TranscriptList(audit, () => 'ana');
    const rows = list.rows(0, 2);
    expect(rows.map(({ bad }) => bad)).toEqual([false, false]);
    expect(JSON.stringify(rows).length).toBeLessThan(SHORT);
    const view = (await readView(audit, 1, 'ana', new AnchorMemory())) as TranscriptView;
    const labels = view.labels.map(({ label }) => label);
    // One that nobody could answer, since it is too long for a decision, is counted.
    const isListed = text.length < 2 ** 18;
    expect([labels.includes(text), view.moreLabels]).toEqual([isListed, isListed ? 0 : 1]);
    const seen = { ...view, labels: view.labels.map((label) => ({ ...label, label: '' })) };
    expect(JSON.stringify(seen).length).toBeLessThan(SHORT);
    const { label } = defaultFocus(view, { position: 0, index: 1, label: text, span: null });
    expect(label === text).toBe(isListed);
    // the whole text counts
    list.apply({ ...NO_FILTER, setting: text });
    expect(list.length).toBe(2);
    list.apply({ ...NO_FILTER, setting: text.slice(0, -1) });
    expect(list.length).toBe(0);
  });

  it('are no id, and short where that is told', async () => {
    const path = writeDataset(folder, `${name} as id.jsonl`, jsonl([{ ...recordOf('x', 0), id: text }]));
    const audit = await loadedAudit(path);
    const [row] = new TranscriptList(audit, () => 'ana').rows(0, 1);
    expect(row?.bad).toBe(true);
    const view = await readView(audit, 0, 'ana', new AnchorMemory());
    expect(view).toMatchObject({ kind: 'bad', reason: expect.stringContaining('id') });
    expect(JSON.stringify([row, view]).length).toBeLessThan(SHORT);
  });

  it('are short in the preview of a profile', async () => {
    const sample = sampleOf('file', [recordOf(text, 0), { id: text, messages: 1, setting: text }]);
    const canonical = JSON.stringify({ version: 1, name: 'canonical', reads: 'canonical' });
    const reading = await readDraft(canonical, sample, { profile: null, joined: [], decided: 0 });
    expect(reading.preview?.counts.transcripts).toBe(1);
    expect(JSON.stringify(reading).length).toBeLessThan(SHORT);
  });

  it("are short in VS Code's own controls, and not kept as a place", () => {
    expect(plainText(`the transcript ${text} is not there`).length).toBeLessThan(2_100);
    expect(plainText(text)).toMatch(/… [\d,]+ more characters$/);
    expect(canBeKept({ id: text, filter: NO_FILTER })).toBe(false);
    expect(canBeKept({ id: 'a', filter: { ...NO_FILTER, setting: text } })).toBe(false);
    expect(canBeKept({ id: 'a', filter: { ...NO_FILTER, setting: 'b' } })).toBe(true);
  });
});
