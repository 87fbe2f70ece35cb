import { carryNormalsBytes, carryNormalsWork } from "../../fitting/normals/carry_normals.ts";
import {
  VERTEX_NORMALS_DEFAULTS,
  vertexNormalsBytes,
  vertexNormalsWork,
} from "../../fitting/normals/vertex_normals.ts";
import { vertexTangentsBytes, vertexTangentsWork } from "../../fitting/normals/vertex_tangents.ts";
import { angle, oneOf, optional, selections } from "../options.ts";
import { defineStep, type Step } from "../step.ts";

/** The `recompute-normals` step: adapts {@linkcode vertexNormalsWork}, {@linkcode carryNormalsWork} and {@linkcode vertexTangentsWork}. */
export const recomputeNormals: Step = defineStep({
  name: "recompute-normals",
  summary: "Makes vertex normals fit the current positions, and tangents where there are some",
  reads: ["topology"],
  writes: ["normals"],
  mayWrite: ["tangents"],
  consults: {},
  options: {
    mode: oneOf(["auto", "recompute", "keep"], {
      default: "auto",
      doc: "recompute takes them from the faces alone; keep turns the file's normals with the surface; auto computes " +
        "those that only followed the faces, hard edges kept, and turns those set by hand",
    }),
    weighting: oneOf(["angle", "area"], {
      default: VERTEX_NORMALS_DEFAULTS.weighting,
      doc: "What a face's vote at a corner is worth",
    }),
    crease: optional(angle({
      min: 0,
      max: Math.PI,
      doc: "Faces that meet at a sharper angle get a hard edge where the mesh has a seam",
    })),
    only: selections({ doc: "Where normals change; elsewhere those that are there stay" }),
  },
  asks: ({ mode }) => mode === "keep" ? ["restNormals", "rest"] : mode === "auto" ? ["rest"] : [],
  wants: ({ mode, only }) => [
    ...mode === "auto" ? ["restNormals" as const] : [],
    ...only === undefined ? [] : ["normals" as const],
  ],
  refuse: ({ mode, crease }) =>
    mode !== "keep" || crease === undefined ? [] : [{
      code: "bad-value",
      key: "crease",
      message: `"crease" of "recompute-normals" is for normals that are computed: "mode" is "keep"`,
      help: "Leave it out, or write mode: auto",
    }],
  scratchBytes: ({ mesh }) => Math.max(carryNormalsBytes(mesh), vertexNormalsBytes(mesh), vertexTangentsBytes()),
  *run({ mesh, out, masks, scratch }, { mode, weighting, crease }) {
    const { topology, restNormals, rest, uvs } = mesh, normals = out.normals;
    const options = { weighting, creaseRad: crease ?? VERTEX_NORMALS_DEFAULTS.creaseRad };
    const vertices = normals.length / 3;
    const report = mode === "recompute" || restNormals === undefined
      ? { computed: vertices, carried: 0, ...yield* vertexNormalsWork(mesh, topology, normals, scratch, options) }
      : yield* carryNormalsWork({ positions: rest!, normals: restNormals }, mesh, topology, normals, scratch, {
        ...options,
        mode,
      });
    if (masks.only !== undefined && mesh.normals !== undefined) keepOthers(mesh.normals, topology, masks.only, normals);
    if (out.tangents !== undefined) {
      yield* vertexTangentsWork(mesh, topology, normals, uvs!, out.tangents, scratch);
    }
    return { vertices, ...report, tangents: out.tangents !== undefined };
  },
  describe: ({ vertices, carried, verticesWithoutNormal, tangents }) =>
    `${vertices} normals${tangents ? " and tangents" : ""}` +
    (Number(carried) > 0 ? `, ${carried} turned with the surface` : "") +
    (verticesWithoutNormal === 0 ? "" : `, ${verticesWithoutNormal} vertices have no face`),
});

/** Puts the normals that were there in the place of those outside of a selection. */
function keepOthers(
  before: Float32Array,
  { positionRemap }: { readonly positionRemap: Uint32Array },
  only: Uint8Array,
  normals: Float32Array,
): void {
  for (let i = 0; i < normals.length; i++) if (only[positionRemap[Math.floor(i / 3)]] === 0) normals[i] = before[i];
}
