import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

interface Entry {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
}

const lockfile: { readonly packages: Readonly<Record<string, Entry>> } = JSON.parse(
  readFileSync(resolve(__dirname, '../../package-lock.json'), 'utf8'),
);

// npm leaves the hash out for what it took from a node_modules instead of the registry, and then compares nothing.
it('names a SHA-512 hash for every package, those of other platforms included', () => {
  const packages = Object.entries(lockfile.packages).filter(([place, { link }]) => place !== '' && !link);
  expect(packages.length).toBeGreaterThan(300);
  const without = packages.filter(
    ([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ''),
  );
  expect(without.map(([place]) => place)).toEqual([]);
});
