import type { Answer } from "./race.ts";

/** A program of `bench/peers/` in a process of its own, which holds one job. */
export interface Peer {
  /** What it said first. */
  readonly hello: string;
  /** Does the job once: the numbers it prints, a checksum last. */
  round(): Promise<number[]>;
  end(): Promise<void>;
}

/** The sum of a peer's phases as one answer. */
export function answerOf(numbers: readonly number[]): Answer {
  return { ms: numbers.slice(0, -1).reduce((sum, ms) => sum + ms, 0), checksum: numbers.at(-1)! };
}

/**
 * Compiles a peer.
 *
 * @param flags Libraries it needs.
 * @returns Its path, or a sentence that says why there is none.
 */
export async function compilePeer(name: string, folder: string, flags: readonly string[] = []): Promise<string> {
  const source = new URL(`../peers/${name}.cpp`, import.meta.url).pathname, program = `${folder}/${name}`;
  const args = ["-O3", "-march=native", "-DNDEBUG", source, ...flags, "-o", program];
  try {
    const { success, stderr } = await new Deno.Command("c++", { args }).output();
    return success ? program : `skipped ${name}: ${new TextDecoder().decode(stderr).split("\n")[0]}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return `skipped ${name}: no c++ here`;
    throw error;
  }
}

/** Starts a compiled peer on a job. */
export async function startPeer(program: string, job: readonly ArrayBufferView[]): Promise<Peer> {
  const path = `${program}.job`;
  const parts = job.map(({ buffer, byteOffset, byteLength }) =>
    new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)
  );
  await Deno.writeFile(path, new Blob(parts).stream());
  const child = new Deno.Command(program, { args: [path], stdin: "piped", stdout: "piped" }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader(), input = child.stdin.getWriter();
  const line = async () => ((await lines.read()).value ?? "").trim();
  return {
    hello: await line(),
    async round() {
      await input.write(new TextEncoder().encode("\n"));
      return (await line()).split(" ").map(Number);
    },
    async end() {
      await input.close();
      await child.status;
      await lines.cancel();
    },
  };
}
