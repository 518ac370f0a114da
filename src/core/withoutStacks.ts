/**
 * Until what it returns is called, no error takes a stack: that is longer than to read a short record, and a file may have
 * millions that are bad.
 */
export function withoutStacks(): () => void {
  const errors = Error as unknown as { stackTraceLimit?: number | undefined };
  const { stackTraceLimit } = errors;
  errors.stackTraceLimit = 0;
  return () => {
    errors.stackTraceLimit = stackTraceLimit;
  };
}
