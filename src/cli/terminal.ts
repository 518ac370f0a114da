import { visible } from '../core/invisible';

/** Takes one line of text at a time, without its end. */
export type Print = (line: string) => void;

/**
 * What the commands have to say goes to a terminal by these two only: nothing that a file holds can send it escapes,
 * reorder its line or begin another.
 */
export const print: Print = (line) => void process.stdout.write(`${visible(line)}\n`);
export const printError: Print = (line) => void process.stderr.write(`${visible(line)}\n`);

/** JSON in ASCII, so that it means the same and there is nothing in it to make visible. */
export function printJson(value: unknown, printLine: Print): void {
  const text = JSON.stringify(value, null, 2).replace(
    /[^\n -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  for (const line of text.split('\n')) printLine(line);
}
