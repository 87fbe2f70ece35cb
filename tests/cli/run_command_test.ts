import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { RunReport } from "../../recipes/report.ts";
import { changed, FILES, run } from "./_in_process.ts";

Deno.test("run writes its outputs below --out; --dry-run does all but that", async () => {
  const wet = await run(["recipe.yaml", "--out", "build"]);
  assertEquals([wet.code, wet.stderr, [...wet.written.keys()]], [0, "", ["build/out/fitted.glb"]]);
  assertMatch(wet.stdout, /wrote {2}build\/out\/fitted.glb \(\d+ KiB\) in/);
  const dry = await run(["run", "recipe.yaml", "--out", "build", "--dry-run"]);
  assertEquals([dry.code, dry.stderr, dry.written.size], [0, "", 0]);
  assertMatch(dry.stdout, /would write build\/out\/fitted.glb \(\d+ KiB\) in/);
  const { dryRun, inUseBytes } = JSON.parse((await run(["recipe.yaml", "--dry-run", "--json"])).stdout);
  assertEquals([dryRun, inUseBytes], [true, 0]);
});

Deno.test("run stays within --max-memory, ends with 5 where it cannot, and says what would do", async () => {
  const { code, stderr, stdout, written } = await run(["recipe.yaml", "--max-memory", "200KiB"]);
  assertEquals([code, stdout, written.size], [5, "", 0]);
  const found = /error\[over-budget\]: Cannot fit garment within .* smallest budget for this recipe is ([\d.]+)MiB/
    .exec(stderr);
  assert(found !== null, stderr);
  assertStringIncludes(stderr, "1 fault in recipe.yaml: nothing was written");
  assertEquals((await run(["recipe.yaml", "-q", `--max-memory=${found[1]}MiB`])).code, 0);
  for (const size of ["3", "3MB", "lots"]) {
    const refused = await run(["recipe.yaml", `--max-memory=${size}`]);
    assertEquals([size, refused.code], [size, 2]);
    assertStringIncludes(refused.stderr, `error: --max-memory takes an amount of memory, such as 256MiB: "${size}"`);
  }
});

Deno.test("run poisons and watches memory when it is asked to, and says the same", async () => {
  const quiet = (report: string) =>
    (JSON.parse(report) as RunReport).ops.map(({ label, measures }) => ({ label, measures }));
  const [plain, flagged, env] = [
    await run(["recipe.yaml", "--json"]),
    await run(["recipe.yaml", "--json", "--debug-memory"]),
    await run(["recipe.yaml", "--json"], FILES, { env: () => "trace,memory" }),
  ];
  const reuses = ({ stdout }: { stdout: string }) => (JSON.parse(stdout) as RunReport).pool.reuses;
  assertEquals([quiet(flagged.stdout), quiet(env.stdout)], [quiet(plain.stdout), quiet(plain.stdout)]);
  assert(reuses(flagged) < reuses(plain)); // what is watched comes back into use late
  assertEquals(reuses(env), reuses(flagged));
});

Deno.test("run shows where an unexpected failure arose only when it is asked to", async () => {
  const fault = new TypeError("Out of luck");
  const files = () => {
    throw fault;
  };
  const said = await run(["recipe.yaml"], FILES, { files });
  assertEquals([said.code, said.stdout], [1, ""]);
  assertEquals(
    said.stderr,
    "error: Out of luck\nThis was not expected: run again with --trace to see where in the code it arose",
  );
  for (const [args, env] of [[["--trace"], undefined], [[], "trace"]] as const) {
    const traced = await run(["recipe.yaml", ...args], FILES, { files, env: () => env });
    assertMatch(traced.stderr, /error: Out of luck\nTypeError: Out of luck\n +at .*run_command_test\.ts/);
  }
});

Deno.test("run obeys nothing that a recipe or a file says to the terminal", async () => {
  const named = await run(["recipe.yaml"], changed(["name: small", 'name: "\\e[2Jsmall"']));
  assertEquals(named.code, 0);
  assertEquals(named.stdout.includes("\x1b"), false);
  const missing = await run(["recipe.yaml"], changed(["body: body.glb", 'body: "\\e[2J.glb"']));
  assertEquals(missing.code, 2);
  assertEquals(missing.stderr.includes("\x1b"), false);
});

Deno.test("run ends with 130 and writes nothing when it is interrupted, wherever it is", async () => {
  const waiting: Promise<Uint8Array> = new Promise(() => {});
  for (const phase of ["reading", "fitting"]) {
    const stop: { listener?: () => void; removed: boolean } = { removed: false };
    const onInterrupt = (listener: () => void) => {
      stop.listener = listener;
      setTimeout(listener, 30);
      return () => void (stop.removed = true);
    };
    const files = changed(["clearance: $gap", "clearance: $gap, method: shrinkwrap, iterations: 10000"]);
    const said = await run(["recipe.yaml"], files, {
      onInterrupt,
      ...(phase === "reading"
        ? {
          files: () => ({
            readRecipe: () => Promise.resolve(new TextEncoder().encode(files["recipe.yaml"] as string)),
            read: () => waiting,
            readBeside: () => waiting,
            resolve: (_, path) => path,
            write: () => Promise.reject(new TypeError("written")),
          }),
        }
        : {}),
    });
    assertEquals([phase, said.code, said.stdout, said.stderr, said.written.size, stop.removed], [
      phase,
      130,
      "",
      "interrupted: nothing was written",
      0,
      true,
    ]);
  }
});
