import type { PlanOp, PlanValue } from "./plan_ops.ts";

/** An operation before liveness is known. */
export type Draft = PlanOp extends infer P ? P extends PlanOp ? Omit<P, "frees" | "peakBytes"> : never : never;

/** Gives every operation the values that die after it, and the bytes on lease while it runs. */
export function withLiveness(drafts: readonly Draft[], values: ReadonlyMap<string, PlanValue>): PlanOp[] {
  const lastUse = new Map<string, number>();
  drafts.forEach((op, i) => {
    for (const id of Object.values(op.makes)) lastUse.set(id, i);
    for (const id of Object.values(op.masks)) lastUse.set(id, i);
    for (const binding of Object.values(op.binds)) for (const id of Object.values(binding)) lastUse.set(id, i);
  });
  const dying = drafts.map((): string[] => []);
  for (const [id, i] of lastUse) dying[i].push(id);
  const bytesOf = (ids: Iterable<string>) => [...ids].reduce((sum, id) => sum + values.get(id)!.bytes, 0);
  let liveBytes = 0;
  return drafts.map((op, i) => {
    liveBytes += bytesOf(Object.values(op.makes));
    const peakBytes = liveBytes + op.scratchBytes;
    liveBytes -= bytesOf(dying[i]);
    return { ...op, frees: dying[i], peakBytes } as PlanOp;
  });
}
