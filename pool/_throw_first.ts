/**
 * Throws the first of several errors as it is, so that its class tells what
 * happened; the rest hang on it as `others`, after those it has. Does nothing
 * when there is none. What is no object, or frozen, is thrown without the others.
 */
export function throwFirst(errors: readonly unknown[]): void {
  if (errors.length === 0) return;
  const [first, ...others] = errors;
  if (
    others.length > 0 && first instanceof Error && Object.isExtensible(first)
  ) {
    const { others: known = [] } = first as { others?: readonly unknown[] };
    Object.assign(first, { others: [...known, ...others] });
  }
  throw first;
}
