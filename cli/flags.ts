/** What may follow a verb, as help and the parser know it. */
export interface Flag {
  /** Placeholder of its value; without one it is a switch. */
  readonly value?: string;
  /** One letter that stands for it. */
  readonly letter?: string;
  /** Whether it may be given more than once. */
  readonly repeats?: boolean;
  /** One line for help. */
  readonly doc: string;
}

/** Every flag there is; a verb names those it takes. */
export const FLAGS = {
  set: { value: "NAME=VALUE", repeats: true, doc: "set a parameter of the recipe; may be repeated" },
  params: { value: "FILE.yaml", doc: "set parameters from a file of lines such as clearance: 8mm; --set wins" },
  steps: {
    value: "FILE.ts",
    repeats: true,
    doc: "add steps of your own; may be repeated. They are code, and may do what this process may",
  },
  out: { value: "DIR", letter: "o", doc: "folder the outputs are relative to (default: the working directory)" },
  root: { value: "DIR", doc: "another folder that links may lead outputs to" },
  force: { doc: "replace files that Meshtailor did not write" },
  "dry-run": { doc: "run every step and gate, and write nothing" },
  "max-memory": { value: "SIZE", doc: "most memory meshes and steps may have at one time, such as 256MiB" },
  against: { value: "BODY", doc: "the body the garment is measured against" },
  input: { value: "GARMENT", doc: "the garment as it was: what stretch is measured against" },
  truth: {
    value: "ANSWER",
    doc: "a known answer with the same vertices: how far the garment and its weights are from it",
  },
  exact: { doc: "read and weld the inputs first, as a run does: what it prints is what a run will lease" },
  markdown: { doc: "print a page of documentation" },
  json: { doc: "print the result as JSON" },
  quiet: { letter: "q", doc: "print nothing unless something is wrong" },
  "debug-memory": { doc: "poison released memory and report who touches it (or MESHTAILOR_DEBUG=memory)" },
  trace: { doc: "show where in the code an unexpected failure arose (or MESHTAILOR_DEBUG=trace)" },
  help: { letter: "h", doc: "print this" },
  version: { letter: "V", doc: "print the version" },
} as const satisfies Record<string, Flag>;

/** The name of a flag, without its dashes. */
export type FlagName = keyof typeof FLAGS;

/** Flags that every verb takes. */
export const COMMON_FLAGS: readonly FlagName[] = ["trace", "help", "version"];

/** Every flag by its name, as {@linkcode Flag}. */
export const FLAG_ENTRIES: readonly (readonly [FlagName, Flag])[] = Object.entries(FLAGS) as [FlagName, Flag][];
