import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations } from '../../support/axe';
import { launchBrowser, WAIT_MS } from '../../support/browser.mjs';
import { type Bundle, bundleMetrics, openMetricsPage } from '../harness/metricsPage';
import { THEMES } from '../harness/themes';
import { ANIMAL_WELFARE, ARMS, byClassifierOf, HELPFUL_ONLY, snapshotOf } from './snapshots';

const BY_CLASSIFIER = byClassifierOf([HELPFUL_ONLY]);
/** Pictures are kept where this names a folder. */
const PICTURES = process.env.METRICS_PICTURES;

const BEFORE = [HELPFUL_ONLY, ANIMAL_WELFARE, ...ARMS];
const AFTER = [
  {
    ...HELPFUL_ONLY,
    training: { '11C': 37, '10C': 4, '00C': 6, '11N': 24, '00N': 269, '00?': 3 },
  },
  ...BEFORE.slice(1),
];
const SNAPSHOT = snapshotOf({
  groups: AFTER,
  session: BEFORE,
  dataset: { bad: 3, stale: 1, noCondition: 2 },
});
const SNAPSHOT_BEFORE = snapshotOf({ groups: BEFORE });

describe('the metrics webview in a browser', () => {
  let browser: Browser;
  let context: BrowserContext;
  let bundle: Bundle;

  beforeAll(async () => {
    [browser, bundle] = await Promise.all([launchBrowser(), bundleMetrics()]);
    context = await browser.newContext();
    context.setDefaultTimeout(WAIT_MS);
  });
  afterAll(() => browser?.close());

  it.each(THEMES)('keeps the policy and passes axe in $name', async (theme) => {
    for (const [name, size] of [
      ['panel', { width: 1500, height: 330 }],
      ['narrow', { width: 380, height: 800 }],
    ] as const) {
      const { page, complaints, send } = await openMetricsPage(
        context,
        bundle,
        theme,
        SNAPSHOT,
        size,
        BY_CLASSIFIER,
      );
      expect(await page.locator('svg[role=img]').count()).toBe(3);
      expect(await page.locator('svg style').count()).toBe(0);
      await send(SNAPSHOT_BEFORE);
      await page.waitForFunction(() => document.querySelector('.big')?.textContent === '+11.2 pp');
      await send(SNAPSHOT);
      await page.waitForFunction(() => document.querySelector('.big')?.textContent === '+10.9 pp');
      // before pictures are taken, for which the driver puts a style of its own into the page
      expect(await complaints()).toEqual([]);
      if (PICTURES) {
        await mkdir(PICTURES, { recursive: true });
        await page.screenshot({ path: path.join(PICTURES, `${theme.name}-${name}.png`) });
        await page.screenshot({
          path: path.join(PICTURES, `${theme.name}-${name}-full.png`),
          fullPage: true,
        });
      }
      expect(await axeViolations(page.mainFrame())).toEqual([]);
      await page.close();
    }
  });

  it.each([
    [700, 4],
    [1000, 3],
    [1300, 2],
    [1700, 2],
  ])('fills each row of cells %i pixels wide, and takes %i of them', async (width, rows) => {
    const [theme] = THEMES;
    if (!theme) throw new Error('there is no theme');
    const { page } = await openMetricsPage(
      context,
      bundle,
      theme,
      SNAPSHOT,
      { width, height: 330 },
      BY_CLASSIFIER,
    );
    const cells = await page
      .locator('.overview > .cell')
      .evaluateAll((all) => all.map((cell) => cell.getBoundingClientRect().toJSON() as DOMRect));
    const ends = new Map(cells.map(({ top, right }) => [top, right]));
    expect(cells).toHaveLength(5);
    expect([...ends.values()].map(Math.round)).toEqual(Array(rows).fill(width));
    await page.close();
  });
});
