/**
 * Stand-in for `jsr:@std/assert` where only npm is reachable: the assertions our tests use, with the same names,
 * signatures and verdicts; the deep comparison is the one of `node:assert`.
 * `"links"` in the root `deno.json` puts it in the original's place; `deno task jsr` runs the tests on the original.
 *
 * As in the original `0` equals `-0` and `NaN` equals `NaN`, in typed arrays too; `{ a: undefined }` does not equal
 * `{}`; an object without a prototype equals a plain one; classes must be the same.
 * Differences: the wording of what was found, errors with different stacks are equal here, getters of classes are not
 * compared, and `assertObjectMatch()` wants Maps and Sets whole.
 *
 * @example Two arrays of normals
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(new Float32Array([0, -0, 1]), new Float32Array([0, 0, 1]));
 * ```
 *
 * @module
 */

export { AssertionError, fail } from "./assertion_error.ts";
export * from "./equality.ts";
export * from "./order.ts";
export * from "./presence.ts";
export * from "./text.ts";
export * from "./throwing.ts";
