import type { TriangleMesh } from "../fitting/mesh.ts";
import { SurfaceIndex } from "../fitting/surface/surface_index.ts";
import type { PooledBuffer } from "../pool/buffer_type.ts";
import { checksumOf } from "./_checksum.ts";
import { isArray, mapArrays } from "./_payload_arrays.ts";
import type { Payloads } from "./_value_table.ts";

/**
 * What a custom step is lent, so that nothing of it can be kept or swapped:
 * copies of the objects that hold arrays, and indices that can be taken back.
 * The arrays themselves are real; whoever lends re-homes them afterwards.
 */
export class Loan {
  readonly #ends: (() => void)[] = [];
  readonly #readOnly: { readonly what: string; readonly array: PooledBuffer; readonly checksum: number }[] = [];

  /** Lends the values of a mesh for reading. */
  view(name: string, values: Partial<Payloads>): Record<string, unknown> {
    const mesh = { positions: values.positions!, indices: values.indices! };
    const parts = Object.entries(values).map(([attribute, payload]) => {
      this.#watch(`${attribute} of "${name}"`, payload);
      return [attribute, this.#face(payload, mesh)];
    });
    return { ...Object.fromEntries(parts), name };
  }

  /** Lends selections for reading, by the key of the option that names them. */
  masks(masks: Readonly<Record<string, Uint8Array>>): Record<string, Uint8Array> {
    for (const [key, mask] of Object.entries(masks)) this.#watch(`selection in "${key}"`, mask);
    return { ...masks };
  }

  /** Lends values for writing. */
  out(values: Partial<Payloads>): Record<string, unknown> {
    const parts = Object.entries(values).map(([attribute, payload]) => [attribute, this.#face(payload)]);
    return Object.fromEntries(parts);
  }

  /**
   * Holds what was lent for reading against what it was: others read it too.
   *
   * @throws {TypeError} If the borrower wrote to it.
   */
  assertKept(): void {
    for (const { what, array, checksum } of this.#readOnly) {
      if (checksumOf(array) === checksum) continue;
      throw new TypeError(`Only what a step declares to write may change: it changed the ${what}`);
    }
  }

  /** Takes the indices back. */
  end(): void {
    for (const end of this.#ends) end();
  }

  #face(payload: Payloads[keyof Payloads], mesh?: TriangleMesh): unknown {
    if (isArray(payload) || Object.isFrozen(payload)) return payload;
    if (!(payload instanceof SurfaceIndex)) return mapArrays(payload, (array) => array);
    const { index, end } = payload.lend(mesh);
    this.#ends.push(end);
    return index;
  }

  #watch(what: string, payload: Payloads[keyof Payloads]): void {
    if (payload instanceof SurfaceIndex || Object.isFrozen(payload)) return;
    const arrays = isArray(payload) ? [payload] : Object.values(payload).filter(isArray);
    for (const array of arrays) this.#readOnly.push({ what, array, checksum: checksumOf(array) });
  }
}
