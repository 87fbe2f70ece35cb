import { assertEquals, assertStrictEquals } from "@std/assert";
import { Effort } from "../../fitting/_effort.ts";
import type { Work } from "../../fitting/work.ts";

/** `steps` steps of `count` elements that take a microsecond each. */
function* busy(effort: Effort, steps: number, count: number): Work<string> {
  for (let i = 0; i < steps; i++) yield* effort.spend(count, 1000);
  return "done";
}

function pausesOf(steps: number, count: number): number {
  const work = busy(new Effort(), steps, count);
  let pauses = 0;
  while (!work.next().done) pauses++;
  return pauses;
}

Deno.test("Effort pauses work every six milliseconds, whether its steps are short or long", () => {
  assertEquals(pausesOf(5999, 1), 0);
  assertEquals(pausesOf(6000, 1), 1);
  assertEquals(pausesOf(60, 2000), 20);
  assertEquals(pausesOf(10, 1_000_000), 10);
});

Deno.test("Effort counts over all loops of a work together", () => {
  const effort = new Effort();
  const work = function* (): Work<void> {
    yield* busy(effort, 1, 4000);
    yield* busy(effort, 1, 4000);
  }();
  assertEquals([work.next().done, work.next().done], [false, true]);
});

Deno.test("Effort makes no object for a pause", () => {
  const work = busy(new Effort(), 3, 6000);
  const first = work.next();
  assertStrictEquals(work.next(), first);
});

Deno.test("Effort lets a work be given up at a pause", () => {
  let isOver = false;
  const work = function* (): Work<void> {
    try {
      yield* busy(new Effort(), 9, 6000);
    } finally {
      isOver = true;
    }
  }();
  work.next();
  work.return();
  assertEquals([isOver, work.next().done], [true, true]);
});
