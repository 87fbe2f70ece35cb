import { median } from "./race.ts";

const RUNS = 5, JOB = new URL("./cold_job.ts", import.meta.url).href;

async function once(job: string, path: string): Promise<number> {
  const args = ["run", "--no-prompt", "--no-check", "-R", "--allow-env", JOB, job, path];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  if (!success) throw new TypeError(`Cannot time "${job}" cold: ${new TextDecoder().decode(stderr)}`);
  return Number(new TextDecoder().decode(stdout));
}

/** Median CPU times of jobs of `cold_job.ts`, each the first thing its process does; in turns. */
export async function coldMs(jobs: readonly [job: string, path?: "simd" | "scalar"][]): Promise<number[]> {
  const times = jobs.map((): number[] => []);
  for (let run = 0; run < RUNS; run++) {
    for (const [i, [job, path = "simd"]] of jobs.entries()) times[i].push(await once(job, path));
  }
  return times.map(median);
}
