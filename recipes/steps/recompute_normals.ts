import { VERTEX_NORMALS_DEFAULTS, vertexNormalsBytes, vertexNormalsWork } from "../../fitting/vertex_normals.ts";
import { angle, oneOf } from "../options.ts";
import { defineStep, type Step } from "../step.ts";

/** The `recompute-normals` step: adapts {@linkcode vertexNormalsWork}. */
export const recomputeNormals: Step = defineStep({
  name: "recompute-normals",
  summary: "Replaces vertex normals with ones computed from the current positions",
  reads: ["topology"],
  writes: ["normals"],
  consults: {},
  options: {
    weighting: oneOf(["angle", "area"], {
      default: VERTEX_NORMALS_DEFAULTS.weighting,
      doc: "What a face's vote at a corner is worth",
    }),
    crease: angle({
      default: VERTEX_NORMALS_DEFAULTS.creaseRad,
      min: 0,
      max: Math.PI,
      doc: "Faces that meet at a sharper angle keep a hard edge",
    }),
  },
  scratchBytes: ({ mesh }) => vertexNormalsBytes(mesh),
  *run({ mesh, out, scratch }, { weighting, crease }) {
    const { verticesWithoutNormal } = yield* vertexNormalsWork(mesh, mesh.topology, out.normals, scratch, {
      weighting,
      creaseRad: crease,
    });
    return { vertices: out.normals.length / 3, verticesWithoutNormal };
  },
  describe: ({ vertices, verticesWithoutNormal }) =>
    `${vertices} normals` + (verticesWithoutNormal === 0 ? "" : `, ${verticesWithoutNormal} vertices have no face`),
});
