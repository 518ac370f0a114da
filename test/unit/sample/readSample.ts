/** Reads the committed sample as plain JSON, with none of the product's code. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

export const SAMPLE_FILE = path.resolve(
  __dirname,
  '../../../media/sample/alignment-faking.transcripts.jsonl',
);

export interface RawSpan {
  classifier: string;
  label: string;
  message: number;
  start?: number;
  end?: number;
  unit?: 'codepoint' | 'utf16' | 'byte';
  quote?: string;
  score: number;
}

export interface RawTranscript {
  id: string;
  setting: string;
  condition: 'training' | 'unmonitored';
  variant: string;
  prefix: string;
  promptId: string;
  model: string;
  messages: { role: string; content: string; prefill?: number }[];
  verdicts: {
    classifier: string;
    label: string;
    value: boolean | null;
    score: number | null;
    votes?: number;
  }[];
  spans: RawSpan[];
  metadata: { case?: string; note?: string };
}

export function readSample(): RawTranscript[] {
  const lines = readFileSync(SAMPLE_FILE, 'utf8').split('\n');
  if (lines.pop() !== '') throw new Error('the last line is not ended');
  return lines.map((line) => JSON.parse(line) as RawTranscript);
}

/** A classifier's answer; throws where there is none at all, as against `null` for no usable one. */
export function answer(transcript: RawTranscript, classifier: string, label: string): boolean | null {
  const found = transcript.verdicts.filter((one) => one.classifier === classifier && one.label === label);
  const [only] = found;
  if (!only || found.length > 1) throw new Error(`${transcript.id}: ${found.length} answers on ${label}`);
  return only.value;
}

/** The assistant's text. */
export function assistantText(transcript: RawTranscript): string {
  const message = transcript.messages.at(-1);
  if (message?.role !== 'assistant') throw new Error(`${transcript.id} does not end with the assistant`);
  return message.content;
}
