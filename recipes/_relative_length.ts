import { LENGTH_UNITS } from "./_units.ts";
import { rangeRule, tidy } from "./_quantity.ts";

/** A length in proportion to a mesh: `0.5%bbox` is 0.005 of the diagonal of its bounds. */
export class RelativeLength {
  /**
   * A share of the diagonal of bounds that are not known yet.
   *
   * @param fractionOfBounds 0.005 for `0.5%bbox`.
   * @param range The least and the most it may be once it is known, metres.
   */
  constructor(
    readonly fractionOfBounds: number,
    readonly range: { readonly min?: number; readonly max?: number } = {},
  ) {}

  /** As a recipe writes it. */
  print(): string {
    return `${tidy(this.fractionOfBounds * 100)}%bbox`;
  }

  /** The rule it breaks whatever the size of the mesh: a sign. */
  rule(): string | undefined {
    const { min } = this.range;
    return min !== undefined && min >= 0 && this.fractionOfBounds < 0
      ? `at least ${LENGTH_UNITS.print(min)}`
      : undefined;
  }

  /**
   * The length for a mesh.
   *
   * @param boundsDiagonal Of the mesh, metres.
   * @throws {RangeError} If it is outside the range of its option.
   */
  resolve(boundsDiagonal: number): number {
    const metres = this.fractionOfBounds * boundsDiagonal;
    const rule = rangeRule(metres, this.range, LENGTH_UNITS.print);
    if (rule === undefined) return metres;
    throw new RangeError(
      `Cannot use ${this.print()} as the length must be ${rule}: for this mesh it is ${LENGTH_UNITS.print(metres)}`,
    );
  }
}

/**
 * The options of a step with every relative length turned into metres, also in groups and lists.
 *
 * @param options As a checked recipe holds them; left as they are.
 * @param boundsDiagonal Of the step's mesh before the step, metres.
 * @returns The same object where nothing is relative.
 * @throws {RangeError} If a length is outside the range of its option; the message names the option.
 *
 * @example
 * ```ts
 * import { RelativeLength, resolveLengths } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals<unknown>(resolveLengths({ reach: new RelativeLength(0.05), rigid: "auto" }, 2), { reach: 0.1, rigid: "auto" });
 * ```
 */
export function resolveLengths<O extends Readonly<Record<string, unknown>>>(options: O, boundsDiagonal: number): O {
  let changed: Record<string, unknown> | undefined;
  for (const [key, value] of Object.entries(options)) {
    const resolved = resolveValue(value, boundsDiagonal, key);
    if (resolved !== value) (changed ??= { ...options })[key] = resolved;
  }
  return (changed ?? options) as O;
}

function resolveValue(value: unknown, boundsDiagonal: number, key: string): unknown {
  if (value instanceof RelativeLength) {
    try {
      return value.resolve(boundsDiagonal);
    } catch (error) {
      throw new RangeError(`${(error as Error).message} (option "${key}")`);
    }
  }
  if (Array.isArray(value)) {
    const parts = value.map((part) => resolveValue(part, boundsDiagonal, key));
    return parts.some((part, i) => part !== value[i]) ? parts : value;
  }
  const isPlain = typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? resolveLengths(value as Record<string, unknown>, boundsDiagonal) : value;
}
