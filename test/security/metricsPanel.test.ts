// @vitest-environment jsdom
import { afterEach, expect, it } from 'vitest';
import { shortened } from '../../src/core/invisible';
import { LINE_ROOM } from '../../webview/shared/pieces';
import { FakeHost, settle } from '../webview/metrics/fakeHost';
import { HELPFUL_ONLY, snapshotOf } from '../webview/metrics/snapshots';
import { expectNothingNew, lookAt, storedIn } from './looked';
import { PAYLOADS } from './payloads';

let host: FakeHost;
afterEach(() => host.close());

async function open(texts: readonly string[]) {
  const [first = ''] = texts;
  const groups = texts.flatMap((text) => [
    { ...HELPFUL_ONLY, setting: text, variant: text, prefix: text },
    { ...HELPFUL_ONLY, setting: first, variant: text, prefix: `${text} arm` },
  ]);
  host = await FakeHost.open(
    snapshotOf({ groups, classifiers: [first, `${first} 2`], dataset: { file: first } }),
  );
  await settle();
  return lookAt(document.body);
}

it('the panel makes nothing but text of names, in headings, tables, choices and figures', {
  timeout: 200_000,
}, async () => {
  const plain = await open(['one', 'two']);
  host.close();
  expectNothingNew(await open(PAYLOADS), plain);
  const names = [...host.root.querySelectorAll('.rows tbody th button')].map(storedIn);
  expect(names).toEqual(expect.arrayContaining(PAYLOADS.map((text) => shortened(text, LINE_ROOM))));
  expect(host.root.querySelectorAll('svg[role=img] text').length).toBeGreaterThan(PAYLOADS.length);
  for (const first of PAYLOADS.filter((_, n) => n % 8 === 0)) {
    host.close();
    expectNothingNew(await open([first, 'two']), plain);
  }
});
