/**
 * Stand-in for `jsr:@std/yaml` where only npm is reachable: {@linkcode parse} and {@linkcode stringify} with the
 * same names, signatures and results, over `npm:js-yaml` 4, a sibling of the version the original was ported from.
 * `"links"` in the root `deno.json` puts it in the original's place; `deno task jsr` runs the tests on the original.
 *
 * Differences: the wording of errors and the column they name; a tab before a block item is an error here and
 * accepted there; explicit tags of YAML 1.1 (`!!int "3"`) are read here and refused there. Schema `"extended"`,
 * `parseAll()` and the options we never use are left out.
 *
 * @example The failsafe schema reads every scalar as text
 * ```ts
 * import { parse } from "@std/yaml";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parse("clearance: 6mm\nsmooth: no", { schema: "failsafe" }), { clearance: "6mm", smooth: "no" });
 * ```
 *
 * @module
 */

export * from "./parse.ts";
export * from "./stringify.ts";
