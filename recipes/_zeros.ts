import { farOrigin, type GltfDocument, type MeshHeader, type Vec3 } from "../io/mod.ts";
import type { RecipeStep } from "./recipe.ts";

/** An input that was opened. */
interface Opened {
  readonly document: GltfDocument;
  readonly header: MeshHeader;
}

/**
 * Where the zero of each input's coordinates is put, metres in the world. Meshes that meet in a step have the same
 * one: that of the first mesh a step consults, or changes where none is consulted. An input that a step places before
 * it meets any other has one of its own, so that it keeps its detail until then, wherever it lies.
 *
 * @param inputOf The input each mesh began as.
 */
export function zerosOf(
  { steps = [] }: { readonly steps?: readonly RecipeStep[] },
  opened: ReadonlyMap<string, Opened>,
  inputOf: ReadonlyMap<string, string>,
): Map<string, Vec3> {
  const groups = new Groups([...opened.keys()]), own = new Set<string>(), touched = new Set<string>();
  for (const { step, mesh, as, consults } of steps) {
    const met = [mesh, ...Object.values(consults)].map((name) => inputOf.get(name)!);
    if (step.placedOn !== undefined && as === undefined && !touched.has(met[0])) own.add(met[0]);
    if (met.length === 1) continue; // alone, a mesh may be anywhere
    for (const input of met) {
      groups.join(met[0], input);
      touched.add(input);
    }
  }
  const zeros = new Map<string, Vec3>(),
    zeroOf = (input: string) => {
      const { document, header } = opened.get(input)!;
      return farOrigin(document, header);
    };
  const consulted = steps.flatMap(({ consults }) => Object.values(consults)), changed = steps.map(({ mesh }) => mesh);
  for (const name of [...consulted, ...changed]) {
    const input = inputOf.get(name)!, group = groups.of(input);
    if (!zeros.has(group)) zeros.set(group, zeroOf(input));
  }
  return new Map([...opened.keys()].map((input) => [
    input,
    own.has(input) ? zeroOf(input) : zeros.get(groups.of(input)) ?? [0, 0, 0],
  ]));
}

/** Names that belong together. */
class Groups {
  readonly #groupOf: Map<string, string>;

  constructor(names: readonly string[]) {
    this.#groupOf = new Map(names.map((name) => [name, name]));
  }

  of(name: string): string {
    return this.#groupOf.get(name)!;
  }

  join(a: string, b: string): void {
    const from = this.of(b), to = this.of(a);
    if (from !== to) { for (const [name, group] of this.#groupOf) if (group === from) this.#groupOf.set(name, to); }
  }
}
