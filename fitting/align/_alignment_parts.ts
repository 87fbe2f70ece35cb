import type { Frame } from "../../pool/scratch.ts";
import type { AlignTarget } from "./align_bounds.ts";
import { bodyPartsBytes, labelBodyParts } from "./_body_parts.ts";
import { MirrorPlanes, mirrorPlanesBytes } from "./_mirror_planes.ts";
import { RegionShapes, regionShapesBytes } from "./_region_shapes.ts";
import { sampleSurface, type SurfaceSamples, surfaceSamplesBytes } from "./_surface_samples.ts";
import { type Bounds, boundsOf } from "../bounds.ts";
import type { TriangleMesh } from "../mesh.ts";
import type { Work } from "../work.ts";

/** Places on the piece that are looked at. */
export const SAMPLES = 384;

/** What is measured of a piece and its target before any place is tried. */
export interface AlignmentParts {
  /** Of the piece. */
  readonly samples: SurfaceSamples;
  /** Diagonal of the piece in its file's unit. */
  readonly size: number;
  /** Middle of the box around it, likewise. */
  readonly middle: readonly number[];
  /** Of the target. */
  readonly bounds: Bounds;
  /** Part of each vertex of the target. */
  readonly labels: Uint8Array;
  /** Of the target. */
  readonly regions: RegionShapes;
  /** Of the piece. */
  readonly mirrors: MirrorPlanes;
}

/** Bytes {@linkcode alignmentPartsWork} leases. */
export function alignmentPartsBytes(targetVertexCount: number): number {
  return surfaceSamplesBytes(SAMPLES) + bodyPartsBytes(targetVertexCount) + regionShapesBytes() + mirrorPlanesBytes();
}

/** Measures both meshes. Each part goes over one of them once or twice. */
export function* alignmentPartsWork(mesh: TriangleMesh, target: AlignTarget, frame: Frame): Work<AlignmentParts> {
  const samples = sampleSurface(mesh, SAMPLES, frame);
  yield;
  const { boundsDiagonal: size, boundsMin, boundsMax } = boundsOf(mesh);
  const middle = boundsMin.map((low, k) => (low + boundsMax[k]) / 2);
  yield;
  const bounds = boundsOf(target.mesh);
  yield;
  const { labels } = labelBodyParts(target.mesh, target.skin, target.jointNames, frame);
  yield;
  const regions = new RegionShapes(target.mesh, labels, frame);
  yield;
  const mirrors = new MirrorPlanes(mesh, frame);
  yield;
  return { samples, size, middle, bounds, labels, regions, mirrors };
}
