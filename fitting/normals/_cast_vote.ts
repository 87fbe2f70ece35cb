import { cornerAngle } from "./_corner_angle.ts";
import type { TriangleMesh } from "../mesh.ts";

/** Writes the vote of the face at corner `c` there: a vector along its normal, and the length of that. */
export function castVote(
  vote: Float64Array,
  { positions, indices }: TriangleMesh,
  c: number,
  byAngle: boolean,
): void {
  const slot = c % 3;
  const i = 3 * indices[c], j = 3 * indices[slot === 2 ? c - 2 : c + 1];
  const k = 3 * indices[slot === 0 ? c + 2 : c - 1];
  const ux = positions[j] - positions[i];
  const uy = positions[j + 1] - positions[i + 1];
  const uz = positions[j + 2] - positions[i + 2];
  const vx = positions[k] - positions[i];
  const vy = positions[k + 1] - positions[i + 1];
  const vz = positions[k + 2] - positions[i + 2];
  const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
  const twiceArea = Math.sqrt(nx * nx + ny * ny + nz * nz);
  const weight = twiceArea === 0 ? 0 : byAngle ? cornerAngle(twiceArea, ux * vx + uy * vy + uz * vz) : twiceArea;
  const scale = twiceArea === 0 ? 0 : weight / twiceArea;
  vote[0] = nx * scale;
  vote[1] = ny * scale;
  vote[2] = nz * scale;
  vote[3] = weight;
}
