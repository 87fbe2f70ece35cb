import { assert, assertEquals, assertMatch } from "@std/assert";
import { Progress } from "../../cli/progress.ts";

const io = { print: () => {}, fault: () => {} };
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

Deno.test("Progress says what is done and for how long, now and then, and takes it away at the end", async () => {
  const shown: string[] = [];
  {
    using progress = new Progress({ ...io, status: (text) => shown.push(text) });
    progress.begin("1/2 read body");
    progress.begin("2/2 fit armor");
    assertEquals(shown, []); // what is over in no time flickers only
    await wait(330);
  }
  await wait(150);
  assert(shown.length >= 2 && shown.length <= 4, `${shown.length} lines`);
  assertMatch(shown[0], /^2\/2 fit armor {2}0\.\d s$/);
  assertEquals(shown.at(-1), "");
});

Deno.test("Progress is silent where nobody looks, and starts no timer", () => {
  using progress = new Progress(io);
  progress.begin("1/1 read body");
});

Deno.test("Progress says the iteration, and how long it may be yet once that can be told", async () => {
  const shown: string[] = [];
  {
    using progress = new Progress({ ...io, status: (text) => shown.push(text) });
    progress.begin("1/1 fit armor");
    progress.reach({ done: 1, most: 60 });
    await wait(130);
    progress.reach({ done: 30, most: 60 });
    await wait(1100);
  }
  assertMatch(shown[0], /^1\/1 fit armor {2}0\.\d s {2}iteration 2 of 60$/);
  assertMatch(shown.at(-2)!, /^1\/1 fit armor {2}1\.\d s {2}iteration 31 of 60 {2}at most 2 s left$/);
});
