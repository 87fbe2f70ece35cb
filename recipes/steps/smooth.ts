import { cotanSmoothBytes, cotanSmoothWork } from "../../fitting/smooth/cotan_smooth.ts";
import { displacementSmoothBytes, displacementSmoothWork } from "../../fitting/smooth/displacement_smooth.ts";
import { hcSmoothBytes, hcSmoothWork } from "../../fitting/smooth/hc_smooth.ts";
import { laplacianSmoothBytes, laplacianSmoothWork, SMOOTH_BOUNDARIES } from "../../fitting/smooth/laplacian_smooth.ts";
import { TAUBIN_SMOOTH_DEFAULTS, taubinSmoothBytes, taubinSmoothWork } from "../../fitting/smooth/taubin_smooth.ts";
import { boundsOf } from "../../fitting/bounds.ts";
import { integer, oneOf, ratio, selections } from "../options.ts";
import { defineStep, type MeshSizes, type Step } from "../step.ts";
import { millimetres } from "../_show.ts";

const defaults = TAUBIN_SMOOTH_DEFAULTS;
const BYTES = {
  taubin: taubinSmoothBytes,
  hc: hcSmoothBytes,
  laplacian: laplacianSmoothBytes,
  cotan: cotanSmoothBytes,
  displacement: displacementSmoothBytes,
};
const WORKS = {
  taubin: taubinSmoothWork,
  hc: hcSmoothWork,
  laplacian: laplacianSmoothWork,
  cotan: cotanSmoothWork,
};

/** Smoothing moves nothing so far, in diagonals of the mesh. */
const TOO_FAR = 0.25;

/** The `smooth` step: adapts {@linkcode taubinSmoothWork} and its kin. */
export const smooth: Step = defineStep({
  name: "smooth",
  summary: "Evens out bumps of a mesh, or what earlier steps did to it",
  reads: ["topology"],
  writes: ["positions"],
  consults: {},
  options: {
    method: oneOf(["taubin", "hc", "laplacian", "cotan", "displacement"], {
      default: "taubin",
      doc: "taubin and hc keep the volume; laplacian shrinks; cotan shrinks too, but leaves what is flat as it is, " +
        "textures too; displacement evens out what earlier steps moved and keeps the shape the mesh had",
    }),
    iterations: integer({
      default: defaults.iterations,
      min: 0,
      max: 10_000,
      doc: "How often each vertex goes towards its neighbours",
    }),
    strength: ratio({ default: defaults.lambda, doc: "How far it goes each time" }),
    boundary: oneOf(SMOOTH_BOUNDARIES, {
      default: defaults.boundary,
      doc:
        "pinned: open edges such as hems stay; free: they move like the rest and shrink; along: they are evened out " +
        "as curves",
    }),
    only: selections({ doc: "What is smoothed; the rest stays" }),
    pin: selections({ doc: "What stays where it is" }),
  },
  asks: ({ method }) => method === "displacement" ? ["rest"] : [],
  scratchBytes: ({ mesh }: { mesh: MeshSizes }, { method, boundary }) => BYTES[method](mesh, { boundary }),
  *run({ mesh, out, masks, scratch }, { method, strength, iterations, boundary }) {
    const { only, pin } = masks, { topology } = mesh;
    const settings = strength === 0
      ? { iterations: 0, boundary, only, pin }
      : { iterations, lambda: strength, boundary, only, pin };
    const { boundsDiagonal: size } = boundsOf(mesh);
    yield;
    const { meanMove, maxMove } = method === "displacement"
      ? yield* displacementSmoothWork(mesh.rest!, mesh, topology, out.positions, scratch, settings)
      : yield* WORKS[method](mesh, topology, out.positions, scratch, settings);
    return { meanMove, maxMove, size };
  },
  describe: ({ meanMove, maxMove }) => `moved ${millimetres(meanMove)} (at most ${millimetres(maxMove)})`,
  warn: ({ maxMove, size }) =>
    Number(maxMove) > TOO_FAR * Number(size)
      ? [
        `It moved a vertex by ${millimetres(maxMove)}, and measured ${
          millimetres(size)
        } across: lower "iterations" or "strength"`,
      ]
      : [],
});
