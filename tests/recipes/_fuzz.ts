/**
 * Broken texts by the thousand: `deno task fuzz [COUNT [SEED]]`, 100,000 by default, without any permission.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { TEMPLATES } from "../../cli/new_command.ts";
import { formatIssue } from "../../recipes/issue.ts";
import { parseRecipe } from "../../recipes/parse.ts";
import { BUILT_IN_STEPS } from "../../recipes/steps/mod.ts";
import { RECIPE, STEPS } from "./_catalogue.ts";
import { mutate, seeded } from "./_mutate.ts";
import { threadMs } from "../_thread_clock.ts";

/** What is broken, and the steps it may use. */
const SOUND = [
  { text: RECIPE, steps: STEPS },
  ...Object.values(TEMPLATES).map((text) => ({ text, steps: BUILT_IN_STEPS })),
];

/** Longer than any of these texts may take. */
const MAX_MS = 1000;

/**
 * Breaks recipes in `count` ways and asserts of each that it ends in a recipe or in issues, each with a place inside the
 * text and a sentence, in no more than a second.
 *
 * @returns The longest that one took, milliseconds.
 */
export async function fuzz(seed: number, count: number): Promise<number> {
  const random = seeded(seed);
  let longest = 0;
  for (let i = 0; i < count; i++) {
    const sound = SOUND[i % 2 === 0 ? 0 : 1 + (i >> 1) % (SOUND.length - 1)];
    const text = mutate(sound.text, random);
    const { recipe, issues, ms } = await timed(() => parseRecipe(text, { path: "recipe.yaml", steps: sound.steps }));
    assert(ms < MAX_MS, `it took ${ms.toFixed(0)} ms\n${text}`);
    longest = Math.max(longest, ms);
    assertEquals(recipe === undefined, issues.length > 0, text);
    const lines = text.split("\n");
    for (const issue of issues) {
      const length = lines[issue.line - 1]?.length ?? -1;
      const what = `${issue.line}:${issue.column} ${issue.message}\n${text}`;
      assert(issue.column >= 1 && issue.column <= length + 1, what);
      assert(issue.endColumn === undefined || issue.endColumn > issue.column, what);
      assert(/^[A-Z"]/.test(issue.message) && !issue.message.endsWith("."), what);
      assert(!/\bundefined\b|\[object|NaN/.test(issue.message.replaceAll(/"[^"]*"/g, "")), what);
      formatIssue(issue, { path: "recipe.yaml", text, color: true });
    }
  }
  return longest;
}

/** What it gives and how long it takes: the least of several times where the first is long, as the machine may be busy. */
async function timed<T>(run: () => Promise<T>): Promise<T & { ms: number }> {
  let ms = Infinity, result: T | undefined;
  for (let i = 0; i < 5 && ms >= MAX_MS; i++) {
    const startedAt = threadMs();
    result = await run();
    ms = Math.min(ms, threadMs() - startedAt);
  }
  return { ...result!, ms };
}

if (import.meta.main) {
  const [count = "100000", seed = "1"] = Deno.args;
  const longest = await fuzz(Number(seed), Number(count));
  // deno-lint-ignore no-console -- a program for people
  console.log(
    `${count} broken recipes, seed ${seed}: no crash, every issue with a place, at most ${longest.toFixed(1)} ms`,
  );
}
