import type { TriangleMesh } from "../../fitting/mesh.ts";
import { mortonOrder } from "../../fitting/surface/_morton_order.ts";
import { BufferScope } from "../../pool/mod.ts";
import { quartered, readBody } from "../../tests/fitting/_body.ts";
import { mannequin } from "../../tests/fitting/_mannequin.ts";
import { seeded, wavyGrid } from "../../tests/fitting/_meshes.ts";

/** The body of the samples beside the checkout, else a made figure. */
export function body(): { name: string; mesh: TriangleMesh } {
  const mesh = readBody();
  return mesh === undefined ? { name: "made figure", mesh: mannequin() } : { name: "sample body A", mesh };
}

/** The body, and it parted in 4 and 16. */
export function bodies(): TriangleMesh[] {
  const first = body().mesh, second = quartered(first);
  return [first, second, quartered(second)];
}

/** `26.8k faces`. */
export function facesOf({ indices }: TriangleMesh): string {
  return `${(indices.length / 3000).toFixed(indices.length < 300_000 ? 1 : 0)}k faces`;
}

/** The same points along a Morton curve. */
export function sorted(points: Float32Array): Float32Array {
  using scope = new BufferScope();
  const order = new Uint32Array(points.length / 3);
  mortonOrder(points, order, scope);
  return Float32Array.from({ length: points.length }, (_, k) => points[3 * order[Math.floor(k / 3)] + k % 3]);
}

/** A wavy sheet of `n` by `n` with every coordinate shaken, as no artist's faces are alike. */
export function shakenGrid(n: number): TriangleMesh {
  const { positions, indices } = wavyGrid(n), random = seeded(1);
  for (let i = 0; i < positions.length; i++) positions[i] += 0.5 / n * (random() - 0.5);
  return { positions, indices };
}
