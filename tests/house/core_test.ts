import { assertEquals } from "@std/assert";
import { layerOf } from "./_layers.ts";
import { ROOT } from "../../tools/_checkout.ts";

/** The part of `deno info --json` that matters here. */
interface Graph {
  modules: {
    specifier: string;
    dependencies?: {
      specifier: string;
      code?: { specifier: string };
      isDynamic?: boolean;
    }[];
  }[];
}

async function deno(
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    stdin: "null",
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

/** npm packages that the files of a graph import before anyone asks for them. */
function staticNpmImports({ modules }: Graph): string[] {
  const found: string[] = [];
  for (const { specifier, dependencies = [] } of modules) {
    // The stand-ins in offline/ are over npm packages; the published module has JSR's there.
    const path = specifier.slice(ROOT.href.length);
    if (!specifier.startsWith(ROOT.href) || layerOf(path) === undefined) {
      continue;
    }
    for (const { specifier: name, code, isDynamic } of dependencies) {
      if (code?.specifier.startsWith("npm:") && !isDynamic) {
        found.push(`${path}: ${name}`);
      }
    }
  }
  return found;
}

Deno.test("mod.ts loads without any permission and says nothing", async () => {
  const { code, stdout, stderr } = await deno(
    "run",
    "--quiet",
    "--no-prompt",
    "mod.ts",
  );
  assertEquals({ code, stdout, stderr }, { code: 0, stdout: "", stderr: "" });
});

Deno.test("mod.ts and what it imports load npm packages only when they are needed", async () => {
  const { code, stdout } = await deno("info", "--quiet", "--json", "mod.ts");
  assertEquals(code, 0);
  assertEquals(staticNpmImports(JSON.parse(stdout)), []);
});

Deno.test("staticNpmImports() finds a static import and passes a dynamic one and one of a type", () => {
  const dependency = (specifier: string) => ({
    specifier,
    code: { specifier: `npm:/${specifier}@1.0.0` },
  });
  const graph: Graph = {
    modules: [{
      specifier: `${ROOT}fitting/fit.ts`,
      dependencies: [
        dependency("three"),
        { ...dependency("yaml"), isDynamic: true },
        { specifier: "fast-check" },
      ],
    }, {
      specifier: `${ROOT}offline/std_yaml/parse.ts`,
      dependencies: [dependency("js-yaml")],
    }],
  };
  assertEquals(staticNpmImports(graph), ["fitting/fit.ts: three"]);
});
