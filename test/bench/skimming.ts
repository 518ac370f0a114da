/** The core of the pass over a dataset alone: its facets and verdicts out of bytes, without worker or messages. */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { BatchBuilder } from '../../src/core/dataset/indexBatch';
import { Skimmer } from '../../src/core/dataset/skim';
import { skimLines } from '../../src/core/dataset/skimLines';
import { inTurn, megabytes, ratio, row, spread } from './measure';
import { datasets, settings } from './settings';

const PIECE_BYTES = 1 << 20;
const BATCH_RECORDS = 2_048;
const LF = 10;

/** Gives the file to `visit` in pieces of whole lines, with where each begins. */
function eachPiece(visit: (bytes: Buffer, offset: number) => void): void {
  const file = openSync(datasets.full, 'r');
  const room = Buffer.allocUnsafe(2 * PIECE_BYTES);
  let [offset, kept] = [0, 0];
  for (;;) {
    const read = readSync(file, room, kept, PIECE_BYTES, null);
    const end = room.subarray(0, kept + read).lastIndexOf(LF) + 1;
    if (read === 0) break;
    visit(room.subarray(0, end), offset);
    room.copyWithin(0, end, kept + read);
    offset += end;
    kept += read - end;
  }
  closeSync(file);
}

function skim(): void {
  const builder = new BatchBuilder();
  builder.beginFile('full');
  const skimmer = new Skimmer(builder);
  let [line, records] = [1, 0];
  eachPiece((bytes, offset) => {
    line = skimLines(skimmer, bytes, 0, bytes.length, offset, line, ({ line: unusual }) => {
      throw new Error(`line ${unusual} was left to the full reading`);
    });
    if (builder.pending >= BATCH_RECORDS) records += builder.take().offset.length;
  });
  records += builder.take().offset.length;
  if (records !== settings.transcripts) throw new Error(`skimmed ${records} transcripts`);
}

function parse(): void {
  eachPiece((bytes) => {
    for (let from = 0; from < bytes.length; ) {
      const to = bytes.indexOf(LF, from);
      JSON.parse(bytes.toString('utf8', from, to));
      from = to + 1;
    }
  });
}

function countLines(): void {
  const { error, status } = spawnSync('wc', ['-l', datasets.full]);
  if (error || status !== 0) throw error ?? new Error('wc failed');
}

async function main(): Promise<void> {
  skim(); // once before, so that what is measured is the skimming and not its compilation
  const times = await inTurn(settings.runs, { wc: countLines, read: () => eachPiece(() => {}), parse, skim });
  const peers = [
    ratio(times.skim, '`wc -l`', times.wc),
    ratio(times.skim, 'reading alone', times.read),
    ratio(times.skim, '`JSON.parse` a line', times.parse),
  ];
  row(`of that, reading and skimming ${megabytes(datasets.full)}`, spread(times.skim), peers.join(', '));
}

void main();
