import { assert, assertEquals } from "@std/assert";
import { listFiles, ROOT } from "../../tools/_checkout.ts";
import { importsOf, layerFaults, layerOf } from "./_layers.ts";

/** Faults of a checkout that holds only this file. */
function faultsOf(path: string, text: string): string[] {
  return layerFaults(new Map([[path, text]]));
}

Deno.test("layers point one way: cli, recipes, fitting and io, pool", async () => {
  const files = new Map<string, string>();
  for (const path of await listFiles()) {
    if (!path.endsWith(".ts") || layerOf(path) === undefined) continue;
    files.set(path, await Deno.readTextFile(new URL(path, ROOT)));
  }
  assert(files.size > 0);
  assertEquals(layerFaults(files), []);
});

Deno.test("layerFaults() names file and line of an import that points up", () => {
  const text =
    '// a comment\nimport { Mesh } from "./mesh.ts";\nimport {\n  type Step,\n} from "../recipes/step.ts";\n';
  assertEquals(faultsOf("fitting/smooth.ts", text), [
    'fitting/smooth.ts:3: "fitting" may not import "recipes/step.ts"',
  ]);
});

Deno.test("layerFaults() lets io see the types of fitting and nothing else of it", () => {
  const from = 'from "../../fitting/mesh.ts";\n';
  for (const types of ["import type { A } ", "export { type A, type B } "]) {
    assertEquals(faultsOf("io/gltf/read.ts", types + from), []);
  }
  for (const values of ["import { type A, b } ", "export * ", "import c "]) {
    assertEquals(faultsOf("io/gltf/read.ts", values + from), [
      'io/gltf/read.ts:1: "io" may import only types from "fitting/mesh.ts"',
    ]);
  }
});

Deno.test("layerFaults() lets three call fitting and io, and nobody call three but who stands above", () => {
  const code = 'import { a } from "../fitting/a.ts";\nimport { b } from "../io/gltf/b.ts";\n';
  assertEquals(faultsOf("three/fit.ts", code), []);
  assertEquals(faultsOf("three/fit.ts", 'import { Mesh } from "three";\nimport { a } from "../recipes/a.ts";\n'), [
    'three/fit.ts:1: "three" may not import "three": only io may',
    'three/fit.ts:2: "three" may not import "recipes/a.ts"',
  ]);
  for (const path of ["fitting/a.ts", "io/a.ts", "recipes/a.ts"]) {
    assertEquals(faultsOf(path, 'import { a } from "../three/mod.ts";\n').length, 1);
  }
});

Deno.test("layerFaults() sees re-exports, side effects and dynamic imports, also of folders below", () => {
  for (
    const code of [
      'export { main } from "../../cli.ts";',
      'import "../../cli.ts";',
      'const { main } = await import("../../cli.ts");',
    ]
  ) {
    assertEquals(faultsOf("recipes/steps/fit.ts", code), [
      'recipes/steps/fit.ts:1: "recipes" may not import "cli.ts"',
    ]);
  }
});

Deno.test("layerFaults() keeps the runtime, clocks, the console and chance out of fitting, but not out of its comments", () => {
  const text =
    " * Deno.args, console.log\nMath.random();\n// Deno.cwd()\nconst t = performance.now(); // Deno.cwd()\nDeno.exit(1);";
  assertEquals(faultsOf("fitting/fit.ts", text), [
    'fitting/fit.ts:2: "Math.random": same input, same bits',
    'fitting/fit.ts:4: "performance.": fitting/ never sees a clock',
    'fitting/fit.ts:5: "Deno.": only cli.ts and cli/ know the runtime',
  ]);
});

Deno.test("layerFaults() keeps YAML out of fitting, node out of the core and the package out of itself", () => {
  assertEquals(faultsOf("fitting/a.ts", 'import { parse } from "@std/yaml";'), [
    'fitting/a.ts:1: "fitting" may not import "@std/yaml": only recipes may',
  ]);
  assertEquals(faultsOf("pool/a.ts", 'import { inspect } from "node:util";'), [
    'pool/a.ts:1: "node:util" is not there in browsers',
  ]);
  assertEquals(
    faultsOf("cli.ts", 'import { a } from "@meshtailor/meshtailor/pool";'),
    [
      'cli.ts:1: "@meshtailor/meshtailor/pool" is this package: name the file',
    ],
  );
});

Deno.test("importsOf() leaves examples, exports of values and strings alone", () => {
  const text =
    ' * import { a } from "./a.ts";\nexport const b = "./b.ts";\nexport function c(): void {}\n//  import("./d.ts")\n';
  assertEquals(importsOf(text), []);
});
