import { visible } from '../core/invisible';

const INDENT = 2;

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
  process.stdout.write(`${ascii(JSON.stringify(value, null, INDENT))}\n`);
}

/**
 * Prints an object as JSON, with `rows` as the last of its members: one at a time, since all of them may be more than a
 * string can hold.
 */
export function printJsonRows(value: object, rows: Iterable<unknown>): void {
  const text = JSON.stringify({ ...value, rows: [] }, null, INDENT);
  process.stdout.write(ascii(text.slice(0, text.lastIndexOf(']'))));
  let between = '\n';
  for (const row of rows) {
    // ASCII first: to a pattern, what Unicode calls a line separator begins a line, too.
    const lines = ascii(JSON.stringify(row, null, INDENT)).replace(/^/gm, ' '.repeat(2 * INDENT));
    process.stdout.write(between + lines);
    between = ',\n';
  }
  process.stdout.write(between === '\n' ? ']\n}\n' : `\n${' '.repeat(INDENT)}]\n}\n`);
}

function ascii(json: string): string {
  return json.replace(/[^\n -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
