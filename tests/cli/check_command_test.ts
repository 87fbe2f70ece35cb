import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { CheckReport } from "../../cli/check_command.ts";
import { FINDING_CODES } from "../../cli/findings.ts";
import { CHECK_SCHEMA } from "../../cli/report_schemas.ts";
import { ISSUE_CODES } from "../../recipes/issue.ts";
import { changed, FILES, run } from "./_in_process.ts";
import { assertMatches } from "./_schema.ts";

const CHECK = ["check", "recipe.yaml"];

Deno.test("check says that nothing is wrong, how much there is and how much memory it takes; it writes nothing", async () => {
  const { code, stdout, stderr, written } = await run(CHECK);
  assertEquals([code, stderr, written.size], [0, "", 0]);
  assertEquals(
    /^recipe.yaml: 2 inputs, 2 steps, 1 output, [\d.]+ KiB on lease at the most: nothing is wrong$/.test(stdout),
    true,
  );
  assertEquals((await run([...CHECK, "--quiet"])).stdout, "");
});

Deno.test("check finds a fault of the recipe and a missing input at once, and ends with 2", async () => {
  const files = changed(["gap }", "gapp }"], ["garment.glb", "gone.glb"]);
  const { code, stdout, stderr } = await run(CHECK, files, { similarFile: () => Promise.resolve("garment.glb") });
  assertEquals([code, stdout], [2, ""]);
  assertEquals(
    stderr,
    `recipe.yaml:6:36: error[input-file]: Cannot read "gone.glb" as there is no such file
  6 | inputs: { body: body.glb, garment: gone.glb }
    |                                    ^^^^^^^^
    = help: Did you mean "garment.glb"?
recipe.yaml:8:48: error[unknown-parameter]: "$gapp" is not a parameter of this recipe: did you mean "$gap"?
  8 |   - fit: { mesh: garment, to: body, clearance: $gapp }
    |                                                ^^^^^
2 faults in recipe.yaml
to read on: meshtailor help input-file, meshtailor help unknown-parameter`,
  );
});

Deno.test("check ends with 3 where only inputs are wrong, and names all of them", async () => {
  const { "garment.glb": _, ...files } = FILES;
  const { code, stderr } = await run(CHECK, { ...files, "body.glb": new Uint8Array(3) });
  assertEquals(code, 3);
  assertStringIncludes(stderr, `recipe.yaml:6:17: error[input-file]: Cannot read "body.glb"`);
  assertStringIncludes(
    stderr,
    `recipe.yaml:6:36: error[input-file]: Cannot read "garment.glb" as there is no such file`,
  );
  assertStringIncludes(stderr, "2 faults in recipe.yaml");
});

Deno.test("check finds what a run would stumble over: values of a mesh, skin weights, the budget", async () => {
  const unskinned = await run(CHECK, { ...FILES, "body.glb": FILES["garment.glb"] });
  assertEquals(unskinned.code, 2);
  assertStringIncludes(
    unskinned.stderr,
    `recipe.yaml:9:23: error[missing-skin]: "transfer-weights" needs the skin weights`,
  );

  const body = (FILES["body.glb"] as Uint8Array).slice();
  new DataView(body.buffer).setFloat32(body.length - 8, 7, true); // somewhere in the last accessor: an index of 2^30
  const broken = await run(CHECK, { ...FILES, "body.glb": body });
  assertEquals(broken.code, 3);
  assertStringIncludes(broken.stderr, `recipe.yaml:6:17: error[input-file]: Cannot read "body.glb"`);

  const poor = await run([...CHECK, "--max-memory", "1KiB"]);
  assertEquals(poor.code, 5);
  assertStringIncludes(poor.stderr, "error[over-budget]: Cannot read body within 0.01MiB");
});

Deno.test("check holds the recipe's own budget, and the smaller one", async () => {
  const files = changed(["inputs:", "memory: { max: 1KiB }\ninputs:"]);
  assertEquals((await run(CHECK, files)).code, 5);
  assertEquals((await run([...CHECK, "--max-memory", "1GiB"], files)).code, 5);
  assertEquals((await run([...CHECK, "--max-memory", "1GiB"])).code, 0);
});

Deno.test("check questions a length that is larger than the meshes, and passes it", async () => {
  const { code, stdout, stderr } = await run(
    CHECK,
    changed(["clearance: $gap", "clearance: 8m"], [
      "params:\n  gap: { type: length, default: 10mm, min: 0mm, max: 50mm, doc: Air }\n",
      "",
    ]),
  );
  assertEquals(code, 0);
  assertStringIncludes(stderr, `recipe.yaml:6:48: warning[odd-size]: "clearance" of "fit" is 8m, more than the meshes`);
  assertStringIncludes(stdout, "nothing is wrong");
});

Deno.test("check takes parameters from a file, reports its faults at their places, and --set wins", async () => {
  const args = [...CHECK, "--params", "params.yaml"];
  const ask = (text: string, ...more: string[]) => run([...args, ...more], { ...FILES, "params.yaml": text });
  assertEquals((await ask("# nothing\n")).code, 0);
  assertEquals((await ask("gap: 20mm\n")).code, 0);
  const large = await ask("# for the heavy body\ngap: 80mm\n");
  assertEquals(large.code, 2);
  assertStringIncludes(large.stderr, `params.yaml:2:6: error[out-of-range]: Parameter "gap" must be from 0mm to 50mm`);
  assertEquals((await ask("gap: 80mm\n", "--set", "gap=20mm")).code, 0);
  const set = await ask("gap: 20mm\n", "--set", "gap=80mm");
  assertStringIncludes(set.stderr, "--set gap=80mm: error[out-of-range]");
  for (
    const [text, sentence] of [
      ["- gap", `params.yaml:1:1: error[bad-shape]: A file of parameters is a map of names and values: it is a list`],
      ["gap: [1]", `params.yaml:1:6: error[bad-shape]: A value is text: "gap" is a list`],
      ["gap:", `params.yaml:1:1: error[no-value]: Parameter "gap" has no value`],
      ["gap: 1mm\ngap: 2mm", `params.yaml:2:1: error[duplicate-key]`],
      ["gapp: 1mm", `params.yaml:1:7: error[unknown-parameter]: "gapp" is not a parameter of this recipe`],
      ["\tgap: 1mm", `params.yaml:1:1: error[tab-indentation]`],
    ]
  ) {
    const { code, stderr } = await ask(text);
    assertEquals(code, 2);
    assertStringIncludes(stderr, sentence);
  }
  const gone = await run(args);
  assertEquals([gone.code, gone.stderr], [
    2,
    `error: Cannot read the parameters in "params.yaml" as there is no such file`,
  ]);
});

Deno.test("check --json prints the same for programs, as its schema says", async () => {
  const cases: [Record<string, string | Uint8Array>, string[]][] = [
    [FILES, []],
    [changed(["gap }", "gapp }"]), []],
    [changed(["garment.glb", "gone.glb"]), []],
    [FILES, ["--set", "gap=2km"]],
    [FILES, ["--max-memory", "1KiB"]],
    [{ ...FILES, "body.glb": FILES["garment.glb"] }, []],
  ];
  const codes = { ...ISSUE_CODES, ...FINDING_CODES };
  const exitCodes: number[] = [];
  for (const [files, args] of cases) {
    const { code, stdout, stderr } = await run([...CHECK, "--json", ...args], files);
    const report: CheckReport = JSON.parse(stdout);
    assertEquals([stderr, report.exitCode, report.ok], ["", code, code === 0]);
    assertEquals(report.issues.filter(({ code }) => !Object.hasOwn(codes, code)), []);
    assertMatches(report, CHECK_SCHEMA);
    exitCodes.push(code);
  }
  assertEquals(exitCodes, [0, 2, 3, 2, 5, 2]);
});

Deno.test("check reports a recipe that is not there with the one that is, or with the verb that was meant", async () => {
  const io = { similarFile: () => Promise.resolve("recipe.yaml") };
  assertEquals(
    (await run(["check", "recpie.yaml"], FILES, io)).stderr,
    `error: Cannot read the recipe "recpie.yaml" as there is no such file: did you mean "recipe.yaml"?`,
  );
  const { code, stderr } = await run(["chekc"]);
  assertEquals([code, stderr], [2, `error: Cannot run as "chekc" is no verb: did you mean "check"?`]);
});

Deno.test("check shows colours only where it may", async () => {
  const files = changed(["to: body", "too: body"]);
  const [plain, coloured] = [await run(CHECK, files), await run(CHECK, files, { color: true })];
  assert(!plain.stderr.includes("\x1b") && coloured.stderr.includes("\x1b[31m"));
  // deno-lint-ignore no-control-regex -- colours are what is taken out
  assertEquals(coloured.stderr.replaceAll(/\x1b\[\d+m/g, ""), plain.stderr);
});
