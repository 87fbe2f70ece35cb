import { assert, assertEquals } from "@std/assert";
import { BUILT_IN_STEPS } from "../../recipes/steps/mod.ts";

/** Bytes an iteration may leave: less than an object. */
const LIMIT = 64;
/** Ends at the same iteration however many it may take: what iterates in it is the elastic fit, which is measured. */
const SETTLES = ["fit refit"];

interface Found {
  readonly bytes: number | null;
  readonly buffers: number;
  readonly iterations: number;
}

async function measure(...args: string[]): Promise<Record<string, Found>> {
  const flags = "--v8-flags=--min-semi-space-size=256,--max-semi-space-size=256"; // nothing is collected meanwhile
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--no-lock", "-R", flags, "fixtures/iterations_process.ts", ...args],
    cwd: new URL(".", import.meta.url),
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("no iteration of any step leaves 64 bytes behind, and none makes a buffer", async () => {
  const [left, made] = await Promise.all([measure(), measure("count")]);
  const iterating = BUILT_IN_STEPS.filter(({ options }) => options.iterations !== undefined).map(({ name }) => name);
  assertEquals([...new Set(Object.keys(left).map((what) => what.split(" ")[0]))], iterating);
  for (const [what, { bytes, iterations }] of Object.entries(left)) {
    assertEquals(made[what].buffers, 0, what);
    if (SETTLES.includes(what)) continue;
    assert(iterations >= 100, `${what}: ${iterations} iterations`);
    assert(bytes! < LIMIT, `${what}: ${bytes} bytes an iteration`);
  }
});
