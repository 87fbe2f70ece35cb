import { assert, assertEquals } from "@std/assert";
import { wavyBall } from "../recipes/_large_meshes.ts";
import { fileOf } from "../recipes/_memory_meshes.ts";
import { ballBody, cap } from "../recipes/_small_run.ts";
import { faultsIn, filesIn, inFolder } from "./_process.ts";

const CLI = new URL("../../cli.ts", import.meta.url).pathname;
const TERMINAL = new URL("../../cli/terminal.ts", import.meta.url).href;

/** Fits for minutes: many short iterations, or few that take as long as they can. */
const RUNS = [
  { what: "a long fit", body: () => ballBody(4), garment: () => cap(0.98, 5), options: "method: shrinkwrap" },
  {
    what: "a heavy fit",
    body: () => fileOf(wavyBall(150)),
    garment: () => fileOf(wavyBall(150, 0.9, -0.5)),
    options: "method: elastic, clearance: 0.5m",
  },
];

interface Interrupted {
  readonly code: number;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From the last Ctrl-C to the end. */
  readonly elapsedMs: number;
}

/** Starts a program, sends Ctrl-C at each of the times, milliseconds or once it has said something more, and waits for its end. */
async function interrupt(args: readonly string[], times: readonly (number | "said")[]): Promise<Interrupted> {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "-RW", ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const patience = setTimeout(() => process.kill("SIGKILL"), 20_000); // a test that fails, not one that hangs
  const said = process.stdout.pipeThrough(new TextDecoderStream()).getReader(),
    stderr = new Response(process.stderr).text();
  let stdout = "", sentAt = 0;
  const hear = async () => {
    const { done, value = "" } = await said.read();
    stdout += value;
    return !done;
  };
  for (const time of times) {
    if (time === "said") await hear();
    else await new Promise((resolve) => setTimeout(resolve, time));
    sentAt = performance.now();
    process.kill("SIGINT");
  }
  const { code, signal } = await process.status, elapsedMs = performance.now() - sentAt;
  clearTimeout(patience);
  while (await hear());
  return { code, signal, stdout, stderr: faultsIn(await stderr), elapsedMs };
}

for (const { what, body, garment, options } of RUNS) {
  Deno.test({
    name: `Ctrl-C ends ${what} within 200 ms with 130, says so, and leaves no file behind`,
    ignore: Deno.build.os === "windows", // there is no SIGINT to send
    fn: () =>
      inFolder(async (folder) => {
        await Deno.writeFile(`${folder}/body.glb`, body());
        await Deno.writeFile(`${folder}/garment.glb`, garment());
        await Deno.writeTextFile(
          `${folder}/recipe.yaml`,
          `version: 1
inputs: { body: body.glb, garment: garment.glb }
steps: [{ fit: { mesh: garment, to: body, ${options}, iterations: 10000 } }]
outputs: { fitted: { mesh: garment, file: out/fitted.glb } }
`,
        );
        const before = await filesIn(folder);
        const times: number[] = [];
        for (const afterMs of [1500, 3000, 4500, 4500, 4500, 4500]) { // the machine may be busy, we may not
          const { elapsedMs, ...ended } = await interrupt([CLI, `${folder}/recipe.yaml`, "--out", folder], [afterMs]);
          assertEquals(await filesIn(folder), before);
          if (ended.signal !== null) continue; // it had not even begun
          assertEquals(ended, { code: 130, signal: null, stdout: "", stderr: "interrupted: nothing was written\n" });
          if (elapsedMs <= 200) return;
          times.push(elapsedMs);
        }
        assert(false, `it took ${times.map((ms) => ms.toFixed(0)).join(", ")} ms`);
      }),
  });
}

Deno.test({
  name: "a second Ctrl-C ends the process at once, whatever it is busy with",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(
        `${folder}/busy.ts`,
        `import { terminal } from ${JSON.stringify(TERMINAL)};
const say = (word) => Deno.stdout.writeSync(new TextEncoder().encode(word));
terminal().onInterrupt(() => { say("stopping"); for (;;); });
setInterval(() => {}, 1000);
say("ready");
`,
      );
      const { signal, code, stdout } = await interrupt([`${folder}/busy.ts`], ["said", "said"]);
      assertEquals([signal, code, stdout], ["SIGINT", 130, "readystopping"]);
    }),
});
