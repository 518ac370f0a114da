/**
 * One module opens what lies beside a dataset. Whoever imports `node:fs` stands here with what for, so that a new one is
 * looked at: does it open a path in a review folder?
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(__dirname, '../..');

/** What each opens, and why no path in a review folder gets there. */
const MAY_OPEN_FILES: Readonly<Record<string, string>> = {
  'src/node/besideFiles.ts': 'what lies beside a dataset: the one module that does',
  'src/node/gitAttributes.ts': 'looks for .git above a dataset, whose folder the user chose; opens nothing',
  'src/node/datasetFiles.ts': 'lists and reads what datasets are made of; leaves *.review folders out',
  'src/node/indexDataset.ts': 'asks for the state of datasets',
  'src/node/contentSample.ts': 'reads samples of datasets',
  'src/node/fileState.ts': 'asks for the state of datasets',
  'src/node/leadsOutside.ts': 'looks where what a set or a join names leads to; opens nothing',
  'src/node/searchFile.ts': 'reads datasets',
  'src/node/sources/open.ts': 'opens datasets',
  'src/node/sources/openHandle.ts': 'opens datasets, and profiles that the user named',
  'src/node/sources/scanStamp.ts': 'asks for the state of scans, which are datasets',
  'src/node/sources/scoutLogs.ts': 'looks for the logs that a scan names, which are datasets',
  'src/node/sources/scoutScan.ts': 'reads scans, which are datasets',
  'src/node/sources/zipArchive.ts': 'asks for the state of datasets',
  'src/node/sources/inspectJson.ts': 'opens datasets',
  'src/node/indexCache.ts': 'keeps indexes in our own storage',
  'src/node/endedSessions.ts':
    'reads what others left in our own storage; asks whether a dataset is where it was',
  'src/node/journal.ts': 'keeps unsaved decisions in our own storage',
  'src/node/makeup.ts': 'asks for the state of files whose verdicts are joined; opens nothing',
  'src/node/outputFile.ts': 'writes a file that the user named',
  'src/cli/sample/main.ts': 'writes the sample when the extension is built',
  'src/cli/convert.ts': 'asks where the file that the user named would be written; opens nothing',
  'src/cli/load.ts': 'asks whether what the user named is there; opens nothing',
  'src/host/reviewDocument.ts': 'reads the dataset to copy it (saveAs); backups where VS Code keeps them',
  'src/host/commands.ts': 'keeps the sample in our own storage; asks whether a list of files is there',
  'src/host/lostDecisions.ts': 'asks whether a dataset is there; opens nothing',
  'src/host/renames.ts':
    'asks whether folders of decisions are there, which VS Code then renames; opens nothing',
};

/**
 * Those of them that know where the decisions on a dataset lie. For each, every call that is handed such a path was read:
 * it goes to besideFiles.ts, or to what is named here.
 */
const KNOW_THE_REVIEW_FOLDER: Readonly<Record<string, string>> = {
  'src/node/besideFiles.ts': 'opens it',
  'src/node/gitAttributes.ts': 'by besideFiles; lstat and realpath above it only',
  'src/node/indexDataset.ts': 'by profileFile; stat of datasets only',
  'src/node/makeup.ts': 'by besideFiles; stat of files whose verdicts are joined only',
  'src/cli/convert.ts': 'realpath, so as not to write into it',
  'src/cli/load.ts': 'stat of a folder that the user named',
  'src/host/reviewDocument.ts':
    'by besideFiles and reviewFiles; createReadStream and open of other paths only',
  'src/host/renames.ts': 'existsSync; the link itself is renamed where it is one',
};

/** Node's other ways to the disk. */
const OTHER_WAYS =
  /\b(?:process\.binding|createRequire|sqlite)\b|['"](?:node:)?(?:fs|fs\/promises|sqlite)['"]\s*\)/;

const files = readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** Names of values, not of types, that a file imports from the modules of this kind. */
function valuesFrom(file: string, specifier: RegExp): readonly string[] {
  const statements = textOf(file).matchAll(
    /^\s*(?:import|export)\s+(type\s)?([^'"`;]*?)from\s+['"]([^'"]+)['"]/gm,
  );
  return [...statements].flatMap(([, typeOnly, names = '', from = '']) => {
    if (typeOnly || !specifier.test(from)) return [];
    const listed = names.replace(/[{}]/g, '').split(',');
    return listed.map((name) => name.trim()).filter((name) => name !== '' && !name.startsWith('type '));
  });
}

const FS = /^(?:node:)?fs(?:\/promises)?$/;
const opensFiles = files.filter((file) => valuesFrom(file, FS).length > 0);

describe('files beside a dataset', () => {
  it('are opened by one module: whoever else opens files is named here, with what for', () => {
    expect(opensFiles.toSorted()).toEqual(Object.keys(MAY_OPEN_FILES).sort());
  });

  it('are reached in no other way', () => {
    expect(files.filter((file) => OTHER_WAYS.test(textOf(file)))).toEqual([]);
    // VS Code's own file system follows links, and so does whatever else is called by name.
    expect(files.filter((file) => /\bworkspace\.fs\b|\bopenTextDocument\b/.test(textOf(file)))).toEqual([]);
  });

  it('are known to few who open files, each of whom was read', () => {
    const know = opensFiles.filter((file) =>
      /\b(?:reviewFolder|pathOf|besideFiles)\b|\.review\b(?!\))/.test(code(file)),
    );
    expect(know.toSorted()).toEqual(Object.keys(KNOW_THE_REVIEW_FOLDER).sort());
  });

  it('are never handed to who opens files as a path', () => {
    // The path of a folder of decisions is made by one function; a call of the file system has none of it among its words.
    const calls = opensFiles
      .filter((file) => file !== 'src/node/besideFiles.ts')
      .flatMap((file) => {
        const names = valuesFrom(file, FS).filter((name) => /^[a-z]/.test(name));
        const called = new RegExp(
          `(?<!static async )\\b(?:${names.join('|')})\\((?=[^;]*\\b(?:pathOf|reviewFolder|PROFILE_FILE)\\b)[^;]*;`,
          'g',
        );
        return [...code(file).matchAll(called)].map(([call]) => `${file}: ${call}`);
      });
    expect(calls).toEqual([]);
  });
});

/** Without comments, and without patterns of what is left out. */
function code(file: string): string {
  return textOf(file)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\/\/.*$/gm, '')
    .replace(/const SKIPPED = .*/, '');
}
