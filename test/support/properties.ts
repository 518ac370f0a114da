/**
 * Tests with one seed all properties that are tried on made-up values, so that each run of them can be had again:
 * always the same in CI, another one where TRANSCRIPT_REVIEW_SEED names it (`npm run test:deep`). A setup file of vitest.
 */
import fc from 'fast-check';

const text = process.env.TRANSCRIPT_REVIEW_SEED ?? '20250711';
if (!/^-?\d+$/.test(text))
  throw new Error(`TRANSCRIPT_REVIEW_SEED is ${JSON.stringify(text)}, no whole number`);
fc.configureGlobal({ seed: Number(text) });
