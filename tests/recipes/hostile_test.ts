import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { HOSTILE, type Hostile, type Outcome, readHostile } from "./_hostile.ts";

function assertRight({ code, says = "" }: Hostile, outcome: Outcome): void {
  assertEquals([outcome.codes, outcome.says], [code === undefined ? [] : [code], outcome.says]);
  assertStringIncludes(outcome.says, says);
}

for (const hostile of HOSTILE) {
  const { what, code } = hostile;
  Deno.test(`a recipe with ${what} ${code === undefined ? "means what it says" : `is one error, ${code}`}`, async () => {
    assertRight(hostile, await readHostile(hostile));
  });
}

Deno.test("hostile recipes are read without any permission, each within a second and 200 MB", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", new URL("_hostile.ts", import.meta.url).href],
    stdin: "null",
  }).output();
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
  const outcomes = JSON.parse(new TextDecoder().decode(stdout)) as Outcome[];
  assertEquals(outcomes.length, HOSTILE.length);
  const base = outcomes[0].rssBytes; // what the runtime takes; the text of 50 MB is the test's own
  outcomes.forEach((outcome, i) => {
    assertRight(HOSTILE[i], outcome);
    assertLess(outcome.ms, 1000, outcome.what);
    assert(outcome.rssBytes < Math.max(base, 0) + 200e6, `${outcome.what}: ${(outcome.rssBytes / 1e6).toFixed(0)} MB`);
  });
});

Deno.test("nothing a recipe says reaches the prototypes of objects", async () => {
  for (const hostile of HOSTILE) await readHostile(hostile);
  assertEquals(Object.keys(Object.prototype), []);
  assertEquals(({} as Record<string, unknown>).version, undefined);
});
