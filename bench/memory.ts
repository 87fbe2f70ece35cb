// deno-lint-ignore-file no-console -- a report for a person
/**
 * `deno task bench:memory [ITERATIONS]`: what an iterative fit costs the way it
 * is often written, with typed arrays alone, and as ours: one process each. With
 * 1,000 iterations the table goes into the README.
 *
 * Time is that of the thread and rests come from `--trace-gc`, so that a machine
 * with other work gives the same table; Linux only.
 *
 * @module
 */
import type { Variant } from "./memory/_fits.ts";

/** What a process of `_variant_process.ts` prints. */
interface Measured {
  readonly elapsedMs: number;
  readonly peakRss: number;
  readonly preparedRss: number;
  readonly buffers: { readonly before: number; readonly inLoop: number };
  readonly pool?: { readonly hitRate: number; readonly buffers: number; readonly bytes: number };
  readonly checksum: number;
  /** Collections between the two forced ones, and what they held the thread, milliseconds. */
  readonly collections: number;
  readonly pauseMs: number;
}

const SCRIPT = new URL("memory/_variant_process.ts", import.meta.url).pathname;
const README = new URL("../README.md", import.meta.url);
/** Iterations buffers are counted over: in every one as many are made. */
const COUNTED = 20;
/** Iterations before the measured ones, three times, in which the engine compiles. */
const WARM_UP = 20;

function runProcess(flags: string[], args: string[]): string {
  const { code, stdout, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", ...flags, SCRIPT, ...args],
  }).outputSync();
  if (code !== 0) throw new TypeError(`Cannot measure ${args[0]}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

/** The line of JSON among lines of the engine, which may be cut by one. */
function jsonOf(output: string): Measured {
  return JSON.parse(/\{.*\}/.exec(output)![0]);
}

function measure(variant: Variant, iterations: number): Measured {
  console.error(`${variant} …`);
  const traced = runProcess(["--v8-flags=--trace-gc,--expose-gc"], [variant, `${iterations}`, `${WARM_UP}`]);
  const { peakRss, preparedRss, elapsedMs, pool, checksum } = jsonOf(traced);
  const [, inLoop] = traced.split(/^.*testing;.*$/m); // before, between and after the forced collections
  const pauses = [...inLoop.matchAll(/MB, (?:pooled: [\d.]+ MB, )?([\d.]+) \/ [\d.]+ ms/g)].map(([, ms]) => Number(ms));
  const { buffers } = jsonOf(runProcess([], [variant, `${COUNTED}`, "1", "count"]));
  return {
    elapsedMs,
    peakRss,
    preparedRss,
    ...(pool === undefined ? {} : { pool }),
    checksum,
    buffers: { before: buffers.before, inLoop: Math.round(buffers.inLoop / COUNTED * iterations) },
    collections: pauses.length,
    pauseMs: pauses.reduce((sum, ms) => sum + ms, 0),
  };
}

/** The table, and below it what pooling has to do with it. */
function tableOf(iterations: number): string {
  const empty = jsonOf(runProcess([], ["empty"])).peakRss;
  const all = { a: measure("a", iterations), b: measure("b", iterations), c: measure("c", iterations) };
  const { a, b, c } = all, pool = c.pool!;
  if (new Set([a, b, c].map(({ checksum }) => checksum)).size !== 1) {
    throw new RangeError(`Cannot compare fits that differ: ${a.checksum}, ${b.checksum}, ${c.checksum}`);
  }
  const fits = Math.ceil(iterations / 10), kept = measure("kept", fits), thrown = measure("thrown", fits);
  const row = (what: string, show: (m: Measured) => string, better: string) =>
    `| ${what} | ${show(a)} | ${show(b)} | ${show(c)} | ${better} |`;
  const change = (of: (m: Measured) => number) =>
    `${percent(of(c) / of(b) - 1)} of (b), ${percent(of(c) / of(a) - 1)} of (a)`;
  const seconds = ({ elapsedMs }: Measured) => `${(elapsedMs / 1000).toFixed(1)} s`;
  const gc = ({ collections, pauseMs }: Measured) => `${pauseMs.toFixed(0)} ms in ${counted(collections)}`;
  const poolRow = (what: string, m: Measured) =>
    `| ${what} | ${counted(m.buffers.inLoop)} | ${gc(m)} | ${seconds(m)} | ${megabytes(m.peakRss - m.preparedRss)} |`;
  return [
    `| ${counted(iterations)} iterations, 10,000 vertices | (a) objects | (b) typed arrays | (c) ours | ours against |`,
    "| --- | --: | --: | --: | --- |",
    row("buffers made before the iterations", (m) => counted(m.buffers.before), "meshes and index among them"),
    row("buffers made in the iterations", (m) => counted(m.buffers.inLoop), c.buffers.inLoop === 0 ? "none" : ""),
    row("pauses of the collector", gc, change((m) => m.pauseMs)),
    row("time of the operation", seconds, change(({ elapsedMs }) => elapsedMs)),
    row("peak RSS over an empty process", (m) => megabytes(m.peakRss - empty), change((m) => m.peakRss - empty)),
    row(
      "of that, what the fit added",
      (m) => megabytes(m.peakRss - m.preparedRss),
      change((m) => m.peakRss - m.preparedRss),
    ),
    `| pool | – | – | ${pool.buffers} buffers, ${megabytes(pool.bytes)} | ${
      percent(pool.hitRate)
    } of acquires reused |`,
    "",
    `An empty process takes ${
      megabytes(empty)
    }. Time is that of the thread; pauses are by the clock, longer on a busy machine. All three give the same positions, to the bit. What (c) saves it saves by`,
    "working in place: an iteration makes no buffer, view or object, so there is nothing to pool in it. What pooling",
    `itself gives shows where fits follow each other, here ${fits} of one iteration each:`,
    "",
    "| | buffers made | pauses of the collector | time | peak RSS added |",
    "| --- | --: | --: | --: | --: |",
    poolRow("one pool, kept", kept),
    poolRow("a new pool for each fit", thrown),
  ].join("\n");
}

function counted(count: number): string {
  return count.toLocaleString("en");
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function percent(share: number): string {
  return `${share < 0 ? "−" : ""}${Math.abs(100 * share).toFixed(0)} %`;
}

const iterations = Number(Deno.args[0] ?? 1000), table = tableOf(iterations);
console.log(table);
if (iterations === 1000) {
  const text = Deno.readTextFileSync(README), marked = /(<!-- memory -->\n)[^]*?(<!-- \/memory -->)/;
  if (!marked.test(text)) throw new TypeError("Cannot write the table as README.md has no <!-- memory --> in it");
  Deno.writeTextFileSync(README, text.replace(marked, (_, open, close) => `${open}\n${table}\n\n${close}`));
}
