import type { IssueCode } from "../recipes/issue.ts";
import type { FINDING_CODES } from "./findings.ts";

/** What stands behind a code: why it is an error, and a part of a recipe that has it. */
export interface Explanation {
  /** Why, in a sentence or two. */
  readonly why: string;
  /** Sections of a recipe that have just this fault; the rest of the recipe is as in {@linkcode BASE}. */
  readonly wrong?: string;
}

/** A recipe that fragments are put into: a section they have takes the place of the one here. */
export const BASE = `version: 1
inputs: { body: body.glb, armor: armor.glb }
steps:
  - fit: { mesh: armor, to: body }
outputs: { fitted: { mesh: armor, file: armor.glb } }
`;

const step = (line: string) => `steps:\n  - ${line}\n`;
const alone = (steps: string) => `inputs: { armor: armor.glb }\n${steps}`;

/** Every code of a message explained: what \`meshtailor help CODE\` and the page of messages tell. */
export const EXPLANATIONS: Readonly<Record<IssueCode | keyof typeof FINDING_CODES, Explanation>> = {
  "file-too-large": {
    why:
      "A recipe is a page of text. A file of more than 1 MiB is another one, such as a mesh, and is not read to its end.",
  },
  "not-text": {
    why:
      "A recipe is UTF-8 text. In another encoding letters change unseen, and what cannot be seen, such as a zero byte, has no business in it.",
  },
  "tab-indentation": {
    why: "YAML forbids tabs in indentation, and editors show them like spaces.",
    wrong: "steps:\n\t- fit: { mesh: armor, to: body }\n",
  },
  "too-deep": {
    why: "Recipes nest four or five levels deep. Thousands of brackets are a mistake, or meant to keep a parser busy.",
    wrong: `params: ${"[".repeat(65)}\n`,
  },
  "too-many-values": {
    why:
      "Aliases can make a kilobyte of text mean a thousand million values. They are counted before they are expanded.",
  },
  "bare-reference": {
    why:
      "Inside { } YAML takes the brace of ${name} for the end of the map, so what a parser would report is somewhere else.",
    wrong: step("fit: { mesh: armor, to: body, clearance: ${gap} }"),
  },
  "bad-yaml": {
    why: "The text cannot be read from here on. Often what is missing is a line above: a quote, a comma, a bracket.",
    wrong: step("fit: { mesh: armor, to: body"),
  },
  "several-documents": {
    why: "Which of two documents would be the recipe?",
    wrong: `${BASE}---\nversion: 1\n`,
  },
  "duplicate-key": {
    why: "Of two values for one key, most tools take the last and say nothing.",
    wrong: step("fit: { mesh: armor, to: body, mesh: body }"),
  },
  "yaml-tag": {
    why: "Tags tell a parser which type to make, code included. In a recipe the option says what its value is.",
    wrong: step("fit: { mesh: armor, to: body, iterations: !!int 4 }"),
  },
  "merge-key": {
    why: "Merge keys are no part of YAML 1.2, and hide which options a step has.",
    wrong: "steps:\n  - fit: &tight { mesh: armor, to: body }\n  - fit: { <<: *tight, clearance: 4mm }\n",
  },
  "complex-key": {
    why: "Keys are names. YAML would take a map or a list for one.",
    wrong: step("fit: { [mesh]: armor }"),
  },
  "cycle": {
    why: "A value cannot hold itself.",
    wrong: "memory: &m { max: *m }\n",
  },
  "empty-recipe": {
    why: "There is nothing to do. `meshtailor new fit armor.yaml` writes a recipe to begin with.",
  },
  "bad-shape": {
    why: "Every part of a recipe is a map, a list or one value, and something else stands here.",
    wrong: "steps: fit\n",
  },
  "no-value": {
    why: "A colon with nothing behind it may mean the default, nothing, or that something was forgotten. Say which.",
    wrong: step("fit: { mesh: armor, to: body, clearance: }"),
  },
  "unknown-version": {
    why: "In another version of the language everything else may mean something else, so nothing else is checked.",
    wrong: "version: 2\n",
  },
  "unknown-key": {
    why: "What nobody reads would be passed over in silence: you would think it was done.",
    wrong: "output: {}\n",
  },
  "missing-key": {
    why: "This part has to be there. Where there is nothing to say, say so: `outputs: {}`, `steps: []`.",
    wrong: "outputs: { fitted: { mesh: armor } }\n",
  },
  "bad-name": {
    why: "Names are used in references, on the command line and in files, so they have letters, digits, - and _ alone.",
    wrong: 'outputs: { "my armor": { mesh: armor, file: armor.glb } }\n',
  },
  "unknown-step": {
    why: "`meshtailor steps` lists what there is; a step of your own comes in with --steps.",
    wrong: step("fitt: { mesh: armor, to: body }"),
  },
  "several-steps": {
    why: "An item of the list is one step, so that there is no question which is done first.",
    wrong: "steps:\n  - fit: { mesh: armor, to: body }\n    smooth: { mesh: armor }\n",
  },
  "misplaced-key": {
    why: "`id`, `if` and `as` belong to the list: they stand beside a step's name. Options stand behind it.",
    wrong: step("fit: { mesh: armor, to: body, id: tight }"),
  },
  "unknown-option": {
    why: "A step takes the options of its page and no other: one that is misspelt would leave the default in force.",
    wrong: step("fit: { mesh: armor, to: body, clearence: 4mm }"),
  },
  "missing-option": {
    why: "There is no default that would be right.",
    wrong: step("fit: { mesh: armor }"),
  },
  "wrong-kind": {
    why:
      "The option decides what text means, not a YAML dialect. So `017` is no number, `yes` is no boolean, and both are said instead of guessed.",
    wrong: step("fit: { mesh: armor, to: body, iterations: 017 }"),
  },
  "unknown-unit": {
    why: "50 may be degrees to one tool and radians to the next, and 3 in a file of inches is not 3 mm.",
    wrong: alone(step("recompute-normals: { mesh: armor, crease: 50 }")),
  },
  "out-of-range": {
    why: "The value reads well and is beyond what the step can do, or what the recipe's author allowed.",
    wrong: step("fit: { mesh: armor, to: body, clearance: -1mm }"),
  },
  "unknown-value": {
    why: "The option takes one of a few words.",
    wrong: alone(step("smooth: { mesh: armor, method: taubim }")),
  },
  "bad-value": {
    why: "The value is of the right kind, and still none that could be used.",
    wrong: 'outputs: { fitted: { mesh: armor, file: "" } }\n',
  },
  "unknown-mesh": {
    why: "Meshes come from `inputs` and from `as:`; a name that leads nowhere is a slip, or a file that was forgotten.",
    wrong: step("fit: { mesh: armour, to: body }"),
  },
  "mesh-too-early": {
    why: "Steps run from top to bottom; what `as:` makes is there from that step on.",
    wrong: "steps:\n  - smooth: { mesh: draft }\n  - fit: { mesh: armor, to: body }\n    as: draft\n",
  },
  "same-mesh": {
    why: "A mesh that is fitted to itself, or is its own measure, says nothing.",
    wrong: step("fit: { mesh: armor, to: armor }").replace(
      /$/,
      "outputs: { a: { mesh: armor, file: a.glb }, b: { mesh: body, file: b.glb } }\n",
    ),
  },
  "unknown-selection": {
    why: "Selections come from `select` steps with `as:`.",
    wrong: alone(step("smooth: { mesh: armor, only: buttons }")),
  },
  "selection-too-early": {
    why: "A selection is there from its `select` step on.",
    wrong: alone(
      "steps:\n  - smooth: { mesh: armor, only: hem }\n  - select: { mesh: armor, openings: {} }\n    as: hem\n",
    ),
  },
  "other-mesh": {
    why: "A selection is of the vertices of one mesh and means nothing on another.",
    wrong: "steps:\n  - select: { mesh: body, openings: {} }\n    as: hem\n  - smooth: { mesh: armor, only: hem }\n",
  },
  "unused-selection": {
    why: "Whoever selected something meant to use it.",
    wrong: alone("steps:\n  - select: { mesh: armor, openings: {} }\n    as: hem\n"),
  },
  "name-taken": {
    why: "One name for two things would leave open which is meant.",
    wrong: "steps:\n  - fit: { mesh: armor, to: body }\n  - smooth: { mesh: armor }\n    as: body\n",
  },
  "unused-input": {
    why: "A file that is named and never used is a forgotten step, or a forgotten line.",
    wrong: "inputs: { body: body.glb, armor: armor.glb, boots: boots.glb }\n",
  },
  "lost-result": {
    why: "Work that no output writes and no step looks at is lost. Most often the output names the wrong mesh.",
    wrong: "outputs: { fitted: { mesh: body, file: body.glb } }\n",
  },
  "unused-parameter": {
    why: "Whoever sets it with --set would change nothing.",
    wrong: "params: { gap: { type: length, default: 4mm } }\n",
  },
  "unknown-parameter": {
    why: "`$name` and `--set name=…` refer to a parameter of the recipe.",
    wrong: step("fit: { mesh: armor, to: body, clearance: $gap }"),
  },
  "missing-parameter": {
    why: "A parameter without a default is a question to whoever runs the recipe.",
    wrong: `params: { gap: { type: length } }\n${step("fit: { mesh: armor, to: body, clearance: $gap }")}`,
  },
  "bad-reference": {
    why: "A dollar begins a reference to a parameter. Nothing is computed in a recipe, and nothing is run.",
    wrong: step('fit: { mesh: armor, to: body, clearance: "${2 * 4}mm" }'),
  },
  "bad-path": {
    why:
      "A recipe from somebody else must not write where you did not let it: outputs stay in their folder, on every system.",
    wrong: "outputs: { fitted: { mesh: armor, file: ../armor.glb } }\n",
  },
  "same-file": {
    why: "The second would replace the first.",
    wrong: "outputs: { a: { mesh: armor, file: a.glb }, b: { mesh: body, file: ./A.glb } }\n",
  },
  "input-file": {
    why:
      "`meshtailor inspect FILE` says what is in a file. A recipe that is right otherwise ends with 3 here, not with 2.",
  },
  "missing-skin": {
    why:
      "Skin weights come with the file of a body, or from `transfer-weights`. This is known before anything is computed.",
  },
  "missing-normals": {
    why: "Normals come with the file, or from `recompute-normals`.",
  },
  "missing-uvs": {
    why: "Texture coordinates come with the file and from nowhere else.",
  },
  "missing-joints": {
    why:
      "Joints are those of the skeleton the mesh is bound to: of its file, or of the body its weights were taken from.",
  },
  "unknown-material": {
    why: "Names of materials are those of the file, letter for letter; a * stands for any letters.",
  },
  "unknown-part": {
    why: "Names of nodes, meshes and primitives are those of the file, letter for letter; a * stands for any letters.",
  },
  "unknown-joint": {
    why: "Names of joints are those of the skeleton, letter for letter; a * stands for any letters.",
  },
  "empty-selection": {
    why:
      "A step that works on nothing does nothing, which is hardly meant. The message says how many places each criterion left; `allowEmpty: true` is for a mesh that may do without.",
  },
  "other-pose": {
    why:
      "Weights hold for the pose they were painted in: where a body stands in T and a garment in A, a sleeve lies on the wrong skin. `pose` says what to do about it.",
  },
  "over-budget": {
    why: "What a recipe leases is known before its first step. `meshtailor plan` shows which step needs how much.",
  },
  "gate": {
    why: "An `expect` step is there to fail: nothing was written. The run ends with 4, so that a build stops.",
  },
  "step-failed": {
    why: "The step could not work with these meshes, and says why. Nothing was written, and all memory is back.",
  },
  "odd-size": {
    why:
      "A length larger than the meshes is allowed and hardly meant: 8 without a unit is 8 m, and a file in centimetres is a hundred times too large.",
  },
};

/** A fragment in a whole recipe: its sections in the place of those of {@linkcode BASE}. */
export function completed(fragment: string): string {
  const keys = [...fragment.matchAll(/^(\w+):/gm)].map(([, key]) => key);
  if (BASE.split("\n").every((line) => line === "" || fragment.includes(line))) return fragment;
  const sections = BASE.split(/^(?=\w)/m).filter((section) => !keys.includes(section.split(":")[0]));
  const version = sections.filter((section) => section.startsWith("version"));
  return [...version, fragment, ...sections.filter((section) => !section.startsWith("version"))].join("");
}
