import { visible } from '../core/invisible';

/**
 * What the commands have to say goes to a terminal by these only, a line at a time: nothing that a file holds can send it escapes,
 * reorder its line or begin another.
 */
export function print(line: string): void {
  process.stdout.write(`${visible(line)}\n`);
}

export function printError(line: string): void {
  process.stderr.write(`${visible(line)}\n`);
}

/** JSON in ASCII, so that it means the same and there is nothing in it to make visible. */
export function printJson(value: unknown): void {
  const text = JSON.stringify(value, null, 2).replace(
    /[^\n -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  process.stdout.write(`${text}\n`);
}
