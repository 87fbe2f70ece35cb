import { assert, assertEquals, assertRejects } from "@std/assert";
import { type FileIO, fileIO } from "../../cli/file_io.ts";

/** A recipe that copies `in.glb`. */
export const COPY = `version: 1
inputs: { mesh: in.glb }
steps: []
outputs: { copy: { mesh: mesh, file: copy.glb } }
`;

/** File access for outputs in a folder. */
export function filesOf(out: string, options: { force?: boolean; root?: string } = {}): FileIO {
  return fileIO({ out, force: false, ...options });
}

/** Writes files as a run does: asks first, then writes. */
export async function writeAs(io: FileIO, files: Record<string, Uint8Array>): Promise<ReadonlyMap<string, string>> {
  await io.assertWritable!(Object.keys(files));
  return await io.write(new Map(Object.entries(files)));
}

/** Asserts that a promise is refused with one sentence of a class. */
export async function assertSentence(name: string, sentence: string, action: () => Promise<unknown>): Promise<void> {
  const error = await assertRejects(action);
  const { message } = error as Error;
  assertEquals([(error as Error).name, message], [name, sentence]);
  assert(!message.endsWith(".") && !message.includes("\n"));
}

/** Runs a program and says whether it succeeded; one that is not there, or may not be run, did not. */
export async function succeeds(program: string, ...args: string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args, stdin: "null", stdout: "null", stderr: "null" }).output()).success;
  } catch {
    return false;
  }
}

/** Whether this system lets us make a disk of our own. */
export const canMount: boolean = Deno.build.os === "linux" && await (async () => {
  const folder = await Deno.makeTempDir();
  try {
    return await succeeds("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder) &&
      await succeeds("umount", folder);
  } finally {
    await Deno.remove(folder);
  }
})();

/** A small disk that is gone after `use`. */
export async function onDisk(options: string, use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "meshtailor-disk-" });
  try {
    assert(await succeeds("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder));
    await use(folder);
  } finally {
    await succeeds("umount", folder);
    await Deno.remove(folder);
  }
}

/** Whether permission bits keep us out of a folder; they do not keep out the superuser. */
export const canCloseFolders: boolean = await (async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.chmod(folder, 0o500);
    await Deno.writeTextFile(`${folder}/a`, "");
    return false;
  } catch {
    return Deno.build.os !== "windows";
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
})();
