import { assertEquals, assertLess } from "@std/assert";

/** Runs a program of the fixtures; without permissions, and without types to check. */
async function run(
  name: string,
  ...flags: string[]
): Promise<{ code: number; said: string; elapsedMs: number }> {
  const startedAt = performance.now();
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--no-lock", ...flags, name],
    cwd: new URL("fixtures/", import.meta.url),
    stderr: "null",
  }).output();
  const said = new TextDecoder().decode(stdout).trim();
  return { code, said, elapsedMs: performance.now() - startedAt };
}

Deno.test("BufferPool does not keep a process alive, although it keeps buffers for 30 seconds", async () => {
  const { code, said, elapsedMs } = await run("idle_process.ts");
  assertEquals([code, said], [0, "3 idle"]);
  assertLess(elapsedMs, 20_000);
});

Deno.test("BufferScope keeps nothing of frames that are closed: 100,000 of them fit in a heap of 24 MB", async () => {
  const { code, said } = await run(
    "frames_process.ts",
    "--v8-flags=--max-old-space-size=24",
  );
  assertEquals([code, said], [0, "16 bytes made, 0 in use"]);
});
