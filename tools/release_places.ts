// deno-lint-ignore-file no-console -- a report for a person
/**
 * `deno task mutate:memory`: takes out, one after the other, every place that gives memory back, and runs the tests of
 * memory. A place whose removal no test notices is a place where a leak could come in unseen. Prints a table, puts
 * every file back, and fails if a place went unnoticed.
 *
 * @module
 */

/** One place: a line of a file, and what stands there without it. */
interface Place {
  readonly what: string;
  readonly file: string;
  readonly line: string;
  readonly without: string;
}

const PLACES: readonly Place[] = [
  {
    what: "a scope's close gives back its leases",
    file: "pool/buffer_scope.ts",
    line: "    errors.push(...collectErrors(releases));",
    without: "    void releases, collectErrors;",
  },
  {
    what: "a scope's close closes its frames",
    file: "pool/buffer_scope.ts",
    line: "    const errors = [...this.#frames].reverse().flatMap((frame) => frame.close());",
    without: "    const errors: unknown[] = [];",
  },
  {
    what: "`using` closes a scope",
    file: "pool/buffer_scope.ts",
    line: "    throwFirst(this.close());",
    without: "    void throwFirst;",
  },
  {
    what: "what is released lies idle again",
    file: "pool/_ledger.ts",
    line: "      this.idle.put(owner.revokes ? this.#revoke(record) : record);",
    without: "",
  },
  {
    what: "views of a scope are revoked",
    file: "pool/_ledger.ts",
    line: "      this.idle.put(owner.revokes ? this.#revoke(record) : record);",
    without: "      this.idle.put(record);",
  },
  {
    what: "withBuffer() gives back",
    file: "pool/buffer_pool.ts",
    line: "      () => collectErrors([() => this.release(buffer)]),",
    without: "      () => [],",
  },
  {
    what: "withBuffers() of the facade gives back",
    file: "pool/pooled_mesh_buffers.ts",
    line: "  return settleThen(() => use(meshBuffersOver(acquire, release)), () => {",
    without: "  return settleThen(() => use(meshBuffersOver(acquire, release)), () => { if (1) return [];",
  },
  {
    what: "an operation's temporaries die with it",
    file: "recipes/_interpreter.ts",
    line: "    using scratch = this.#arena.frame(op.label);",
    without: "    const scratch = this.#arena.frame(op.label);",
  },
  {
    what: "values die after their last reader",
    file: "recipes/_interpreter.ts",
    line: "      this.#values.free(op.frees);",
    without: "",
  },
  {
    what: "a run's close ends its arena",
    file: "recipes/run.ts",
    line: "    const errors = this.#arena.close();",
    without: "    const errors: unknown[] = [];",
  },
  {
    what: "a stopped work closes what it has open",
    file: "recipes/_pace.ts",
    line: "      throwFirst([error, ...collectErrors([() => work.return(undefined as T)])]);",
    without: "      throwFirst([error]);",
  },
  {
    what: "a custom step's views end with it",
    file: "recipes/_step_call.ts",
    line: "    loan.end();",
    without: "",
  },
];

const ROOT = new URL("../", import.meta.url);

/** Runs the tests of memory; how many failed first, as the first is enough. */
async function isNoticed(): Promise<boolean> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["test", "--quiet", "--no-check", "--fail-fast", "--parallel", "--no-prompt", "-R", "-W", "--allow-run"],
      ...["tests/pool/", "tests/recipes/run_test.ts", "tests/recipes/plan_exact_test.ts"],
      ...["tests/recipes/plan_liveness_test.ts", "tests/recipes/memory_hostile_test.ts"],
      ...["tests/recipes/memory_failures_test.ts", "tests/recipes/memory_random_test.ts"],
    ],
    cwd: ROOT,
    stdout: "null",
    stderr: "null",
  }).output();
  return !success;
}

let unnoticed = 0;
if (await isNoticed()) throw new TypeError("Cannot try mutations as the tests must pass without one: they do not");
console.log("| taken out | in | a test fails |\n| --- | --- | --- |");
for (const { what, file, line, without } of PLACES) {
  const url = new URL(file, ROOT), text = Deno.readTextFileSync(url);
  if (text.split(`\n${line}\n`).length !== 2) {
    throw new TypeError(`Cannot take out "${line}" as ${file} must have it once`);
  }
  Deno.writeTextFileSync(url, text.replace(line, () => without));
  try {
    const noticed = await isNoticed();
    if (!noticed) unnoticed++;
    console.log(`| ${what} | \`${file}\` | ${noticed ? "yes" : "**no**"} |`);
  } finally {
    Deno.writeTextFileSync(url, text);
  }
}
Deno.exitCode = unnoticed === 0 ? 0 : 1;
