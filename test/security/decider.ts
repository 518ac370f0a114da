/**
 * Decides, undoes and saves with the extension's own modules, and tells on its standard output what it was promised:
 *
 *   JOURNAL ids   their journal has settled without trouble
 *   SAVED ids     their save has resolved
 *   UNDONE ids    to be taken back from here on
 *   DROPPED ids   their journal has settled without trouble since they were
 *   FAILED words  a save was refused
 *
 * Called with the path of the dataset, the folder of our own storage, and how many rounds to decide.
 */
import { writeSync } from 'node:fs';
import { monotonicFactory } from 'ulid';
import type { Entry } from '../../src/core/review/entry';
import { type Edit, ReviewLog } from '../../src/core/review/log';
import { Journal, journalFolder } from '../../src/node/journal';
import { ReviewFiles } from '../../src/node/reviewFiles';
import { reviewFolder } from '../../src/node/reviewStore';

const STANDARD_OUTPUT = 1;
const DECISIONS_A_ROUND = 3;
const [, , dataset = '', storage = '', rounds = '0'] = process.argv;

const newId = monotonicFactory();
const log = new ReviewLog({ newId, now: () => new Date() });
let isTroubled = false;
const journal = new Journal({
  dataset,
  folder: journalFolder(storage, dataset),
  log,
  onTrouble: () => {
    isTroubled = true;
  },
  isSeen: async () => {},
});
log.onUnsaved(journal);
const files = new ReviewFiles(reviewFolder(dataset));

function tell(what: string, words: readonly string[]): void {
  writeSync(STANDARD_OUTPUT, `${[what, ...words].join(' ')}\n`);
}

const idsOf = (entries: Iterable<Entry>) => [...entries].map(({ id }) => id);

function decide(transcript: string): Edit {
  const entry: Entry = {
    v: 1,
    id: newId(),
    at: new Date().toISOString(),
    reviewer: 'ana',
    transcript,
    hash: 'h',
    saw: {},
    blind: false,
    draw: null,
    note: 'ü'.repeat(40),
    action: 'label',
    target: { label: 'complied' },
    value: 'yes',
  };
  return log.apply(entry).edit;
}

async function settle(): Promise<void> {
  await journal.settled();
  if (!isTroubled) tell('JOURNAL', idsOf(log.pending()));
  // Unless a fault stays, the next decision begins a new file, with all that is unsaved.
  if (process.env.FAULT_FOR !== '0') isTroubled = false;
}

async function save(): Promise<void> {
  const entries = log.beginSave();
  try {
    await files.append(entries, (own) => log.markSaved(own));
    tell('SAVED', idsOf(entries));
  } catch (error) {
    tell('FAILED', [(error as Error).message]);
  }
}

async function run(): Promise<void> {
  await files.changes().next();
  for (let round = 0; round < Number(rounds); round++) {
    const edits = Array.from({ length: DECISIONS_A_ROUND }, (_, n) => decide(`t${round}.${n}`));
    await settle();
    const last = edits.at(-1);
    if (last && round % 3 === 1) {
      tell('UNDONE', [last.entry.id]);
      log.undo(last);
      await settle();
      if (!isTroubled) tell('DROPPED', [last.entry.id]);
    }
    if (round % 2 === 1) await save();
  }
  process.exit(0); // as a window that is closed by force: what is in the journal stays there
}

void run();
