import {
  Bone,
  BufferAttribute,
  type BufferGeometry,
  CapsuleGeometry,
  CylinderGeometry,
  Float32BufferAttribute,
  InterleavedBuffer,
  InterleavedBufferAttribute,
  Mesh,
  type Object3D,
  Skeleton,
  SkinnedMesh,
  Uint16BufferAttribute,
  Vector3,
} from "three";
import type { TriangleMesh } from "../../fitting/mod.ts";

/** A limb along y, 1 m long, with a root joint below and an elbow in the middle; weights ramp over 0.2 m. */
export function limb(): { body: SkinnedMesh; root: Bone; elbow: Bone } {
  const geometry = new CapsuleGeometry(0.1, 0.8, 6, 20, 16), { position } = geometry.attributes;
  const joints = new Uint16Array(4 * position.count), weights = new Float32Array(4 * position.count);
  for (let v = 0; v < position.count; v++) {
    const share = Math.min(1, Math.max(0, position.getY(v) / 0.2 + 0.5));
    joints.set([0, 1], 4 * v);
    weights.set([1 - share, share], 4 * v);
  }
  geometry.setAttribute("skinIndex", new Uint16BufferAttribute(joints, 4));
  geometry.setAttribute("skinWeight", new Float32BufferAttribute(weights, 4));
  const body = new SkinnedMesh(geometry), root = new Bone(), elbow = new Bone();
  body.name = "limb";
  root.position.y = -0.5;
  elbow.position.y = 0.5;
  body.add(root.add(elbow));
  body.updateMatrixWorld(true);
  body.bind(new Skeleton([root, elbow]));
  return { body, root, elbow };
}

/** A bracer that is too narrow for the upper half of the limb; it has a UV seam. */
export function bracer(): Mesh {
  const mesh = new Mesh(new CylinderGeometry(0.09, 0.095, 0.25, 18, 5, true).translate(0.013, 0.15, 0.004));
  mesh.name = "bracer";
  return mesh;
}

/** Vertices as three.js shows them, in the world; skinned ones in the pose of now. */
export function shown(mesh: Mesh): number[] {
  let top: Object3D = mesh;
  while (top.parent) top = top.parent;
  top.updateMatrixWorld(true);
  const point = new Vector3(), { count } = mesh.geometry.attributes.position;
  return Array.from(
    { length: count },
    (_, v) => mesh.localToWorld(mesh.getVertexPosition(v, point)).toArray(),
  ).flat();
}

/** A geometry as the flat functions take it, in its own coordinates. */
export function flat(geometry: BufferGeometry): TriangleMesh {
  const { position } = geometry.attributes, { index } = geometry;
  const positions = new Float32Array(3 * position.count);
  for (let v = 0; v < position.count; v++) {
    positions.set([position.getX(v), position.getY(v), position.getZ(v)], 3 * v);
  }
  const indices = Uint32Array.from(index ? index.array : Array.from({ length: position.count }, (_, v) => v));
  return { positions, indices };
}

/** The positions of a geometry, copied. */
export function positionsOf({ attributes: { position } }: BufferGeometry): number[] {
  return Array.from({ length: 3 * position.count }, (_, i) => position.getComponent(Math.floor(i / 3), i % 3));
}

/** Puts position and normal of a geometry into one interleaved buffer with two numbers of something else between. */
export function interleave(geometry: BufferGeometry): InterleavedBuffer {
  const { position, normal } = geometry.attributes;
  const data = new InterleavedBuffer(new Float32Array(8 * position.count).fill(7), 8);
  geometry.setAttribute("position", fill(1, position));
  geometry.setAttribute("normal", fill(5, normal));
  return data;

  function fill(offset: number, from: BufferAttribute): InterleavedBufferAttribute {
    const attribute = new InterleavedBufferAttribute(data, 3, offset);
    for (let v = 0; v < from.count; v++) attribute.setXYZ(v, from.getX(v), from.getY(v), from.getZ(v));
    return attribute;
  }
}

/** Stores positions as shares of `range` in 16 bits, and scales the mesh by `range`. */
export function quantize(mesh: Mesh, range: number): void {
  const { geometry } = mesh, { position } = geometry.attributes;
  const shares = Int16Array.from(position.array as Float32Array, (x) => Math.round(x / range * 32767));
  geometry.setAttribute("position", new BufferAttribute(shares, 3, true));
  mesh.scale.multiplyScalar(range);
}

/** The largest difference of two lists. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}
