/**
 * Texts that mean harm, or that tools read differently: each is one clear error, or the right value. Run by itself, it
 * reads all of them and prints what came of each, how long it took and how much memory the process had then.
 *
 * @module
 */
import type { IssueCode } from "../../recipes/mod.ts";
import { type ParsedRecipe, parseRecipe } from "../../recipes/parse.ts";
import { STEPS } from "./_catalogue.ts";

/** One of them. */
export interface Hostile {
  readonly what: string;
  readonly text: string;
  /** The one thing that is wrong with it; none where it means what it says. */
  readonly code?: IssueCode;
  /** What has to stand in the message, or in the recipe as JSON. */
  readonly says?: string;
}

const HEAD = "version: 1\ninputs: { a: a.glb, b: b.glb }\n";
const TAIL = "outputs: { o: { mesh: a, file: o.glb } }\n";
const recipe = (fit: string, head = HEAD) => `${head}steps:\n  - fit: { mesh: a, to: b${fit} }\n${TAIL}`;
const input = (file: string) => recipe("").replace("b: b.glb", `b: ${file}`);
const output = (file: string) => recipe("").replace("file: o.glb", `file: ${file}`);

/** The items of a list in which each names the one before nine times: a kilobyte that means a thousand million values. */
function bomb(): string {
  const names = [..."abcdefghijkl"];
  return names.map((name, i) => `${name}: &${name} [${Array(9).fill(i === 0 ? "x" : `*${names[i - 1]}`)}]`).join("\n");
}

/** All of them. */
export const HOSTILE: readonly Hostile[] = [
  { what: "a key that stands twice", text: recipe(", iterations: 2, iterations: 3"), code: "duplicate-key" },
  { what: "a section that stands twice", text: `${recipe("")}${TAIL}`, code: "duplicate-key" },
  {
    what: "an anchor and its alias",
    text: recipe(", limits: { p99: &x 2, depth: 1mm }, lambda: *x").replace("2, depth", "0.25, depth"),
    says: '"lambda":0.25',
  },
  {
    what: "a merge key",
    text: recipe("").replace("fit:", "fit: &f").replace(" }\nout", " }\n  - fit: { <<: *f, iterations: 2 }\nout"),
    code: "merge-key",
  },
  { what: "an alias bomb", text: `version: 1\n${bomb()}\n`, code: "too-many-values" },
  { what: "an alias bomb in a step", text: `${bomb()}\n${recipe(", parts: *l")}`, code: "too-many-values" },
  { what: "an alias of itself", text: recipe("").replace("steps:", "memory: &m { max: *m }\nsteps:"), code: "cycle" },
  { what: "10,000 brackets", text: `a: ${"[".repeat(10_000)}${"]".repeat(10_000)}`, code: "too-deep" },
  { what: "10,000 braces", text: `a: ${"{a: ".repeat(10_000)}1${"}".repeat(10_000)}`, code: "too-deep" },
  { what: "10,000 dashes", text: `a:\n  ${"- ".repeat(10_000)}1`, code: "too-deep" },
  {
    what: "1,400 levels of indentation",
    text: Array.from({ length: 1400 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"),
    code: "too-deep",
  },
  { what: "50 MB", text: `${HEAD}# ${"x".repeat(50_000_000)}`, code: "file-too-large" },
  { what: "a tab", text: recipe("").replace("  - fit", "\t- fit"), code: "tab-indentation" },
  {
    what: "lines that end in CRLF",
    text: recipe(", clearance: 8mm").replaceAll("\n", "\r\n"),
    says: '"clearance":0.008',
  },
  { what: "a byte order mark", text: `\ufeff${recipe(", clearance: 8mm")}`, says: '"clearance":0.008' },
  { what: "UTF-16", text: new TextDecoder().decode(utf16(recipe(""))), code: "not-text" },
  { what: "a zero byte", text: recipe("").replace("a.glb", "a\0.glb"), code: "not-text" },
  { what: "no", text: recipe(", pinned: no"), code: "wrong-kind", says: 'did you mean "false"?' },
  { what: "no as a word", text: recipe(", only: no"), says: '"only":"no"' },
  { what: "017", text: recipe(", iterations: 017"), code: "wrong-kind", says: "starts with a zero" },
  { what: "1_000", text: recipe(", iterations: 1_000"), code: "wrong-kind", says: "has an underscore" },
  { what: "sixty minutes in base 60", text: recipe(", patience: 1:00"), code: "wrong-kind" },
  { what: "a date", text: recipe(", lambda: 2001-01-01"), code: "wrong-kind" },
  { what: "a number that is too large", text: recipe(", lambda: 1e400"), code: "wrong-kind", says: "too large" },
  { what: "a number of 100,000 digits", text: recipe(`, iterations: ${"9".repeat(100_000)}`), code: "wrong-kind" },
  { what: "infinity", text: recipe(", lambda: .inf"), code: "wrong-kind", says: "not finite" },
  { what: "no number", text: recipe(", lambda: .nan"), code: "wrong-kind", says: "not finite" },
  { what: "NaN", text: recipe(", lambda: NaN"), code: "wrong-kind", says: "not finite" },
  { what: "__proto__ as an option", text: recipe(", __proto__: { mesh: a }"), code: "unknown-option" },
  { what: "constructor as an option", text: recipe(", constructor: 1"), code: "unknown-option" },
  { what: "__proto__ as a part", text: `${recipe("")}__proto__: { version: 2 }\n`, code: "unknown-key" },
  { what: "__proto__ as a mesh", text: recipe("").replace("b: b.glb", "b: b.glb, __proto__: c.glb"), code: "bad-name" },
  {
    what: "constructor as a mesh",
    text: recipe("").replaceAll(/\bb\b(?=:| })/g, "constructor"),
    says: '"to":"constructor"',
  },
  { what: "toString as a step", text: recipe("").replace("fit:", "toString:"), code: "unknown-step" },
  { what: "hasOwnProperty as a parameter", text: recipe(", clearance: $hasOwnProperty"), code: "unknown-parameter" },
  { what: "toString as a unit", text: recipe(", clearance: 8toString"), code: "unknown-unit" },
  { what: "valueOf as a word", text: recipe(", rigid: valueOf"), code: "unknown-value" },
  { what: "!!js/function", text: recipe(", only: !!js/function 'function () { return 1 }'"), code: "yaml-tag" },
  { what: "!!python/object", text: recipe(", only: !!python/object:os.system x"), code: "yaml-tag" },
  { what: "!!binary", text: recipe(", only: !!binary aGk="), code: "yaml-tag" },
  { what: "!include", text: recipe(", only: !include other.yaml"), code: "yaml-tag" },
  { what: "${ in a flow map", text: recipe(", clearance: ${gap}"), code: "bare-reference" },
  { what: "code in a reference", text: recipe(', only: "${1 + 1}"'), code: "bad-reference" },
  { what: "a process in a reference", text: recipe(', only: "${Deno.exit()}"'), code: "bad-reference" },
  { what: "a key that is a map", text: `${HEAD}? { a: b }\n: c\n`, code: "complex-key" },
  { what: "two documents", text: `${recipe("")}---\n${recipe("")}`, code: "several-documents" },
  { what: "an output that climbs out", text: output("../o.glb"), code: "bad-path" },
  { what: "an output that climbs out in the middle", text: output("a/../../o.glb"), code: "bad-path" },
  { what: "an absolute output", text: output("/tmp/o.glb"), code: "bad-path" },
  { what: "an output on a disk", text: output("'C:\\o.glb'"), code: "bad-path" },
  { what: "an output on a share", text: output("'\\\\host\\share\\o.glb'"), code: "bad-path" },
  { what: "an output called like a device", text: output("nul.glb"), code: "bad-path" },
  { what: "an output that is no mesh", text: output("o.sh"), code: "bad-path" },
  { what: "an input from the network", text: input("https://example.com/b.glb"), code: "bad-path" },
  { what: "an input of a file: address", text: input("file:///etc/passwd"), code: "bad-path" },
  { what: "an input of a data: address", text: input("'data:model/gltf-binary;base64,AAAA'"), code: "bad-path" },
  { what: "an input of a javascript: address", text: input("'javascript:alert(1)'"), code: "bad-path" },
  { what: "an input of an npm: package", text: input("npm:left-pad"), code: "bad-path" },
];

function utf16(text: string): Uint8Array {
  const units = Uint16Array.from([0xfeff, ...[...text].map((c) => c.charCodeAt(0))]);
  return new Uint8Array(units.buffer);
}

/** What came of one. */
export interface Outcome {
  readonly what: string;
  readonly codes: readonly string[];
  /** The messages, or the recipe. */
  readonly says: string;
  readonly ms: number;
  readonly rssBytes: number;
}

/** Reads one as a recipe; the time is the least of several where the first is long, as the machine may be busy. */
export async function readHostile({ what, text }: Hostile): Promise<Outcome> {
  let ms = Infinity, read: ParsedRecipe | undefined;
  for (let i = 0; i < 5 && ms >= 500; i++) {
    const startedAt = performance.now();
    read = await parseRecipe(text, { path: "hostile.yaml", steps: STEPS });
    ms = Math.min(ms, performance.now() - startedAt);
  }
  const { recipe, issues } = read!;
  const says = recipe === undefined
    ? issues.map(({ message }) => message).join("; ")
    : JSON.stringify(recipe.steps.map(({ mesh, consults, options }) => ({ mesh, ...consults, ...options })));
  return { what, codes: issues.map(({ code }) => code), says, ms, rssBytes: Deno.memoryUsage().rss };
}

if (import.meta.main) {
  const all: Outcome[] = [];
  for (const hostile of HOSTILE) all.push(await readHostile(hostile));
  // deno-lint-ignore no-console -- it is what the test reads
  console.log(JSON.stringify(all));
}
