import { assert, assertArrayIncludes, assertEquals, assertLess } from "@std/assert";
import { listFiles, ROOT } from "../../tools/_checkout.ts";
import { VERSION } from "../../version.ts";

interface Config {
  version: string;
  exports: Record<string, string>;
  imports: Record<string, string>;
  links: string[];
  tasks: Record<string, { command: string }>;
  test: { sanitizeOps: boolean; sanitizeResources: boolean };
  compilerOptions: Record<string, boolean>;
  publish: { exclude: string[] };
}

const config = await readJson<Config>("deno.json");

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await Deno.readTextFile(new URL(path, ROOT)));
}

Deno.test("deno.json keeps the sanitizers and the strict compiler on", () => {
  assert(config.test.sanitizeOps);
  assert(config.test.sanitizeResources);
  for (
    const option of [
      "strict",
      "exactOptionalPropertyTypes",
      "noImplicitOverride",
    ]
  ) assert(config.compilerOptions[option], option);
});

Deno.test("deno.json has the version the module says it has", () => {
  assertEquals(VERSION, config.version);
});

Deno.test("deno.json exports files that exist", async () => {
  const files = await listFiles();
  for (const path of Object.values(config.exports)) {
    assertArrayIncludes(files, [path.slice("./".length)]);
  }
});

Deno.test("deno.json has the tasks people are told of, and ok checks every entrypoint's docs", () => {
  for (const name of ["test", "ok", "bench", "jsr", "demo"]) {
    assert(config.tasks[name], name);
  }
  const docs = /deno doc --lint ([^&]*)/.exec(config.tasks.ok!.command)![1]!;
  const entrypoints = Object.values(config.exports).map((path) => path.slice(2));
  assertEquals(docs.trim().split(" ").sort(), entrypoints.sort());
});

Deno.test("deno.json pins npm packages exactly", () => {
  const packages = Object.values(config.imports).filter((target) => target.startsWith("npm:"));
  for (const target of packages) {
    assert(/@\d+\.\d+\.\d+(-[\w.]+)?$/.test(target), target);
  }
});

Deno.test("deno.json links stand-ins whose versions the imports ask for", async () => {
  for (const link of config.links) {
    const { name, version } = await readJson<{ name: string; version: string }>(
      `${link}/deno.json`,
    );
    const range = /^jsr:.*@\^(.*)$/.exec(config.imports[name]!)![1]!;
    assert(isWithinCaret(version, range), `${name}: ${version} in ^${range}`);
  }
});

Deno.test("deno.json publishes the stand-ins, which JSR demands, and no test, benchmark or tool", () => {
  assertArrayIncludes(config.publish.exclude, [
    ".ci/",
    "tests/",
    "bench/",
    "tools/",
  ]);
  assert(!config.publish.exclude.some((path) => path.startsWith("offline")));
});

Deno.test("the library of recipes, which is published with its meshes, stays under 1 MB", async () => {
  let bytes = 0;
  for (const path of await listFiles()) {
    if (!path.startsWith("recipes/library/")) continue;
    bytes += (await Deno.stat(new URL(path, ROOT))).size;
  }
  assertLess(bytes, 1e6);
});

Deno.test("CI and the README ask for the same version of Deno", async () => {
  const versions = new Set<string>();
  for (const path of [".ci/run", "README.md"]) {
    const text = await Deno.readTextFile(new URL(path, ROOT));
    for (const match of text.matchAll(/(?:deno@|^version=)(\d[\d.]*)/gm)) {
      versions.add(match[1]!);
    }
  }
  assertEquals(versions.size, 1, [...versions].join(" "));
});

function isWithinCaret(version: string, range: string): boolean {
  const [major, minor, patch] = version.split(".").map(Number);
  const [leastMajor, leastMinor, leastPatch] = range.split(".").map(Number);
  if (major !== leastMajor) return false;
  if (minor !== leastMinor) return minor! > leastMinor!;
  return patch! >= leastPatch!;
}
