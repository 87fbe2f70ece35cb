// deno-lint-ignore-file no-console -- a report for a person
/**
 * `deno task mutate:memory`: takes out, one after the other, every place that gives memory back, and runs the tests of
 * memory. A place whose removal no test notices is a place where a leak could come in unseen. Works in a copy of the
 * checkout, so that work may go on here; prints a table, and fails if a place went unnoticed.
 *
 * @module
 */
import { copyCheckout } from "./_checkout.ts";

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

/** The name of the first test of memory that fails in a copy of the checkout, as the first is enough; `undefined` if all pass. */
async function firstFailure(copy: string): Promise<string | undefined> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["test", "--quiet", "--no-check", "--fail-fast", "--parallel", "--no-prompt", "-R", "-W", "--allow-run"],
      ...["tests/pool/", "tests/recipes/run_test.ts", "tests/recipes/plan_exact_test.ts"],
      ...["tests/recipes/plan_liveness_test.ts", "tests/recipes/memory_hostile_test.ts"],
      ...["tests/recipes/memory_failures_test.ts", "tests/recipes/memory_random_test.ts"],
    ],
    cwd: copy,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  if (success) return undefined;
  const said = new TextDecoder().decode(stdout);
  const failed = /\n FAILURES \n\n(.*) => /.exec(said);
  if (failed === null) throw new TypeError(`Cannot tell which test failed: ${said}${new TextDecoder().decode(stderr)}`);
  return failed[1];
}

/** The same with `place` taken out; puts it back. */
async function firstFailureWithout({ file, line, without }: Place, copy: string): Promise<string | undefined> {
  const path = `${copy}/${file}`, text = Deno.readTextFileSync(path);
  if (text.split(`\n${line}\n`).length !== 2) {
    throw new TypeError(`Cannot take out "${line}" as ${file} must have it once`);
  }
  Deno.writeTextFileSync(path, text.replace(line, () => without));
  const failed = await firstFailure(copy);
  Deno.writeTextFileSync(path, text);
  return failed;
}

/** Prints the table; says how many places went unnoticed. */
async function tryAll(copy: string): Promise<number> {
  const failed = await firstFailure(copy);
  if (failed !== undefined) throw new TypeError(`Cannot try mutations as "${failed}" fails without one`);
  console.log("| taken out | in | the first test that fails |\n| --- | --- | --- |");
  let unnoticed = 0;
  for (const place of PLACES) {
    const failed = await firstFailureWithout(place, copy);
    if (failed === undefined) unnoticed++;
    console.log(`| ${place.what} | \`${place.file}\` | ${failed ?? "**none**"} |`);
  }
  return unnoticed;
}

const copy = await Deno.makeTempDir({ prefix: "meshtailor-mutations-" });
try {
  await copyCheckout(copy);
  if (await tryAll(copy) > 0) Deno.exitCode = 1;
} finally {
  await Deno.remove(copy, { recursive: true });
}
