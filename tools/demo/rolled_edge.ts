/**
 * Rolled edges: a round bead along every open edge of a sheet, as armourers turn them over a wire.
 *
 * @module
 */
import { type Field, normalAt } from "./field.ts";
import { addQuad, boundaryLoops, type PlateMesh } from "./plate_mesh.ts";
import { addScaled, circle, cross, length, subtract, unit, type Vec3 } from "./vec.ts";

/** Radius of the bead, metres. */
const RADIUS = 0.005;
/** Its cross-section: turns from "away from the sheet" towards "away from the body"; the last ones lie below the sheet. */
const PROFILE = [0.4, 0.27, 0.13, 0, -0.16];
/** How far the bead's middle stands outside the sheet, metres. */
const LIFT = 0.0012;
/** Air the bead keeps to the body, metres. */
const CLEARANCE = 0.0045;

/** Adds a bead to every open edge; the sheet's own points stay. The bead's inner side stays open. */
export function rollEdges(sheet: PlateMesh, body: Field): PlateMesh {
  const mesh: PlateMesh = { points: [...sheet.points], faces: [...sheet.faces] };
  boundaryLoops(sheet).forEach((loop, number) => addBead(mesh, loop, body, number));
  return mesh;
}

function addBead(mesh: PlateMesh, loop: readonly number[], body: Field, number: number): void {
  const { points } = mesh;
  const count = loop.length;
  const rings: number[][] = [[...loop], ...PROFILE.map(() => [] as number[])];
  for (let k = 0; k < count; k++) {
    const p = points[loop[k]];
    const along = unit(subtract(points[loop[(k + 1) % count]], points[loop[(k + count - 1) % count]]));
    const up = normalAt(body, p);
    const away = unit(cross(along, up)); // the sheet lies to the left of `along`
    const middle = addScaled(addScaled(p, away, RADIUS * 0.9), up, LIFT);
    PROFILE.forEach((turn, r) => {
      const [cos, sin] = circle(turn);
      const q = addScaled(addScaled(middle, away, RADIUS * cos), up, RADIUS * sin);
      rings[r + 1].push(points.push(keptAway(body, q)) - 1);
    });
  }
  const starts = [0];
  for (let k = 0; k < count; k++) {
    starts.push(starts[k] + length(subtract(points[loop[k]], points[loop[(k + 1) % count]])));
  }
  const uv = (k: number, r: number) =>
    [starts[k] / starts[count], 0.91 + 0.02 * number + 0.018 * r / PROFILE.length] as const;
  for (let k = 0; k < count; k++) {
    const to = (k + 1) % count;
    for (let r = 0; r < PROFILE.length; r++) {
      addQuad(mesh, "bead", [rings[r][to], rings[r][k], rings[r + 1][k], rings[r + 1][to]], [
        uv(k + 1, r),
        uv(k, r),
        uv(k, r + 1),
        uv(k + 1, r + 1),
      ]);
    }
  }
}

/** `p`, moved out of the body's neighbourhood where it came too near. */
function keptAway(body: Field, p: Vec3): Vec3 {
  const gap = body(...p);
  return gap >= CLEARANCE ? p : addScaled(p, normalAt(body, p), CLEARANCE - gap);
}
