import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundledPackages, thirdPartyNotices, withDependencies } from '../../notices.mjs';
import { temporaryFolder } from '../support/dataset';

const DIST = resolve(__dirname, '../../dist');
const BUNDLES = ['extension', 'indexWorker', 'searchWorker', 'cli', 'webview/editor', 'webview/metrics'];

/** By the source maps, which say it apart from what the notices are made from. */
function namesInSourceMaps(): string[] {
  const sources = BUNDLES.flatMap((name): string[] => {
    const map: { readonly sources: string[] } = JSON.parse(
      readFileSync(join(DIST, `${name}.js.map`), 'utf8'),
    );
    return map.sources;
  });
  const names = sources.flatMap((source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []);
  return [...new Set(names)];
}

function madeUpPackage(manifest: object, files: Readonly<Record<string, string>> = {}): string {
  const folder = join(temporaryFolder(), 'node_modules/made-up');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'made-up', version: '1.0.0', ...manifest }),
  );
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

describe('third-party notices', () => {
  it('name every package that is in a bundle, each with its text', () => {
    const notices = readFileSync(join(DIST, 'third-party-notices.txt'), 'utf8').split(/^-{80}$/m);
    const names = namesInSourceMaps();
    expect(names).toContain('zod');
    expect(names).toContain('@observablehq/plot');
    // d3-array comes with it in a file of its own
    for (const name of [...names, 'internmap']) {
      const notice = notices.find((text) => text.trimStart().startsWith(`${name} `));
      expect(notice, name).toMatch(/^\s*\S+ \d+\.\d+\.\d+\S* \(.+\)\n\n/);
      expect(notice, name).toMatch(/permission|permitted|licensed/i);
      expect(notice, name).toMatch(/warrant/i);
    }
  });

  it('name what packages depend on, wherever node finds it, and each once', () => {
    const root = join(temporaryFolder(), 'node_modules');
    const put = (at: string, dependencies: Readonly<Record<string, string>>) => {
      mkdirSync(join(root, at), { recursive: true });
      writeFileSync(join(root, at, 'package.json'), JSON.stringify({ dependencies }));
    };
    put('a', { b: '1', c: '1', missing: '1' });
    put('b', { a: '1' });
    put('c', {});
    put('a/node_modules/c', { '@scope/d': '1' });
    put('@scope/d', {});
    expect(withDependencies([join(root, 'a')])).toEqual(
      ['@scope/d', 'a', 'a/node_modules/c', 'b'].map((at) => join(root, at)),
    );
  });

  it('leave out what was looked at and not taken', () => {
    const inputs = {
      'node_modules/taken/a.js': { bytesInOutput: 1 },
      'node_modules/@scope/taken/lib/b.js': { bytesInOutput: 9 },
      'node_modules/taken/node_modules/inner/c.js': { bytesInOutput: 3 },
      'node_modules/shaken/d.js': { bytesInOutput: 0 },
      'src/extension.ts': { bytesInOutput: 5 },
    };
    const output = { bytes: 18, inputs, imports: [], exports: [] };
    expect(bundledPackages([{ inputs: {}, outputs: { 'dist/a.js': output } }], '/r')).toEqual([
      resolve('/r/node_modules/@scope/taken'),
      resolve('/r/node_modules/taken'),
      resolve('/r/node_modules/taken/node_modules/inner'),
    ]);
  });

  it('stop the build for a package without a licence or without its text', () => {
    const ofPackage = (...made: Parameters<typeof madeUpPackage>) =>
      thirdPartyNotices([madeUpPackage(...made)]);
    expect(() => ofPackage({})).toThrow(/^made-up names no licence/);
    expect(() => ofPackage({ license: 'UNLICENSED' })).toThrow(/^made-up names no licence/);
    expect(() => ofPackage({ license: 'Apache-2.0', author: 'Ana' })).toThrow(
      /^made-up \(Apache-2.0\) comes without/,
    );
    expect(() => ofPackage({ license: 'MIT' })).toThrow(/^made-up \(MIT\) comes without/);
    expect(ofPackage({ license: 'MIT', author: { name: 'Ana' } })).toContain('Copyright (c) Ana\n');
    expect(ofPackage({ license: 'BSD' }, { 'LICENSE.md': 'may be used' })).toContain('\nmay be used\n');
  });
});
