// deno-lint-ignore-file no-console -- a report for a person
/**
 * `deno task bench`: times the geometry kernels against their peers and writes
 * the table to `docs/speed.md`. Peers in C++ need a compiler (`c++`), Embree 3 and
 * Eigen 3 (Debian: libembree-dev, libeigen3-dev) and are left out by name without.
 *
 * @module
 */
import { closestRows, indexRows } from "./speed/closest_rows.ts";
import { growthRows } from "./speed/growth_rows.ts";
import { meshRows } from "./speed/mesh_rows.ts";
import { body } from "./speed/meshes.ts";
import { type Row, tableOf } from "./speed/row.ts";
import { solverRows } from "./speed/solver_rows.ts";

const ROOT = new URL("../", import.meta.url), PAGE = new URL("docs/speed.md", ROOT);

/** The processor's name, where Linux tells. */
async function processor(): Promise<string> {
  const text = await Deno.readTextFile("/proc/cpuinfo").catch(() => "");
  return /^model name\s*: (.*)$/m.exec(text)?.[1] ?? Deno.build.arch;
}

async function versionOf(name: string): Promise<string> {
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  return `${name} ${String(imports[name]).replace(/.*@/, "")}`;
}

function page(rows: readonly Row[], machine: string, versions: string, left: readonly string[]): string {
  return [
    "# Speed of the geometry kernels",
    "",
    "Made by `deno task bench`; the numbers are those of one run on one machine, the ratios travel better.",
    "",
    `- Machine: ${machine}.`,
    `- Versions: ${versions}.`,
    `- Mesh: ${body().name}, and it parted in 4 and 16; sheets of shaken squares.`,
    "- Points lie within 2 or 20 cm of the surface: 20k of the body as it is, 60k of it parted.",
    "- CPU time of the process, all its threads, so that others on the machine do not count; contestants in turns, medians of",
    "  the rounds after two to warm up; their answers are compared in the same run. The last column is the first call in a",
    "  process that has done nothing else.",
    "- `figure`: where more is better how many times as fast as the peer, else our time over the peer's; growth is the exponent.",
    "- Paths: SIMD and TypeScript give the same bits for closest points, normals and smoothing; TypeScript runs where there is",
    "  no WebAssembly.",
    ...left.map((line) => `- ${line[0].toUpperCase()}${line.slice(1)}.`),
    "",
    ...tableOf(rows),
    "",
  ].join("\n");
}

if (import.meta.main) {
  const folder = await Deno.makeTempDir({ prefix: "meshtailor-bench-" }), left: string[] = [], rows: Row[] = [];
  const say = (line: string) => void left.push(line);
  try {
    for (
      const part of [
        () => closestRows(folder, say),
        indexRows,
        () => meshRows(folder, say),
        () => solverRows(folder, say),
        growthRows,
      ]
    ) {
      const more = await part();
      for (const { kernel, size, against, figure, isMet } of more) {
        console.log([kernel, size, against, figure, isMet ?? ""].filter((cell) => cell !== "").join(" | "));
      }
      rows.push(...more);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  const machine = `${await processor()}, ${navigator.hardwareConcurrency} cores`;
  const versions = [
    `Deno ${Deno.version.deno}`,
    `V8 ${Deno.version.v8}`,
    await versionOf("three"),
    await versionOf("three-mesh-bvh"),
  ];
  await Deno.writeTextFile(PAGE, page(rows, machine, versions.join(", "), left));
  await new Deno.Command(Deno.execPath(), { args: ["fmt", "-q", PAGE.pathname] }).output();
  console.log(`wrote ${PAGE.pathname}`);
}
