import {
  angle,
  boolean,
  group,
  integer,
  length,
  list,
  memory,
  number,
  oneOf,
  optional,
  ratio,
  text,
  time,
} from "../../recipes/options.ts";
import { consult, consultOptional, defineStep, type Step } from "../../recipes/step.ts";

const run = { scratchBytes: () => 0, run: () => ({}), describe: () => "" };

/** Steps that do nothing but have an option of every kind, so that tests of the language outlive changes of the real ones. */
export const STEPS: readonly Step[] = [
  defineStep({
    name: "fit",
    summary: "Fits a mesh",
    reads: ["topology"],
    writes: ["positions"],
    consults: {
      to: consult(["index"], "The body it is fitted to"),
      from: consultOptional(["index"], "The body it was made for"),
    },
    options: {
      clearance: length({ default: 0.005, min: 0, max: 0.5, doc: "Air between skin and cloth" }),
      crease: angle({ default: Math.PI / 6, min: 0, max: Math.PI, doc: "Angle that stays sharp" }),
      strength: ratio({ default: 0.5, doc: "How strongly it pulls" }),
      lambda: number({ default: 0.3, min: -1, max: 1, doc: "Weight of a term" }),
      iterations: integer({ default: 20, min: 1, max: 1000, doc: "Passes" }),
      pinned: boolean({ default: false, doc: "Whether hems stay" }),
      rigid: oneOf(["auto", "none", "all"], { default: "auto", doc: "Which parts keep their shape" }),
      only: optional(text({ doc: "Name of a selection" })),
      cache: memory({ default: 2 ** 20, min: 1024, max: 2 ** 30, doc: "Memory for factors" }),
      patience: time({ default: 1000, max: 60_000, doc: "Time for one pass" }),
      parts: list(text({ doc: "A part" }), { default: [], doc: "Parts by name" }),
      limits: group({
        p99: number({ default: 2, min: 0, doc: "Most of the 99th percentile" }),
        depth: optional(length({ min: 0, doc: "Deepest point" })),
      }, { doc: "What it may do" }),
    },
    ...run,
  }),
  defineStep({
    name: "smooth",
    summary: "Smooths a mesh",
    reads: [],
    writes: ["positions"],
    consults: {},
    options: { iterations: integer({ min: 1, doc: "Passes" }), reach: length({ default: 0.01, doc: "How far" }) },
    ...run,
  }),
  defineStep({
    name: "expect",
    summary: "Measures a mesh",
    reads: [],
    writes: [],
    consults: { against: consult(["index"], "The body") },
    options: {
      penetration: optional(group({ max: length({ default: 0, min: 0, doc: "Deepest point" }) }, { doc: "How deep" })),
    },
    ...run,
  }),
];

/** A recipe without a fault that sets every option. */
export const RECIPE = `# A comment, with "quotes" and { brackets
version: 1
name: plate-cuirass
description: >
  Fits a plate cuirass: to any body
  of the rig
params:
  clearance: { type: length, default: 6mm, min: 0mm, max: 50mm, doc: Air between skin and plate }
  style: { type: enum, default: auto, values: [auto, none], doc: Parts }
  hurry: { type: boolean, default: false }
  variant: { type: text, default: steel }
memory: { max: 256MiB }
inputs:
  body: body.glb
  armor:
    file: armors/plate.glb
    node: Cuirass
steps:
  - fit:
      mesh: armor
      to: body
      clearance: $clearance
      crease: 30deg
      strength: 40%
      lambda: -0.3
      iterations: 12
      pinned: false
      rigid: $style
      only: "\${variant}-parts"
      cache: 2MiB
      patience: 5s
      parts: [left, right]
      limits: { p99: 1.3, depth: 2mm }
  - smooth: { mesh: armor, iterations: 4, reach: 0.5%bbox }
    id: first-pass
    as: smoothed
  - smooth: { mesh: armor, iterations: 2 }
    if: $hurry
  - expect: { mesh: smoothed, against: body, penetration: { max: 1mm } }
outputs:
  fitted: { mesh: armor, file: out/armor.glb }
  smooth: { mesh: smoothed, file: "out/\${variant}.glb" }
`;
