import { assert, assertEquals } from "@std/assert";

/** The longest any step may hold the event loop, milliseconds. */
const PROMISED = 50;

Deno.test({
  name: "every step of the catalogue pauses at least every 50 ms on bodies of 23,000 vertices",
  ignore: Deno.build.os !== "linux", // which tells the time of one thread, whatever else the machine does
  fn: async () => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-lock", "-A", "fixtures/pauses_process.ts", "150"],
      cwd: new URL(".", import.meta.url),
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    const longest: Record<string, number> = JSON.parse(new TextDecoder().decode(stdout));
    assert(Object.keys(longest).length > 10);
    for (const [label, ms] of Object.entries(longest)) assert(ms < PROMISED, `${label}: ${ms} ms`);
  },
});
