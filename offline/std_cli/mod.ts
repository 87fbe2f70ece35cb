/**
 * Stand-in for `jsr:@std/cli` where only npm is reachable: {@linkcode parseArgs} with the same name, signature and
 * results, over `npm:minimist`, which the original was based on.
 * `"links"` in the root `deno.json` puts it in the original's place; `deno task jsr` runs the tests on the original.
 *
 * Differences: `unknown` is told the flag's name but not its value, and for `-abc` the first undeclared letter each
 * time; `--out -` and `--out ""` take the next argument as the value, which the original leaves in `_`; `--no-x=1`
 * sets `no-x`, not `x`; a boolean cannot be collected; repeated dotted names give all values; alias names are typed
 * `unknown` in the result (read the name they stand for).
 *
 * @example Flags, values and names
 * ```ts
 * import { parseArgs } from "@std/cli";
 * import { assertEquals } from "@std/assert";
 *
 * const args = parseArgs(["recipe.yaml", "--json"], { boolean: ["json"] });
 * assertEquals(args, { _: ["recipe.yaml"], json: true });
 * ```
 *
 * @module
 */

export * from "./parse_args.ts";
