/**
 * From a figure to a finished, skinned mannequin: mesh one half, mirror it, weigh it, unwrap it, write it.
 *
 * @module
 */
import { type Figure, figureField, type FigureJoint, listJoints } from "./figure.ts";
import { GlbWriter } from "./glb.ts";
import { meshHalf, type Soup } from "./isosurface.ts";
import { remeshHalf, type Sizing } from "./remesh.ts";
import { cutSeams } from "./unwrap.ts";
import { addScaled, cross, mirrored, segmentDistance, subtract, unit, type Vec3 } from "./vec.ts";
import { weighSkin } from "./weigh.ts";

/** Cube edge of the first, rough mesh, metres. */
const CELL = 0.016;
/** Rounds of remeshing; the picture stops changing after about six. */
const ROUNDS = 7;
/** Coordinates are written in steps of 1 / this, metres. */
const STEPS_PER_METRE = 1e5;

/** The .glb bytes of a mannequin. */
export function bodyGlb(figure: Figure): Uint8Array<ArrayBuffer> {
  const field = figureField(figure);
  const half = remeshHalf(meshHalf(field, [0, -2 * CELL, -0.3], [0.9, 1.9, 0.32], CELL), field, sizing(figure), ROUNDS);
  const whole = joinMirrored(half);
  const joints = listJoints(figure.joints);
  const skin = weighSkin(whole, joints, figure.joints);
  const normals = vertexNormals(whole);
  const unwrapped = cutSeams(whole, skin.regions, joints, figure.joints);
  const { sources } = unwrapped;

  const glb = new GlbWriter();
  const attributes = {
    POSITION: glb.add(
      new Float32Array(sources.flatMap((v) => whole.points[v].map(onGrid))),
      "VEC3",
      "attributes",
      true,
    ),
    NORMAL: glb.add(new Float32Array(sources.flatMap((v) => [...normals[v]])), "VEC3", "attributes"),
    TEXCOORD_0: glb.add(new Float32Array(unwrapped.uvs), "VEC2", "attributes"),
    JOINTS_0: glb.add(
      new Uint8Array(sources.flatMap((v) => skin.joints.slice(4 * v, 4 * v + 4))),
      "VEC4",
      "attributes",
    ),
    WEIGHTS_0: glb.add(
      new Float32Array(sources.flatMap((v) => skin.weights.slice(4 * v, 4 * v + 4))),
      "VEC4",
      "attributes",
    ),
  };
  const indices = glb.add(new Uint16Array(unwrapped.faces.flat()), "SCALAR", "indices");
  const inverseBindMatrices = glb.add(new Float32Array(joints.flatMap(inverseBind)), "MAT4", "data");
  const jointNodes = joints.map((_, j) => j + 1);
  return glb.finish({
    asset: { version: "2.0", generator: "Meshtailor demo assets" },
    scene: 0,
    scenes: [{ nodes: [0, 1] }],
    nodes: [{ name: figure.name, mesh: 0, skin: 0 }, ...joints.map((joint, j) => jointNode(joints, joint, j))],
    meshes: [{ name: figure.name, primitives: [{ attributes, indices, material: 0 }] }],
    materials: [{
      name: "skin",
      pbrMetallicRoughness: { baseColorFactor: [0.62, 0.46, 0.36, 1], metallicFactor: 0, roughnessFactor: 0.65 },
    }],
    skins: [{ name: `${figure.name}_rig`, joints: jointNodes, skeleton: 1, inverseBindMatrices }],
  });
}

/** A coordinate rounded to 0.01 mm. */
export function onGrid(value: number): number {
  return Math.round(value * STEPS_PER_METRE) / STEPS_PER_METRE + 0; // + 0: no -0
}

/** Fine triangles at the figure's fine spots, coarse ones elsewhere, with a slow change between. */
function sizing({ coarseEdge, fineSpots }: Figure): Sizing {
  const growth = 0.16;
  return (p) =>
    fineSpots.reduce(
      (edge, spot) =>
        Math.min(edge, spot.edge + growth * Math.max(0, segmentDistance(p, spot.from, spot.to) - spot.radius)),
      coarseEdge,
    );
}

/** The half and its mirror image, joined along x = 0. */
function joinMirrored({ points, faces }: Soup): Soup {
  const twins = new Map<number, number>();
  const all = [...points];
  points.forEach((p, v) => twins.set(v, p[0] === 0 ? v : all.push(mirrored(p)) - 1));
  const turned = faces.map(([a, b, c]): [number, number, number] => [twins.get(a)!, twins.get(c)!, twins.get(b)!]);
  return { points: all, faces: [...faces, ...turned] };
}

/** Area-weighted: the field's own normals turn too fast for the triangles around soles and fingertips. */
function vertexNormals({ points, faces }: Soup): Vec3[] {
  const sums = points.map((): Vec3 => [0, 0, 0]);
  for (const face of faces) {
    const [a, b, c] = face.map((v) => points[v]);
    const vote = cross(subtract(b, a), subtract(c, a));
    for (const v of face) sums[v] = addScaled(sums[v], vote, 1);
  }
  return sums.map(unit);
}

function inverseBind({ place: [x, y, z] }: FigureJoint): number[] {
  return [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, -x, -y, -z, 1];
}

function jointNode(joints: readonly FigureJoint[], joint: FigureJoint, j: number) {
  const origin: Vec3 = joint.parent < 0 ? [0, 0, 0] : joints[joint.parent].place;
  const children = joints.flatMap((other, k) => other.parent === j ? [k + 1] : []);
  const translation = subtract(joint.place, origin).map(onGrid);
  return children.length > 0 ? { name: joint.name, translation, children } : { name: joint.name, translation };
}
