import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { FLAGS } from "../../cli/flags.ts";
import { helpPage, verbPage } from "../../cli/help.ts";
import { VERBS } from "../../cli/verbs.ts";
import { changed, FILES, RECIPE, run } from "./_in_process.ts";

const PAGE = helpPage().join("\n");

Deno.test("--help names every verb and every exit code, within 100 columns", async () => {
  for (const { name, operands } of VERBS) assertStringIncludes(PAGE, `${name} ${operands}`);
  for (const code of ["0 done", "2 usage", "130 interrupted"]) assertStringIncludes(PAGE, code);
  assertEquals(PAGE.split("\n").filter((line) => line.length > 100), []);
  for (const args of [["--help"], ["-h"], ["help"], ["--help", "--trace"]]) {
    assertEquals([args, (await run(args)).stdout], [args, PAGE]);
  }
});

for (const verb of VERBS) {
  Deno.test(`${verb.name} --help shows its options, permissions and examples`, async () => {
    const page = verbPage(verb).join("\n");
    for (const flag of [...verb.flags, "help"] as const) {
      assertStringIncludes(page, `--${flag}`);
      assertStringIncludes(page, FLAGS[flag].doc.slice(0, 30));
    }
    for (const part of ["usage\n", "\nexamples\n", "\npermissions\n", "\nexit codes\n"]) {
      assertStringIncludes(page, part);
    }
    assert(verb.examples.length > 0);
    assertEquals(page.split("\n").filter((line) => line.length > 100), []);
    if (verb.name !== "help") assertEquals((await run([verb.name, "--help"])).stdout, page);
    assertEquals((await run(["help", verb.name])).stdout, page);
  });
}

Deno.test("help suggests the verb that was meant", async () => {
  assertEquals(await run(["help", "chekc"]), {
    code: 2,
    stdout: "",
    stderr: `error: Cannot help with "chekc" as it is neither a verb nor the code of a message: did you mean "check"?`,
    written: new Map(),
  });
});

Deno.test("RECIPE.yaml --help shows its description, and its parameters with type, default, range and doc", async () => {
  const { code, stdout, stderr } = await run(["recipe.yaml", "--help"]);
  assertEquals([code, stderr], [0, ""]);
  assertEquals(
    stdout,
    `small: A cap on a ball

usage
  meshtailor recipe.yaml [--set NAME=VALUE …] [options]

parameters
  gap  default 10mm  Air: a length from 0mm to 50mm

reads
  body     body.glb
  garment  garment.glb

does
  fit garment               Moves a garment out of a body to a clearance and keeps its shape
  transfer-weights garment  Gives a garment the skeleton of a body and the skin weights of the
                            surface it lies on

writes
  fitted  out/fitted.glb

meshtailor run --help explains the options.`,
  );
});

Deno.test("RECIPE.yaml --help explains parameters that must be set, before they are", async () => {
  const { code, stdout } = await run(["run", "recipe.yaml", "--help"], changed([" default: 10mm,", ""]));
  assertEquals(code, 0);
  assertStringIncludes(stdout, "gap  must be set  Air: a length from 0mm to 50mm");
});

Deno.test("RECIPE.yaml --help helps with a recipe that has faults too, and says so", async () => {
  const { code, stdout } = await run(["recipe.yaml", "--help"], changed(["to: body", "too: body"]));
  assertEquals(code, 0);
  assertStringIncludes(stdout, "gap  default 10mm");
  assertStringIncludes(stdout, "It has 1 fault: meshtailor check recipe.yaml names it.");
  const nothing = await run(["recipe.yaml", "--help"], { "recipe.yaml": "{" });
  assertStringIncludes(nothing.stdout, "It has 1 fault");
});

Deno.test("RECIPE.yaml --help obeys nothing that a recipe says to the terminal", async () => {
  const files = { ...FILES, "recipe.yaml": RECIPE.replace("A cap on a ball", '"\\e[2J gone"') };
  const { stdout } = await run(["recipe.yaml", "--help"], files);
  assertEquals(stdout.includes("\x1b"), false);
});

Deno.test("--version prints one line, whatever else is asked", async () => {
  for (const args of [["--version"], ["-V"], ["check", "--version"]]) {
    assertEquals((await run(args)).stdout.split("\n").length, 1);
  }
});
