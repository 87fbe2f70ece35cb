import type { FileIO, FileIOOptions } from "../../cli/file_io.ts";
import { type CliIO, main } from "../../cli/main.ts";
import { InputFileError } from "../../io/mod.ts";
import { ballBody, cap } from "../recipes/_small_run.ts";

/** What the command line said and did. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Files written, by path. */
  readonly written: ReadonlyMap<string, Uint8Array>;
}

/** A recipe that runs in an instant. */
export const RECIPE = `version: 1
name: small
description: A cap on a ball
params:
  gap: { type: length, default: 10mm, min: 0mm, max: 50mm, doc: Air }
inputs: { body: body.glb, garment: garment.glb }
steps:
  - fit: { mesh: garment, to: body, clearance: $gap }
  - transfer-weights: { mesh: garment, from: body }
outputs: { fitted: { mesh: garment, file: out/fitted.glb } }
`;

/** Files of the small run; text is a recipe. */
export const FILES: Readonly<Record<string, string | Uint8Array>> = {
  "recipe.yaml": RECIPE,
  "body.glb": ballBody(),
  "garment.glb": cap(0.98),
};

/** Runs the command line on files in memory. */
export async function run(
  args: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>> = FILES,
  io: Partial<CliIO> = {},
): Promise<Said> {
  const stdout: string[] = [], stderr: string[] = [], written = new Map<string, Uint8Array>();
  const code = await main(args, {
    print: (line) => stdout.push(line),
    fault: (line) => stderr.push(line),
    files: (options) => memoryFiles(files, written, options),
    ...io,
  });
  return { code, stdout: stdout.join("\n"), stderr: stderr.join("\n"), written };
}

/** The recipe with passages replaced. */
export function changed(...changes: readonly (readonly [string, string])[]): Record<string, string | Uint8Array> {
  const text = changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new TypeError(`no ${from} in the recipe`);
    return text.replace(from, () => to);
  }, RECIPE);
  return { ...FILES, "recipe.yaml": text };
}

function memoryFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
  written: Map<string, Uint8Array>,
  { out }: FileIOOptions,
): FileIO {
  const read = (path: string, fault: (why: string) => Error): Promise<Uint8Array> => {
    const found = files[path];
    if (found === undefined) return Promise.reject(fault(`Cannot read "${path}" as there is no such file`));
    return Promise.resolve(typeof found === "string" ? new TextEncoder().encode(found) : found);
  };
  return {
    readRecipe: (path) => read(path, (why) => new UnreadableError(why.replace("read ", "read the recipe "))),
    read: (path) => read(path, (why) => new InputFileError(why, { file: path })),
    readBeside: (_, path) => read(path, (why) => new InputFileError(why, { file: path })),
    resolve: (_, path) => path,
    write: (outputs) => {
      for (const [path, bytes] of outputs) written.set(`${out}/${path}`, bytes);
      return Promise.resolve(new Map([...outputs.keys()].map((path) => [path, `${out}/${path}`])));
    },
  };
}

class UnreadableError extends SyntaxError {
  override name = "RecipeError";
}
