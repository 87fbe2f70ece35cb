import { assert, assertEquals } from "@std/assert";
import { ROOT } from "../../tools/_checkout.ts";

interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly { readonly code?: { readonly specifier: string }; readonly isDynamic?: boolean }[];
}

/** What is loaded with a module before anyone asks for more, relative to the root. */
async function loadedWith(path: string): Promise<string[]> {
  const command = new Deno.Command(Deno.execPath(), { args: ["info", "--json", path], cwd: ROOT, stdin: "null" });
  const graph = JSON.parse(new TextDecoder().decode((await command.output()).stdout));
  const modules = new Map((graph.modules as Module[]).map((module) => [module.specifier, module]));
  const loaded = new Set<string>(), waiting: string[] = [...graph.roots];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (loaded.has(at)) continue;
    loaded.add(at);
    for (const { code, isDynamic } of modules.get(at)?.dependencies ?? []) {
      if (code !== undefined && !isDynamic) waiting.push(code.specifier);
    }
  }
  return [...loaded].map((specifier) => specifier.replace(ROOT.href, ""));
}

Deno.test("cli.ts loads only itself before it knows what is asked for, and no package", async () => {
  const loaded = await loadedWith("cli.ts");
  assert(loaded.includes("cli/main.ts"));
  const free = ["version.ts", "recipes/nearest.ts"];
  assertEquals(loaded.filter((path) => !/^cli(\.ts|\/)/.test(path) && !free.includes(path)), []);
});

for (const command of ["run", "check", "plan"]) {
  Deno.test(`${command} loads no reader of meshes and no interpreter for a recipe with faults`, async () => {
    const loaded = await loadedWith(`cli/${command}_command.ts`);
    assert(loaded.includes("recipes/parse.ts"));
    const heavy = /^io\/mod|^recipes\/(_interpreter|run)\.ts|three|gltf-transform|npm:\/?yaml/;
    assertEquals(loaded.filter((path) => heavy.test(path)), []);
  });
}
