// What leasing costs, against making an array anew. Each array is written once, by a built-in:
// a loop of ours would measure in which tier V8 has it just now.
import { BufferPool, BufferScope } from "../../pool/mod.ts";

/** Floats of a sock, of a 10,000-vertex garment, and of a 300,000-vertex body. */
const LENGTHS = [300, 30_000, 900_000];
let sink = 0; // read at the end, so nothing is optimized away

function use(array: Float32Array): void {
  sink += array.fill(1)[0];
}

for (const length of LENGTHS) {
  const group = `${length} floats`;
  const onAcquire = new BufferPool({ idleMs: Infinity });
  const onRelease = new BufferPool({ idleMs: Infinity, clearOn: "release" });
  const debug = new BufferPool({ idleMs: Infinity, debug: true });
  const run = new BufferScope(new BufferPool({ idleMs: Infinity }));
  const fixed = new Float32Array(length);
  let seen = run.f32(length);

  Deno.bench("one array, cleared and written", { group }, () => {
    use(fixed.fill(0));
  });
  Deno.bench("new Float32Array", { group, baseline: true }, () => {
    use(new Float32Array(length));
  });
  Deno.bench('acquire and release, clearOn "acquire"', { group }, () => {
    const array = onAcquire.acquire(length);
    use(array);
    onAcquire.release(array);
  });
  Deno.bench('acquire and release, clearOn "release"', { group }, () => {
    const array = onRelease.acquire(length);
    use(array);
    onRelease.release(array);
  });
  Deno.bench("a frame with one array", { group }, () => {
    using frame = run.frame();
    use(frame.f32(length));
  });
  Deno.bench("rehome", { group }, () => {
    seen = run.rehome(seen);
    use(seen);
  });
  Deno.bench("acquire and release, debug", { group }, () => {
    const array = debug.acquire(length);
    use(array);
    debug.release(array);
  });
}

globalThis.addEventListener("unload", () => {
  if (Number.isNaN(sink)) throw new RangeError("Cannot happen");
});
