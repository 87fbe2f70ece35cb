import { laplacianSmoothBytes, laplacianSmoothWork } from "../../fitting/laplacian_smooth.ts";
import { TAUBIN_SMOOTH_DEFAULTS, taubinSmoothBytes, taubinSmoothWork } from "../../fitting/taubin_smooth.ts";
import { boolean, integer, number, oneOf, selections } from "../options.ts";
import { defineStep, type Step } from "../step.ts";
import { millimetres } from "../_show.ts";

const { iterations, lambda, pinBoundary } = TAUBIN_SMOOTH_DEFAULTS;

/** The `smooth` step: adapts {@linkcode taubinSmoothWork} and {@linkcode laplacianSmoothWork}. */
export const smooth: Step = defineStep({
  name: "smooth",
  summary: "Evens out bumps of a mesh",
  reads: ["topology"],
  writes: ["positions"],
  consults: {},
  options: {
    method: oneOf(["taubin", "laplacian"], { default: "taubin", doc: "taubin keeps the volume; laplacian shrinks" }),
    iterations: integer({
      default: iterations,
      min: 0,
      max: 10_000,
      doc: "How often each vertex goes towards its neighbours",
    }),
    strength: number({ default: lambda, min: 0, max: 1, doc: "How far it goes each time" }),
    pinBoundary: boolean({ default: pinBoundary, doc: "Whether open edges such as hems stay where they are" }),
    only: selections({ doc: "What is smoothed; the rest stays" }),
    pin: selections({ doc: "What stays where it is" }),
  },
  scratchBytes: ({ mesh }, { method }) => method === "taubin" ? taubinSmoothBytes(mesh) : laplacianSmoothBytes(mesh),
  *run({ mesh, out, masks, scratch }, { method, strength, iterations, pinBoundary }) {
    const options = { iterations, pinBoundary, only: masks.only, pin: masks.pin };
    const operation = method === "taubin" ? taubinSmoothWork : laplacianSmoothWork;
    const settings = strength === 0 ? { ...options, iterations: 0 } : { ...options, lambda: strength };
    const { meanMove, maxMove } = yield* operation(mesh, mesh.topology, out.positions, scratch, settings);
    return { meanMove, maxMove };
  },
  describe: ({ meanMove, maxMove }) => `moved ${millimetres(meanMove)} (at most ${millimetres(maxMove)})`,
});
