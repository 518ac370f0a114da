import { UnwritableError } from './encoder';

/**
 * JSON on one line for every reader: lone surrogates are escaped by JSON.stringify, the other line breaks of Unicode
 * here, since tools that split on them (Python's splitlines, some editors) would tear the line.
 * @throws UnwritableError for a value that is nested too deeply, too long, or no JSON.
 */
export function jsonText(value: unknown): string {
  return stringified(value).replace(
    /[\u0085\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function stringified(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    throw new UnwritableError(`no JSON text can hold it: ${(error as Error).message}`);
  }
}
