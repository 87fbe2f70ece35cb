import { Faults } from "./_faults.ts";

/**
 * A value as it was written: text, nothing (`null`), a list or a map. No YAML dialect gets to see a number in it, and
 * as maps are `Map`s, keys such as `__proto__` are keys like any other.
 */
export type RecipeNode = string | null | readonly RecipeNode[] | ReadonlyMap<string, RecipeNode>;

/** Levels of lists and maps a recipe may have. */
export const MAX_DEPTH = 64;
/** Values a recipe may have once its aliases are expanded: thirty times a large recipe. */
export const MAX_NODES = 20_000;

/** Whether the node is a map. */
export function isMap(node: RecipeNode | undefined): node is ReadonlyMap<string, RecipeNode> {
  return node instanceof Map;
}

/** What a node is, in the words of messages. */
export function describeNode(node: RecipeNode): string {
  if (node === null) return "nothing";
  if (typeof node === "string") return "text";
  return isMap(node) ? "a map" : "a list";
}

/**
 * Turns what the YAML parser returned into nodes. Values that aliases share stay shared, so an alias bomb costs what
 * its text costs; its expanded size is counted and refused.
 */
export function toNode(value: unknown): { node: RecipeNode; faults: readonly Faults["list"][number][] } {
  const builder = new NodeBuilder();
  const node = builder.build(value).node;
  return { node, faults: builder.faults.list };
}

interface Built {
  readonly node: RecipeNode;
  /** Values in it, itself included, with every alias expanded. */
  readonly size: number;
  /** Levels in it: 0 for text. */
  readonly height: number;
}

class NodeBuilder {
  readonly faults: Faults = new Faults();
  readonly #built = new Map<object, Built>();
  readonly #open = new Set<object>();
  readonly #path: (string | number)[] = [];
  #tooLarge = false;
  #tooDeep = false;

  build(value: unknown): Built {
    if (typeof value !== "object" || value === null) {
      return { node: value === null || value === undefined ? null : String(value), size: 1, height: 0 };
    }
    const known = this.#built.get(value);
    if (known !== undefined) return this.#checked(known);
    if (this.#open.has(value)) {
      this.faults.value(
        [...this.#path],
        "cycle",
        "A value cannot contain itself: this alias stands inside what it names",
      );
      return NOTHING;
    }
    if (this.#path.length >= MAX_DEPTH) return this.#refuseDepth();
    this.#open.add(value);
    const built = this.#collect(value);
    this.#open.delete(value);
    this.#built.set(value, built);
    return this.#checked(built);
  }

  #collect(value: object): Built {
    let size = 1, height = 0;
    const child = (key: string | number, part: unknown): RecipeNode => {
      this.#path.push(key);
      const built = this.build(part);
      this.#path.pop();
      size += built.size;
      height = Math.max(height, built.height);
      return built.node;
    };
    const entries = value instanceof Map ? value : Array.isArray(value) ? undefined : Object.entries(value);
    if (entries === undefined) {
      const node = (value as unknown[]).map((part, i) => child(i, part));
      return { node, size, height: height + 1 };
    }
    const node = new Map<string, RecipeNode>();
    for (const [key, part] of entries) {
      if (key === "<<") this.#refuseMerge();
      else node.set(key, child(key, part));
    }
    return { node, size, height: height + 1 };
  }

  #checked(built: Built): Built {
    if (built.size > MAX_NODES) {
      if (!this.#tooLarge) this.#refuseSize();
      return NOTHING;
    }
    return this.#path.length + built.height > MAX_DEPTH ? this.#refuseDepth() : built;
  }

  #refuseSize(): void {
    this.#tooLarge = true;
    this.faults.value(
      [...this.#path],
      "too-many-values",
      `A recipe holds at most ${MAX_NODES} values, and with its aliases expanded this one holds more`,
    );
  }

  #refuseDepth(): Built {
    if (!this.#tooDeep) {
      this.faults.value(
        [...this.#path],
        "too-deep",
        `Lists and maps nest at most ${MAX_DEPTH} levels deep, and these go deeper`,
      );
    }
    this.#tooDeep = true;
    return NOTHING;
  }

  #refuseMerge(): void {
    this.faults.key(
      [...this.#path, "<<"],
      "merge-key",
      `Recipes have no merge keys, and "<<" is one`,
      "Write the options out, or give the whole map an anchor and use it with an alias",
    );
  }
}

const NOTHING: Built = { node: null, size: 1, height: 0 };
