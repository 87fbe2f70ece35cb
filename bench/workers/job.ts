/**
 * What `bench/workers.ts` starts as a worker: it says when it is ready, then
 * finds closest points or fits garments, and says how long its thread took.
 */
import { closestPoints, SurfaceIndex } from "../../fitting/mod.ts";
import { BufferPool, BufferScope } from "../../pool/mod.ts";
import { threadMs } from "../../tests/_thread_clock.ts";
import { fitOnce } from "./fit_once.ts";
import type { Answer, Order } from "./order.ts";

const scope = new BufferScope(new BufferPool({ idleMs: Infinity }));
let index: SurfaceIndex | undefined;

/** Without types of a worker's global, which only a worker has. */
const self = globalThis as unknown as {
  onmessage: (event: MessageEvent<Order>) => void;
  postMessage(answer: Answer): void;
};

self.onmessage = async ({ data }) => {
  const start = threadMs();
  if (data.kind === "fit") {
    for (let i = 0; i < data.count; i++) await fitOnce();
    self.postMessage({ ms: threadMs() - start });
    return;
  }
  index ??= SurfaceIndex.build(data.mesh, scope);
  const { points, out } = data;
  closestPoints(index, points, out, scope);
  self.postMessage({ ms: threadMs() - start, ...data.isCopied ? { out } : {} });
};

self.postMessage({ ms: threadMs() });
