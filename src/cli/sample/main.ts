/** Writes the sample dataset that the extension ships: node dist/sample.js [FILE] */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { sampleDataset } from '../../core/sample/sample';

const file = resolve(process.argv[2] ?? 'media/sample/alignment-faking.transcripts.jsonl');
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, sampleDataset());
console.log(`wrote ${file}`);
