/** One import of a source file. */
export interface Import {
  line: number;
  specifier: string;
  typeOnly: boolean;
  dynamic: boolean;
}

/** What a layer may import; `types` marks layers of which only types are allowed. */
interface Layer {
  may: readonly string[];
  types?: readonly string[];
  /** Words it must not say, with the reason. */
  banned: readonly [RegExp, string][];
}

const DENO: [RegExp, string] = [
  /\bDeno\./,
  "only cli.ts and cli/ know the runtime",
];
const FITTING: [RegExp, string][] = [
  [/\bconsole\./, "fitting/ never sees the console"],
  [/\bDate\.now|\bnew Date\b|\bperformance\./, "fitting/ never sees a clock"],
  [/\bMath\.random\b/, "same input, same bits"],
];

const CORE = ["recipes", "fitting", "io", "pool"];

/** Layers point one way: down this table. */
export const LAYERS: Readonly<Record<string, Layer>> = {
  cli: { may: ["cli", "mod", ...CORE, "version"], banned: [] },
  mod: { may: [...CORE, "version"], banned: [DENO] },
  recipes: { may: [...CORE, "version"], banned: [DENO] },
  three: { may: ["three", "fitting", "io", "pool"], banned: [DENO] },
  io: { may: ["io", "pool", "version"], types: ["fitting"], banned: [DENO] },
  fitting: { may: ["fitting", "pool"], banned: [DENO, ...FITTING] },
  pool: { may: ["pool"], banned: [DENO] },
  version: { may: [], banned: [DENO] },
};

/** Bare specifiers that only some layers may name; what is not listed is free. */
const GUESTS: Readonly<Record<string, readonly string[]>> = {
  "@std/yaml": ["recipes"],
  "yaml": ["recipes"],
  "@std/cli": ["cli"],
  "three": ["io"],
};

/** The layer of a path relative to the root, `undefined` for what is none (tests, tools, …). */
export function layerOf(path: string): string | undefined {
  const first = path.split("/")[0]!.replace(/\.ts$/, "");
  return Object.hasOwn(LAYERS, first) ? first : undefined;
}

/** Every place where a file breaks the layers, as `file:line: what`. */
export function layerFaults(files: ReadonlyMap<string, string>): string[] {
  const faults: string[] = [];
  for (const [path, text] of files) {
    const layer = layerOf(path);
    if (layer === undefined) continue;
    for (const found of importsOf(text)) {
      const fault = importFault(path, layer, found);
      if (fault) faults.push(`${path}:${found.line}: ${fault}`);
    }
    codeLines(text).forEach((code, index) => {
      for (const [word, reason] of LAYERS[layer]!.banned) {
        const said = word.exec(code)?.[0];
        if (said) faults.push(`${path}:${index + 1}: "${said}": ${reason}`);
      }
    });
  }
  return faults;
}

function importFault(
  path: string,
  layer: string,
  { specifier, typeOnly }: Import,
): string | undefined {
  if (specifier.startsWith("@meshtailor/meshtailor")) {
    return `"${specifier}" is this package: name the file`;
  }
  if (!specifier.startsWith(".")) return guestFault(layer, specifier);
  const target = new URL(specifier, `file:///${path}`).pathname.slice(1);
  const targetLayer = layerOf(target);
  if (targetLayer === undefined) return `"${target}" is in no layer`;
  const { may, types = [] } = LAYERS[layer]!;
  if (may.includes(targetLayer)) return undefined;
  if (!types.includes(targetLayer)) {
    return `"${layer}" may not import "${target}"`;
  }
  return typeOnly ? undefined : `"${layer}" may import only types from "${target}"`;
}

function guestFault(layer: string, specifier: string): string | undefined {
  if (specifier.startsWith("node:") && layer !== "cli") {
    return `"${specifier}" is not there in browsers`;
  }
  const guest = Object.keys(GUESTS).find((name) => specifier === name || specifier.startsWith(`${name}/`));
  if (guest === undefined || GUESTS[guest]!.includes(layer)) return undefined;
  return `"${layer}" may not import "${specifier}": only ${GUESTS[guest]} may`;
}

// `deno fmt` puts every static import at the start of a line, so an example in a comment cannot match.
const STATIC =
  /^(?:import|export)\s+(type\s+)?(?:(\*(?:\s+as\s+[\w$]+)?|[\w$]+\s*,\s*\{[^}]*\}|[\w$]+|\{[^}]*\})\s+from\s+)?"([^"]+)"/gm;
const DYNAMIC = /\bimport\(\s*"([^"]+)"/g;

/** The imports and re-exports of a module, in order. */
export function importsOf(text: string): Import[] {
  const found: Import[] = [];
  for (const match of text.matchAll(STATIC)) {
    const names = match[2] ?? "";
    found.push({
      line: lineAt(text, match.index),
      specifier: match[3]!,
      typeOnly: match[1] !== undefined || areAllTypes(names),
      dynamic: false,
    });
  }
  codeLines(text).forEach((code, index) => {
    for (const match of code.matchAll(DYNAMIC)) {
      found.push({
        line: index + 1,
        specifier: match[1]!,
        typeOnly: false,
        dynamic: true,
      });
    }
  });
  return found.sort((a, b) => a.line - b.line);
}

function areAllTypes(names: string): boolean {
  if (!names.startsWith("{")) return false;
  const list = names.slice(1, -1).split(",").map((name) => name.trim());
  return list.filter(Boolean).every((name) => name.startsWith("type "));
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}

/** The lines without comments; a line of a block comment starts with a star here. */
function codeLines(text: string): string[] {
  return text.split("\n").map((line) => /^\s*(\/?\*|\/\/)/.test(line) ? "" : line.replace(/\s\/\/ .*$/, ""));
}
