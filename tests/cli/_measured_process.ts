import { succeeds } from "./_files.ts";
import { faultsIn } from "./_process.ts";

const CLI = new URL("../../cli.ts", import.meta.url).pathname;

/** How a process ended and what it cost. */
export interface Measured {
  readonly code: number;
  readonly stdout: string;
  /** What it said on stderr. */
  readonly faults: string;
  /** The most memory it held. */
  readonly peakBytes: number;
  readonly seconds: number;
  /** Seconds of a processor, which no other program makes longer. */
  readonly processorSeconds: number;
}

/** Whether the tool that measures a process is there. */
export const canMeasure: boolean = Deno.build.os === "linux" && await succeeds("/usr/bin/time", "-v", "true");

/** Runs `deno run -RW cli.ts <args>` as a user would, and measures it. */
export async function runMeasured(args: readonly string[]): Promise<Measured> {
  const started = performance.now();
  const { code, stdout, stderr } = await new Deno.Command("/usr/bin/time", {
    args: ["-v", Deno.execPath(), "run", "--no-prompt", "-RW", CLI, ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const seconds = (performance.now() - started) / 1000, decoder = new TextDecoder(), said = decoder.decode(stderr);
  const [faults] = said.split("\tCommand being timed");
  return {
    code,
    stdout: decoder.decode(stdout),
    faults: faultsIn(faults).replace(/Command exited with non-zero status \d+\n/, ""),
    peakBytes: 1024 * Number(/Maximum resident.*: (\d+)/.exec(said)![1]),
    seconds,
    processorSeconds: Number(/User time.*: ([\d.]+)/.exec(said)![1]) + Number(/System time.*: ([\d.]+)/.exec(said)![1]),
  };
}
