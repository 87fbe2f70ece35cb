import { inspect, isDeepStrictEqual } from "node:util";

/**
 * Deep equality, as `node:assert` has it, without the two distinctions the original does not make: the sign of zero
 * and a missing prototype.
 */
export function equal(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(a, b) ||
    isDeepStrictEqual(settled(a, new Map()), settled(b, new Map()));
}

/** A copy in which every `-0` is `0` and every object without a prototype a plain one. */
function settled(value: unknown, seen: Map<object, unknown>): unknown {
  if (value === 0) return 0;
  if (typeof value !== "object" || value === null) return value;
  if (seen.has(value)) return seen.get(value);
  if (value instanceof Float32Array || value instanceof Float64Array) {
    return value.map((x) => x === 0 ? 0 : x);
  }
  if (value instanceof Map) return settledMap(value, seen);
  if (value instanceof Set) return settledSet(value, seen);
  // Dates, errors, URLs and the like carry what no copy of their properties would.
  if (
    !Array.isArray(value) &&
    Object.prototype.toString.call(value) !== "[object Object]"
  ) return value;
  const copy = Array.isArray(value)
    ? new Array(value.length)
    : Object.create(Object.getPrototypeOf(value) ?? Object.prototype);
  seen.set(value, copy);
  for (const key of Reflect.ownKeys(value)) {
    if (!Object.prototype.propertyIsEnumerable.call(value, key)) continue;
    // Defined, not assigned: a key may be "__proto__".
    Object.defineProperty(copy, key, {
      value: settled(value[key as keyof typeof value], seen),
      configurable: true,
      enumerable: true,
      writable: true,
    });
  }
  return copy;
}

function settledMap(
  map: Map<unknown, unknown>,
  seen: Map<object, unknown>,
): Map<unknown, unknown> {
  const copy = new Map();
  seen.set(map, copy);
  for (const [key, value] of map) {
    copy.set(settled(key, seen), settled(value, seen));
  }
  return copy;
}

function settledSet(
  set: Set<unknown>,
  seen: Map<object, unknown>,
): Set<unknown> {
  const copy = new Set();
  seen.set(set, copy);
  for (const value of set) copy.add(settled(value, seen));
  return copy;
}

/** One value as a person reads it; long arrays are cut. */
export function shown(value: unknown): string {
  return inspect(value, {
    depth: 6,
    maxArrayLength: 24,
    maxStringLength: 4000,
    breakLength: 100,
    sorted: true,
  });
}

/** Both values, and the first place where they part, which a cut array would not show. */
export function showDifference(actual: unknown, expected: unknown): string {
  const { path, a, b } = firstDifference(actual, expected, "");
  const place = path === "" ? "" : `\n    first at ${path}: ${shown(a)} instead of ${shown(b)}`;
  return `${place}\n    actual:   ${shown(actual)}\n    expected: ${shown(expected)}`;
}

interface Difference {
  path: string;
  a: unknown;
  b: unknown;
}

function firstDifference(a: unknown, b: unknown, path: string): Difference {
  if (typeof a === "string" && typeof b === "string") {
    return firstLine(a, b, path);
  }
  // Depth is bounded so that a cycle cannot lead on for ever.
  if (!isBranch(a) || !isBranch(b) || path.length > 200) return { path, a, b };
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (key in a && key in b && equal(a[key], b[key])) continue;
    const step = /^\d+$/.test(key) ? `[${key}]` : `.${key}`;
    return firstDifference(a[key], b[key], path + step);
  }
  return { path, a, b };
}

function firstLine(a: string, b: string, path: string): Difference {
  const linesA = a.split("\n"), linesB = b.split("\n");
  if (linesA.length === 1 && linesB.length === 1) return { path, a, b };
  const line = linesA.findIndex((text, index) => text !== linesB[index]);
  const index = line === -1 ? linesA.length : line;
  return {
    path: `${path} line ${index + 1}`.trim(),
    a: linesA[index],
    b: linesB[index],
  };
}

function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null &&
    (Array.isArray(value) || ArrayBuffer.isView(value) ||
      Object.prototype.toString.call(value) === "[object Object]");
}
