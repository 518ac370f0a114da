/** Somebody who owns nothing, on Linux and macOS alike when seen by root. */
const NOBODY = 65_534;

/** Does `work` as a user whom permissions bind, which root is not; as root this process is nobody meanwhile. */
export async function unprivileged<T>(work: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
