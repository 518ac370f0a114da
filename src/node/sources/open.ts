import { JsonFile } from './jsonFile';
import type { Source } from './source';

/**
 * Opens a file of a dataset by what it is. Readers of other containers than JSON are loaded when the first is met.
 * @throws DatasetError when it cannot be read.
 */
export async function openSource(path: string): Promise<Source> {
  return JsonFile.open(path);
}
