import { isObject } from './format';
import { ValueBudget } from './looseJson';
import { parsedCell } from './pointer';

/** The lists of a record of ours that are JSON in a table's cells; beside them stand columns for other programs. */
const CELLS = ['messages', 'verdicts', 'spans', 'metadata'] as const;

/** A row of the Parquet files that `convert` writes, as the record that it was made of; anything else as it is. */
export function recordOfRow(value: unknown): unknown {
  if (!isObject(value) || !CELLS.every((name) => typeof value[name] === 'string')) return value;
  const { id, setting, condition, variant, prefix, prompt_id: promptId, model } = value;
  const budget = new ValueBudget();
  const cells = Object.fromEntries(CELLS.map((name) => [name, parsedCell(value[name], budget)]));
  return { id, setting, condition, variant, prefix, promptId, model, ...cells };
}
