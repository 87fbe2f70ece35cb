import { InputFileError } from "../io/gltf/input_file_error.ts";
import { main } from "../cli/main.ts";
import { nearest } from "../recipes/nearest.ts";
import type { FileIO } from "../cli/file_io.ts";

/** The recipe that every case breaks. */
export const SOUND = `version: 1
params:
  clearance: { type: length, default: 6mm, max: 50mm }
inputs:
  body: mannequin_heavy.glb
  armor: cuirass.glb
steps:
  - fit: { mesh: armor, to: body, clearance: $clearance }
  - smooth: { mesh: armor, iterations: 4 }
  - recompute-normals: { mesh: armor, crease: 50deg }
  - transfer-weights: { mesh: armor, from: body }
outputs:
  fitted: { mesh: armor, file: out/armor.glb }
`;

/** A way to break it. */
export interface BrokenRecipe {
  /** A heading. */
  readonly title: string;
  /** Why it is worth a message of its own. */
  readonly remark: string;
  /** Passages and what stands in their place. */
  readonly changes: readonly (readonly [string | RegExp, string])[];
  /** What is run, when it is not a check. */
  readonly args?: readonly string[];
}

/** Ten of them. */
export const BROKEN_RECIPES: readonly BrokenRecipe[] = [
  {
    title: "A misspelt option, and a misspelt step",
    remark: "Everything is said at once, in the order of the file. Nothing unknown is passed over.",
    changes: [["to: body, clearance", "to: body, clearence"], ["transfer-weights", "tranfer-weights"]],
  },
  {
    title: "A number without its unit",
    remark: "A bare angle may mean degrees to one tool and radians to the next.",
    changes: [["50deg", "50"], ["default: 6mm", "default: 6 milli"]],
  },
  {
    title: "Words and numbers that YAML dialects read differently",
    remark: "`017` is 15 to some parsers and 17 to others, `no` is false or text: here they are neither.",
    changes: [["iterations: 4", "iterations: 017, method: no"]],
  },
  {
    title: "A tab",
    remark: "YAML forbids tabs in indentation, and most editors hide them.",
    changes: [["  - smooth", "\t- smooth"]],
  },
  {
    title: "A reference without quotes in braces",
    remark: "The second brace ends the map, so what a YAML parser would report is somewhere else.",
    changes: [["$clearance", "${clearance}"]],
  },
  {
    title: "Names that lead nowhere",
    remark: "A mesh that does not exist, and an input that nothing uses.",
    changes: [["from: body }", "from: boby }"], [
      "  armor: cuirass.glb\n",
      "  armor: cuirass.glb\n  boots: boots.glb\n",
    ]],
  },
  {
    title: "A parameter out of its range",
    remark: "What was said on the command line is reported there, not in the recipe.",
    changes: [],
    args: ["check", "armor.yaml", "--set", "clearance=80mm"],
  },
  {
    title: "A step that needs what nobody has written",
    remark: "The cuirass has no skin weights to take from. This is known from the files, before anything is computed.",
    changes: [["mesh: armor, from: body }", "mesh: armor, from: other }"], [
      "  armor:",
      "  other: cuirass.glb\n  armor:",
    ]],
  },
  {
    title: "A file that is not there",
    remark: "It is reported where the recipe names it.",
    changes: [["cuirass.glb", "cuirrass.glb"]],
  },
  {
    title: "A fit that is not as good as asked",
    remark: "`expect` is a gate: the run ends there, and nothing is written.",
    changes: [[
      / {2}- fit(.|\n)*? {2}- recompute/,
      "  - expect: { mesh: armor, against: body, inside: { max: 0% } }\n  - recompute",
    ], [/params:\n.*\n/, ""]],
    args: ["run", "armor.yaml"],
  },
];

/** What the command line answers, and the code it ends with. */
export async function answerTo(
  { changes, args = ["check", "armor.yaml"] }: BrokenRecipe,
): Promise<{ lines: string[]; code: number }> {
  const recipe = changes.reduce((text, [passage, replacement]) => {
    const changed = text.replace(passage, () => replacement);
    if (changed === text) throw new TypeError(`Cannot break the recipe as it lacks ${passage}`);
    return changed;
  }, SOUND);
  const lines: string[] = [];
  const say = (line: string) => lines.push(...line.split("\n"));
  const code = await main(args, {
    print: say,
    fault: say,
    files: () => libraryFiles(recipe),
    similarFile: (path) => Promise.resolve(nearest(path, ["cuirass.glb", "mannequin_heavy.glb"])),
  });
  return { lines, code };
}

/** The recipe beside the meshes of the library; nothing is written. */
function libraryFiles(recipe: string): FileIO {
  const meshes = new URL("../recipes/library/meshes/", import.meta.url);
  return {
    readRecipe: () => Promise.resolve(new TextEncoder().encode(recipe)),
    read: (path) =>
      Deno.readFile(new URL(path, meshes)).catch(() => {
        throw new InputFileError(`Cannot read "${path}" as there is no such file`, { file: path });
      }),
    readBeside: () => Promise.reject(new TypeError("Cannot read beside a .glb as it names no other file")),
    resolve: (_, path) => path,
    write: () => Promise.reject(new TypeError("Cannot write as these recipes are broken")),
  };
}
