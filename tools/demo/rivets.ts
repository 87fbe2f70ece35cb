/**
 * Rivets: small closed domes just above the plate, each an island of its own.
 *
 * @module
 */
import { type Field, normalAt, projectTo } from "./field.ts";
import { addQuad, type PlateMesh, type Uv } from "./plate_mesh.ts";
import { addScaled, circle, cross, unit, type Vec3 } from "./vec.ts";

/** Where the left half's rivets sit, before they are moved onto the plate. Metres, on the slim body. */
const PLACES: readonly Vec3[] = [
  [0.098, 1.43, 0.03],
  [0.1, 1.435, -0.09],
  [0.098, 1.345, 0.09],
  [0.1, 1.345, -0.11],
  [0.126, 1.275, 0.07],
  [0.126, 1.275, -0.09],
];
/** Radius and height of a dome and the air below it, metres. */
const RADIUS = 0.008, HEIGHT = 0.0046, GAP = 0.0006;
const SEGMENTS = 8;
/** The patch of the texture all rivets share. */
const TEXTURE_CENTER: Uv = [0.02, 0.02], TEXTURE_RADIUS = 0.015;

/** Adds the left half's rivets. */
export function addRivets(mesh: PlateMesh, plate: Field): void {
  for (const place of PLACES) {
    const foot = projectTo(plate, place, GAP, 12);
    addRivet(mesh, foot, normalAt(plate, foot));
  }
}

function addRivet(mesh: PlateMesh, foot: Vec3, up: Vec3): void {
  const right = unit(cross([0, 1, 0], up)), ahead = cross(up, right);
  const at = (turn: number, radius: number, height: number): Vec3 => {
    const [cos, sin] = circle(turn);
    return addScaled(addScaled(addScaled(foot, right, radius * cos), ahead, radius * sin), up, height);
  };
  const add = (p: Vec3) => mesh.points.push(p) - 1;
  const turns = Array.from({ length: SEGMENTS }, (_, k) => k / SEGMENTS);
  const rim = turns.map((t) => add(at(t, RADIUS, 0)));
  const shoulder = turns.map((t) => add(at(t, RADIUS * 0.66, HEIGHT * 0.75)));
  const top = add(at(0, 0, HEIGHT)), bottom = add(foot);
  const uv = (k: number, radius: number): Uv => {
    const [cos, sin] = circle(k / SEGMENTS);
    return [TEXTURE_CENTER[0] + TEXTURE_RADIUS * radius * cos, TEXTURE_CENTER[1] + TEXTURE_RADIUS * radius * sin];
  };
  for (let k = 0; k < SEGMENTS; k++) {
    const to = (k + 1) % SEGMENTS;
    addQuad(mesh, "dome", [rim[k], rim[to], shoulder[to], shoulder[k]], [
      uv(k, 1),
      uv(to, 1),
      uv(to, 0.66),
      uv(k, 0.66),
    ]);
    mesh.faces.push({
      finish: "dome",
      corners: [shoulder[k], shoulder[to], top],
      uvs: [uv(k, 0.66), uv(to, 0.66), uv(0, 0)],
    });
    mesh.faces.push({ finish: "base", corners: [rim[to], rim[k], bottom], uvs: [uv(to, 1), uv(k, 1), uv(0, 0)] });
  }
}
