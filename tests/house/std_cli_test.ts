// What cli.ts relies on in @std/cli, of the stand-in in offline/ and of the original alike (`deno task jsr`).
import { assertEquals } from "@std/assert";
import { parseArgs } from "@std/cli/parse-args";

Deno.test("parseArgs() reads flags, values and names", () => {
  const args = parseArgs(
    ["check", "--json", "a.yaml", "--out", "x", "-o=y", "--max=3", "7"],
    { boolean: ["json", "help"], string: ["out", "max"] },
  );
  assertEquals(args, {
    _: ["check", "a.yaml", 7],
    json: true,
    help: false,
    out: "x",
    o: "y",
    max: "3",
  });
});

Deno.test("parseArgs() takes the last of a repeated flag and all of a collected one", () => {
  const args = parseArgs(["--set", "a=1", "--out=x", "--set=b=2", "--out=y"], {
    string: ["set", "out", "input"],
    collect: ["set", "input"],
  });
  assertEquals(args, { _: [], set: ["a=1", "b=2"], out: "y", input: [] });
});

Deno.test("parseArgs() sets aliases, defaults and the empty text of a flag without its value", () => {
  const args = parseArgs(["-h", "--out"], {
    boolean: ["help"],
    string: ["out", "root"],
    alias: { help: "h", root: ["r"] },
    default: { root: "." },
  });
  assertEquals(args, {
    _: [],
    help: true,
    h: true,
    out: "",
    root: ".",
    r: ".",
  });
});

Deno.test("parseArgs() tells of what is not declared, flags with their names", () => {
  const seen: [string, string | undefined][] = [];
  const args = parseArgs(
    ["a.yaml", "--jsn", "--no-json", "--set", "a", "-x", "--y=1", "--", "--z"],
    {
      boolean: ["json"],
      string: ["set"],
      collect: ["set"],
      unknown: (arg, key) => {
        seen.push([arg, key]);
        return key === undefined;
      },
    },
  );
  assertEquals(seen, [
    ["a.yaml", undefined],
    ["--jsn", "jsn"],
    ["--no-json", "no-json"],
    ["-x", "x"],
    ["--y=1", "y"],
  ]);
  assertEquals(args, { _: ["a.yaml", "--z"], json: false, set: ["a"] });
});

Deno.test("parseArgs() negates only what is declared negatable", () => {
  const options = { boolean: ["color", "json"], negatable: ["color"] } as const;
  assertEquals(
    parseArgs(["--no-color", "--no-json"], {
      ...options,
      default: { color: true },
    }),
    { _: [], color: false, json: false, "no-json": true },
  );
  assertEquals(parseArgs(["--no-cache"], { boolean: ["no-cache"] }), {
    _: [],
    "no-cache": true,
  });
});

Deno.test("parseArgs() leaves alone what follows -- or the first name", () => {
  assertEquals(
    parseArgs(["--json", "--", "--no-json"], { boolean: ["json"], "--": true }),
    { _: [], json: true, "--": ["--no-json"] },
  );
  assertEquals(
    parseArgs(["--json", "run", "--no-json"], {
      boolean: ["json"],
      stopEarly: true,
    }),
    { _: ["run", "--no-json"], json: true },
  );
});

Deno.test("parseArgs() gives declared flags their types", () => {
  const args = parseArgs([], {
    boolean: ["json"],
    string: ["out", "set", "max"],
    collect: ["set"],
    default: { out: "." },
  });
  const json: boolean = args.json;
  const out: string = args.out;
  const set: string[] = args.set;
  const max: string | undefined = args.max;
  const names: (string | number)[] = args._;
  assertEquals({ json, out, set, max, names }, {
    json: false,
    out: ".",
    set: [],
    max: undefined,
    names: [],
  });
});
