import { assertEquals, assertThrows } from "@std/assert";
import { parseArguments } from "../../cli/arguments.ts";
import { UsageError } from "../../cli/errors.ts";
import { FLAG_ENTRIES, FLAGS } from "../../cli/flags.ts";
import { VERBS } from "../../cli/verbs.ts";

/** What a command line means, in short. */
function meaning(...args: string[]): unknown {
  const { verb, operands, on, values, set } = parseArguments(args);
  return [verb.name, operands, [...on], values, set];
}

Deno.test("parseArguments() takes the first word for a verb, and a path for a recipe", () => {
  assertEquals(meaning("a.yaml"), ["run", ["a.yaml"], [], {}, {}]);
  assertEquals(meaning("check", "a.yaml"), ["check", ["a.yaml"], [], {}, {}]);
  assertEquals(meaning("./check"), ["run", ["./check"], [], {}, {}]);
  assertEquals(meaning("run", "check"), ["run", ["check"], [], {}, {}]);
  assertEquals(meaning("--json", "plan", "a.yaml", "--exact"), ["plan", ["a.yaml"], ["json", "exact"], {}, {}]);
});

Deno.test("parseArguments() reads flags however they are written", () => {
  const expected = ["run", ["a.yaml"], ["quiet"], { out: "b" }, {}];
  for (
    const args of [
      ["a.yaml", "--out", "b", "--quiet"],
      ["--out=b", "-q", "a.yaml"],
      ["-q", "-o", "b", "a.yaml"],
      ["-qo", "b", "a.yaml"],
      ["-qo=b", "--", "a.yaml"],
      ["--out", "c", "-q", "--out=b", "a.yaml"],
    ]
  ) {
    const { verb, operands, on, values, set } = parseArguments(args);
    assertEquals([args, verb.name, operands, [...on], values, set], [args, ...expected]);
  }
  assertEquals(meaning("--", "-odd.yaml"), ["run", ["-odd.yaml"], [], {}, {}]);
  assertEquals(meaning("-"), ["run", ["-"], [], {}, {}]);
});

Deno.test("parseArguments() collects --set, values with = and nothing included", () => {
  const { set } = parseArguments(["a.yaml", "--set", "a=1", "--set=b=x=y", "--set", "c=", "--set", "a=2"]);
  assertEquals(set, { a: "2", b: "x=y", c: "" });
});

for (
  const [args, sentence] of [
    [[], `Cannot run as no recipe is named: write "meshtailor RECIPE.yaml", or --help`],
    [["check"], `Cannot check as no recipe is named: write "meshtailor check RECIPE.yaml", or --help`],
    [["inspect"], `Cannot inspect as no file is named: write "meshtailor inspect FILE", or --help`],
    [
      ["a.yaml", "b.yaml"],
      `Cannot read the command as run takes one name: there are 2 (a.yaml, b.yaml); write "meshtailor RECIPE.yaml"`,
    ],
    [["chekc", "a.yaml"], `Cannot run as "chekc" is no verb: did you mean "check"?`],
    [["a.yaml", "--quite"], "Cannot run as --quite is no option: did you mean --quiet?"],
    [["a.yaml", "--maxmemory=1MiB"], "Cannot run as --maxmemory is no option: did you mean --max-memory?"],
    [["a.yaml", "--banana"], "Cannot run as --banana is no option"],
    [["a.yaml", "-qx"], "Cannot run as -x is no option: those of one letter are -o, -q, -h, -V"],
    [["a.yaml", "--out"], "Cannot run as --out needs a value: write --out DIR"],
    [["a.yaml", "--out", "--json"], "Cannot run as --out needs a value: write --out DIR"],
    [["a.yaml", "--out="], "Cannot run as --out needs a value: write --out DIR"],
    [["a.yaml", "--json=no"], `Cannot run as --json takes no value: leave "no" out`],
    [
      ["a.yaml", "--exact"],
      "Cannot use --exact with run as it is an option of plan: see meshtailor run --help",
    ],
    [["steps", "--out", "x"], "Cannot use --out with steps as it is an option of run: see meshtailor steps --help"],
    [["a.yaml", "--set", "gap"], "Cannot read --set gap as it must be name=value: write --set clearance=8mm"],
  ] as const
) {
  Deno.test(`parseArguments() refuses "${args.join(" ")}"`, () => {
    const error = assertThrows(() => parseArguments(args), UsageError);
    assertEquals((error as Error).message, sentence);
  });
}

Deno.test("parseArguments() reads every example of every help", () => {
  for (const { name, examples } of VERBS) {
    for (const example of examples) {
      const words = example.replace(/ [|>].*$/, "").split(" ");
      assertEquals([example, parseArguments(words).verb.name], [example, name]);
    }
  }
});

Deno.test("flags have names and letters of their own, and each is taken by a verb", () => {
  const letters = FLAG_ENTRIES.flatMap(([, { letter }]) => letter ?? []);
  assertEquals(new Set(letters).size, letters.length);
  const taken = new Set(VERBS.flatMap(({ flags }) => flags));
  const common = ["trace", "help", "version"];
  assertEquals(Object.keys(FLAGS).filter((flag) => !taken.has(flag as never)), common);
});
