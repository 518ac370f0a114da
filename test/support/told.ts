/** How the whole product reads a file of some kind: indexed, and each record read again as the editor does. */
import { expect } from 'vitest';
import { type Container, CSV, DOCUMENT, type Given, TSV, writeContainer } from './containers';
import { indexed } from './dataset';

/** A line for each record (its id and last text, or why it is bad), and one for each problem. */
export async function toldOf(
  folder: string,
  container: Pick<Container, 'open'>,
  files: Readonly<Record<string, Uint8Array>>,
) {
  const dataset = await indexed(writeContainer(folder, container, files));
  const records: string[] = [];
  for (let index = 0; index < dataset.columns.count; index++) {
    const record = await dataset.record(index);
    expect(record.kind === 'bad').toBe(dataset.columns.isBad(index));
    const id = dataset.columns.id(index);
    records.push(
      record.kind === 'bad'
        ? `bad: ${record.reason}`
        : `${id}: ${record.transcript.messages.at(-1)?.content}`,
    );
  }
  const problems = dataset.problems.map(({ severity, line, reason }) => `${severity} ${line}: ${reason}`);
  expect(dataset.errors + dataset.warnings).toBe(problems.length);
  dataset.dispose();
  return { phase: dataset.phase, error: dataset.error, profile: dataset.profile, records, problems };
}

/** The id under which a container's record is listed. */
export function listed({ profile }: Container, id: string): string {
  return profile === 'Inspect log' ? `log-a/${id}/1` : id;
}

/** Where the record of that number, from 0 on, is said to stand. */
export function lineOf(container: Container, index: number): number {
  return index + (container === DOCUMENT || container === CSV || container === TSV ? 2 : 1);
}

export const TWO: readonly Given[] = [
  { id: 'a', text: 'one' },
  { id: 'b', text: 'two' },
];

/** How those two are told. */
export const told = (container: Container) => [
  `${listed(container, 'a')}: one`,
  `${listed(container, 'b')}: two`,
];

/** For `it.each`, by their names. */
export const byName = (containers: readonly Container[]) => containers.map((one) => [one.name, one] as const);
