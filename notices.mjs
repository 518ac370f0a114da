/** The licences of what esbuild has put into the bundles, as their authors ask to be passed on. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const LICENCE_FILE = /^(licen[cs]e|copying|notice)\b/i;

/**
 * Folders of the packages of which something is in the bundles.
 * @param {readonly import('esbuild').Metafile[]} metafiles
 * @param {string} root what the metafiles' paths are relative to
 * @returns {readonly string[]} absolute
 */
export function bundledPackages(metafiles, root) {
  const inputs = metafiles
    .flatMap((metafile) => Object.values(metafile.outputs))
    .flatMap((output) => Object.entries(output.inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const folders = inputs.flatMap(([file]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(folders)].map((folder) => path.resolve(root, folder)).sort();
}

/**
 * These packages and all that they depend on: some come with parts of others in their own files (d3-array with internmap),
 * which esbuild cannot know.
 * @param {readonly string[]} folders
 * @returns {readonly string[]}
 */
export function withDependencies(folders) {
  const found = new Set(folders);
  for (const folder of found) {
    const { dependencies = {} } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    for (const name of Object.keys(dependencies)) {
      const dependency = installed(folder, name);
      if (dependency !== null) found.add(dependency);
    }
  }
  return [...found].sort();
}

/** Where node looks for it, from the package's own folder outwards; null where it is not installed. */
function installed(folder, name) {
  for (let at = folder; ; at = path.dirname(at)) {
    const candidate = path.join(at, 'node_modules', name);
    if (existsSync(path.join(candidate, 'package.json'))) return candidate;
    if (at === path.dirname(at)) return null;
  }
}

/**
 * Name, version, licence and the licence's text of each package.
 * @param {readonly string[]} packages folders
 * @returns {string}
 * @throws when the licence of a package, or its text, is nowhere to be found
 */
export function thirdPartyNotices(packages) {
  const rule = `\n${'-'.repeat(80)}\n\n`;
  return [
    'Transcript Review holds parts of these packages, or of packages that come with parts of them.\n',
    ...packages.map(noticeOf),
  ].join(rule);
}

function noticeOf(folder) {
  const { name, version, license, author } = JSON.parse(
    readFileSync(path.join(folder, 'package.json'), 'utf8'),
  );
  if (typeof license !== 'string' || /^(unlicensed$|see )/i.test(license)) {
    throw new Error(`${name} names no licence in its package.json (${folder}), so no bundle may hold it.`);
  }
  const texts = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .map((file) => readFileSync(path.join(folder, file), 'utf8').trim());
  if (texts.length === 0) texts.push(mitText(name, license, author?.name ?? author, folder));
  return `${name} ${version} (${license})\n\n${texts.join('\n\n')}\n`;
}

/** Some packages come without a file, and say MIT and by whom in the manifest only; the words of MIT are our own's. */
function mitText(name, license, author, folder) {
  if (license !== 'MIT' || typeof author !== 'string') {
    throw new Error(
      `${name} (${license}) comes without its licence's text (${folder}), so no bundle may hold it.`,
    );
  }
  const own = readFileSync(new URL('LICENSE', import.meta.url), 'utf8').trim();
  return own.replace(/^Copyright .*$/m, `Copyright (c) ${author}`);
}
