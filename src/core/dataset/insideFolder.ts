/**
 * Whether what a file beside a dataset names is inside the dataset's folder, on every system alike: a relative path with
 * `/`, no way up, and nothing that Windows takes for a drive or a share. Only by the words: links are not followed.
 */
export function isInsideFolder(file: string): boolean {
  if (/^[A-Za-z]:|[\\\0]/.test(file)) return false;
  return file.split('/').every((step) => step !== '' && step !== '.' && step !== '..');
}
