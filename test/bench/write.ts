/** Writes the datasets that the parts measure. */
import { createWriteStream, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { datasets, settings } from './settings';
import { largeTranscriptLine, transcriptLines } from './transcripts';

async function write(path: string, count: number, long: boolean): Promise<void> {
  await pipeline(Readable.from(transcriptLines(Math.floor(count), long)), createWriteStream(path));
}

async function main(): Promise<void> {
  await write(datasets.full, settings.transcripts, true);
  await write(datasets.tenth, settings.transcripts / 10, true);
  await write(datasets.small, settings.transcripts / 150, true);
  await write(datasets.short, settings.transcripts, false);
  writeFileSync(datasets.large, largeTranscriptLine());
}

void main();
