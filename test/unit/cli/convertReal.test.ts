import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { convert } from '../../../src/cli/convert';
import { temporaryFolder } from '../../support/dataset';
import { transcriptsOf } from '../../support/readBack';

const folder = temporaryFolder();
const REAL_DATA = resolve(__dirname, '../../../../shared/data');

/** Everything in the folder of real data that is a dataset of its own: files, and one scan's folder. */
const names = existsSync(REAL_DATA)
  ? readdirSync(REAL_DATA, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /(\.eval|gold_106\.json|security-guide\.json|scan_id=[^/\\]*)$/.test(name),
    )
  : ['(none)'];

describe('convert to canonical', () => {
  it.skipIf(!existsSync(REAL_DATA)).each(names)(
    'reads back equal: %s (needs the folder of real data)',
    async (name) => {
      const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
      const out = join(folder, `${name.replace(/\W/g, '_')}.jsonl`);
      await convert([join(REAL_DATA, name)], { to: 'canonical', labels: 'classifier', out });
      const lines = told.mock.calls
        .map(([text]) => text)
        .join('')
        .split('\n');
      expect(lines.filter((line) => line.includes('not written'))).toEqual([]);
      told.mockRestore();
      const before = await transcriptsOf(join(REAL_DATA, name));
      expect(before.length).toBeGreaterThan(0);
      expect(await transcriptsOf(out)).toEqual(before);
    },
  );
});
