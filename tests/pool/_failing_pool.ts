import { BufferPool, ledgerOf } from "../../pool/buffer_pool.ts";

/** What a {@linkcode failingPool} throws. */
export const FAILURE = new RangeError("Cannot acquire anything any more");

/** A pool whose `n`-th acquire fails, counted from 1, whoever asks: scopes too. */
export function failingPool(n: number): BufferPool {
  const pool = new BufferPool({ idleMs: Infinity });
  const ledger = ledgerOf(pool);
  const acquire = ledger.acquire.bind(ledger), acquirePages = ledger.acquirePages.bind(ledger);
  let count = 0;
  ledger.acquire = (length, type, owner) => {
    if (++count === n) throw FAILURE;
    return acquire(length, type, owner);
  };
  ledger.acquirePages = (bytes, owner) => {
    if (++count === n) throw FAILURE;
    return acquirePages(bytes, owner);
  };
  return pool;
}
