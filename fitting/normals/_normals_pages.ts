import { memoryOf, pageBytes } from "../../pool/pages.ts";
import type { Frame } from "../../pool/scratch.ts";
import { ANGLES } from "./_corner_angle.ts";
import { type Kernels, kernelsOf } from "../surface/_kernels.ts";
import type { TriangleMesh } from "../mesh.ts";
import type { Topology } from "../topology/topology.ts";

/** Sizes of a mesh whose normals are computed. */
export interface NormalsSizes {
  readonly vertexCount: number;
  readonly faceCount: number;
  readonly weldedCount: number;
}

/** What vertex normals work on: sums in any case, the rest where kernels do it. */
export interface NormalsPages {
  readonly kernels: Kernels | undefined;
  /** Where things lie, bytes. */
  readonly at: ReturnType<typeof layOut>;
  /** 4 numbers a place: the votes, and their weight. */
  readonly sums: Float64Array;
  /** A single vote. */
  readonly vote: Float64Array;
  /** 3 numbers a vertex, written by a kernel. */
  readonly normals: Float32Array;
  /** How many vertices a kernel left to TypeScript, then those. */
  readonly doubtful: Uint32Array;
}

function layOut({ vertexCount, faceCount, weldedCount }: NormalsSizes) {
  const sums = 0, vote = sums + 32 * weldedCount, angles = vote + 32, positions = angles + 8 * ANGLES.length;
  const indices = positions + 12 * vertexCount, remap = indices + 12 * faceCount, normals = remap + 4 * vertexCount;
  const doubtful = normals + 12 * vertexCount;
  return { sums, vote, angles, positions, indices, remap, normals, doubtful, end: doubtful + 4 + 4 * vertexCount };
}

/** Leases {@linkcode normalsPageBytes} and copies the mesh where kernels read it. */
export function leaseNormals({ positions, indices }: TriangleMesh, topology: Topology, frame: Frame): NormalsPages {
  const { positionRemap, weldedCount } = topology, vertexCount = positionRemap.length;
  const at = layOut({ vertexCount, faceCount: indices.length / 3, weldedCount });
  const pages = frame.pages(at.end), { buffer } = memoryOf(pages), kernels = kernelsOf(pages);
  if (kernels !== undefined) {
    new Float64Array(buffer, at.angles, ANGLES.length).set(ANGLES);
    new Float32Array(buffer, at.positions, positions.length).set(positions);
    new Uint32Array(buffer, at.indices, indices.length).set(indices);
    new Uint32Array(buffer, at.remap, vertexCount).set(positionRemap);
  }
  return {
    kernels,
    at,
    sums: new Float64Array(buffer, at.sums, 4 * weldedCount),
    vote: new Float64Array(buffer, at.vote, 4),
    normals: new Float32Array(buffer, at.normals, 3 * vertexCount),
    doubtful: new Uint32Array(buffer, at.doubtful, 1 + vertexCount),
  };
}

/** Bytes {@linkcode leaseNormals} leases. */
export function normalsPageBytes(sizes: NormalsSizes): number {
  return pageBytes(layOut(sizes).end);
}
