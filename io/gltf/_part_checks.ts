import { fault } from "./_check.ts";
import { type Column, openColumn } from "./_column.ts";
import { cornerCount, type FaceSource, writeFaces } from "./_faces.ts";
import type { GltfDocument } from "./open.ts";

/**
 * What checks of content may cost: a small file can name the same bytes a
 * million times, so elements looked at are counted, not bytes.
 */
export class Budget {
  #left: number;
  readonly #limit: number;

  /** Allows for eight looks at every byte of the file, and four million elements besides. */
  constructor(readonly document: GltfDocument) {
    this.#limit = this.#left = 2 ** 22 + 8 * document.fileBytes;
  }

  /** Counts elements; refuses the file when it repeats itself too often. */
  spend(elements: number, pointer: string): void {
    this.#left -= elements;
    if (this.#left >= 0) return;
    const rule = `the surface of a file of ${this.document.fileBytes} bytes may hold ${this.#limit} elements`;
    throw fault(
      this.document.path,
      pointer,
      rule,
      "it holds more, as it uses the same data again and again; select fewer nodes",
    );
  }
}

/** Highest index of a primitive and where it stands, against its vertices. */
export function checkIndexValues(
  document: GltfDocument,
  indices: Column,
  vertexCount: number,
  pointer: string,
): void {
  const { array, step, count } = indices;
  for (let i = 0; i < count; i++) {
    if (array[step * i] >= vertexCount) {
      throw fault(
        document.path,
        pointer,
        `every index must be < ${vertexCount} (the vertices of the primitive)`,
        `number ${i} is ${array[step * i]}`,
      );
    }
  }
}

/** How many elements hold a number that is not finite. */
export function countNonFinite(column: Column): number {
  const { array, step, count, components } = column;
  if (!(array instanceof Float32Array)) return 0;
  let bad = 0;
  for (let i = 0; i < count; i++) {
    if (!isFiniteElement(array, step * i, components)) bad++;
  }
  return bad;
}

/** Whether all components of an element are finite. */
export function isFiniteElement(
  array: ArrayLike<number>,
  at: number,
  components: number,
): boolean {
  let sum = 0;
  for (let c = 0; c < components; c++) sum += array[at + c] * 0; // NaN and infinities give NaN
  return sum === 0;
}

/** Refuses a primitive one of whose faces uses a vertex that is not finite. */
export function refuseUsedNonFinite(
  document: GltfDocument,
  positions: Column,
  faces: FaceSource,
  badCount: number,
  pointer: string,
): void {
  const { array, step } = positions;
  const corners = new Uint32Array(3 * Math.max(cornerCount(faces), 1));
  const end = 3 * writeFaces(faces, corners, 0, 0, false);
  for (let i = 0; i < end; i++) {
    const at = step * corners[i];
    if (isFiniteElement(array, at, 3)) continue;
    const others = badCount === 1 ? "" : ` (${badCount} vertices are not finite)`;
    const found = `vertex ${corners[i]} is ${array[at]}, ${array[at + 1]}, ${
      array[at + 2]
    }${others}; repair the mesh and export it again`;
    throw fault(
      document.path,
      pointer,
      "every vertex a face uses must be finite",
      found,
    );
  }
}

/** Refuses joints the skin does not have, and weights that are negative or not finite. */
export function checkInfluences(
  document: GltfDocument,
  set: { joints: Column; weights: Column },
  jointCount: number,
  index: number,
  pointer: string,
): void {
  const { joints, weights } = set;
  for (let v = 0; v < joints.count; v++) {
    for (let c = 0; c < 4; c++) {
      const joint = joints.array[joints.step * v + c],
        weight = weights.array[weights.step * v + c];
      if (joint >= jointCount) {
        throw fault(
          document.path,
          `${pointer}/JOINTS_${index}`,
          `every joint must be < ${jointCount} (the joints of the skin)`,
          `vertex ${v} names ${joint}`,
        );
      }
      if (!(weight >= 0 && weight < Infinity)) {
        throw fault(
          document.path,
          `${pointer}/WEIGHTS_${index}`,
          "every weight must be finite and >= 0",
          `vertex ${v} has ${weight}`,
        );
      }
    }
  }
}

/** Opens an attribute or morph target once, so that a broken sparse accessor is refused before anything is written. */
export function checkSparse(
  document: GltfDocument,
  accessor: number,
  budget: Budget,
  pointer: string,
): void {
  if (document.json.accessors![accessor].sparse === undefined) return;
  budget.spend(document.json.accessors![accessor].count, pointer);
  openColumn(document, accessor);
}
