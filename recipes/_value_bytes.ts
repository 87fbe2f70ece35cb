import { surfaceIndexBytes } from "../fitting/surface/surface_index.ts";
import { topologyBytes, topologyPeakBytes } from "../fitting/topology/topology.ts";
import type { MeshSizes, WritableAttribute } from "./step.ts";

const F32 = 4, U32 = 4, U16 = 2;

/** Bytes leased for an attribute a mesh carries. */
export function storedBytes(attribute: WritableAttribute | "indices" | "uvs", sizes: MeshSizes): number {
  switch (attribute) {
    case "positions":
    case "normals":
      return 3 * sizes.vertexCount * F32;
    case "uvs":
      return 2 * sizes.vertexCount * F32;
    case "tangents":
      return 4 * sizes.vertexCount * F32;
    case "selection":
      return sizes.weldedCount;
    case "indices":
      return 3 * sizes.faceCount * U32;
    case "skin":
      return sizes.influencesPerVertex * sizes.vertexCount * (U16 + F32);
  }
}

/** Bytes leased for something made from a mesh. */
export function derivedBytes(attribute: "topology" | "index", sizes: MeshSizes): number {
  return attribute === "topology" ? topologyBytes(sizes) : surfaceIndexBytes(sizes);
}

/** Bytes leased while making it, beyond the result's own. */
export function derivedScratchBytes(attribute: "topology" | "index", sizes: MeshSizes): number {
  return attribute === "topology" ? topologyPeakBytes(sizes) - topologyBytes(sizes) : 0;
}
