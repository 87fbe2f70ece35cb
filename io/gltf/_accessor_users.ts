import type { GltfJson, GltfPrimitive } from "./json_types.ts";

/** Counts who uses each accessor and mesh, so that no change reaches something it was not meant for. */
export class AccessorUsers {
  readonly #uses = new Map<number, number>();
  readonly #nodes = new Map<number, number>();

  /** Counts the uses in the document as it is. */
  constructor(json: GltfJson) {
    for (const { mesh } of json.nodes ?? []) if (mesh !== undefined) this.addNode(mesh);
    for (const mesh of json.meshes ?? []) {
      mesh.primitives.forEach((primitive) => this.addPrimitive(primitive));
    }
    for (const { inverseBindMatrices } of json.skins ?? []) {
      this.add(inverseBindMatrices);
    }
    for (const { samplers } of json.animations ?? []) {
      for (const { input, output } of samplers) {
        this.add(input);
        this.add(output);
      }
    }
  }

  /** Counts one use more, or `-1` for one less. */
  add(accessor: number | undefined, change: 1 | -1 = 1): void {
    if (accessor !== undefined) {
      this.#uses.set(accessor, (this.#uses.get(accessor) ?? 0) + change);
    }
  }

  /** Counts the uses of a primitive, which was copied. */
  addPrimitive(primitive: GltfPrimitive): void {
    this.add(primitive.indices);
    for (const source of [primitive.attributes, ...(primitive.targets ?? [])]) {
      for (const accessor of Object.values(source)) this.add(accessor);
    }
  }

  /** Counts one node more that shows a mesh, or `-1` for one less. */
  addNode(mesh: number, change: 1 | -1 = 1): void {
    this.#nodes.set(mesh, this.nodeCount(mesh) + change);
  }

  /** How many nodes show a mesh. */
  nodeCount(mesh: number): number {
    return this.#nodes.get(mesh) ?? 0;
  }

  /** How often an accessor is used. */
  count(accessor: number): number {
    return this.#uses.get(accessor) ?? 0;
  }
}
