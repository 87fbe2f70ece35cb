import { growSelectionBytes, growSelectionWork } from "../../fitting/select/grow_selection.ts";
import { invertSelection } from "../../fitting/select/invert_selection.ts";
import { keepFaces, keepFacesBytes } from "../../fitting/select/keep_faces.ts";
import { keepFacingBytes, keepFacingWork } from "../../fitting/select/keep_facing.ts";
import { keepInBox } from "../../fitting/select/keep_in_box.ts";
import { keepInfluenced } from "../../fitting/select/keep_influenced.ts";
import { keepIslands, keepIslandsBytes } from "../../fitting/select/keep_islands.ts";
import { keepNearWork } from "../../fitting/select/keep_near.ts";
import { keepOpeningsBytes, keepOpeningsWork } from "../../fitting/select/keep_openings.ts";
import { keepSelected } from "../../fitting/select/keep_selected.ts";
import { measureSelection, measureSelectionBytes } from "../../fitting/select/measure_selection.ts";
import { consultOptional, defineStep, type MeshPartFacts, type Step } from "../step.ts";
import {
  asksOf,
  boxOf,
  DIRECTIONS,
  faultsOf,
  islandsOf,
  matches,
  namesOf,
  nothingLeft,
  openingsOf,
  SELECT_OPTIONS,
} from "./_select_options.ts";

/** The `select` step: a named set of places, for `only:`, `pin:` and `rigid:` of other steps. */
export const select: Step = defineStep({
  name: "select",
  summary: "Gives a name to places of a mesh, for only, pin and rigid of later steps",
  reads: ["topology"],
  writes: ["selection"],
  consults: { to: consultOptional(["index"], "The surface that distance is measured to") },
  options: SELECT_OPTIONS,
  asks: asksOf,
  names: namesOf,
  refuse: faultsOf,
  examples: [
    "select: { mesh: armor, islands: { maxSize: 4cm }, material: Brass }\nas: buttons",
    "select: { mesh: armor, openings: { which: top, rings: 2 } }\nas: collar",
    "smooth: { mesh: armor, only: [buttons, collar] }",
  ],
  scratchBytes: ({ mesh }, { material, part, facing, openings, islands, grow, shrink }) =>
    Math.max(
      material === undefined && part === undefined ? 0 : keepFacesBytes(mesh),
      facing === undefined ? 0 : keepFacingBytes(mesh),
      openings === undefined ? 0 : keepOpeningsBytes(mesh),
      islands === undefined ? 0 : keepIslandsBytes(mesh),
      grow === 0 && shrink === 0 ? 0 : growSelectionBytes(mesh),
      measureSelectionBytes(mesh),
    ),
  *run({ mesh, to, masks, out, scratch }, options) {
    const { positions, topology } = mesh, mask = out.selection.fill(1);
    const left: [criterion: string, places: number][] = [];
    const faces = (isMeant: (part: MeshPartFacts) => boolean) =>
      keepFaces(mesh.facts!.parts.filter(isMeant), topology, mask, scratch);
    const { material, part, joint, box, facing, openings, islands, distance, uv, invert, grow, shrink } = options;
    if (material !== undefined) {
      left.push(["material", faces((of) => of.material !== undefined && matches([of.material], material))]);
    }
    if (part !== undefined) left.push(["part", faces(({ names }) => matches(names, part))]);
    if (joint !== undefined) {
      const joints = mesh.skeleton!.jointNames.flatMap((name, j) => matches([name], joint.name) ? [j] : []);
      left.push(["joint", keepInfluenced(mesh.skin!, joints, joint.least, topology, mask)]);
    }
    if (box !== undefined) {
      const sides = boxOf([box.x, box.y, box.z], mesh.zero);
      left.push(["box", keepInBox(positions, 3, sides, topology, mask)]);
    }
    if (uv !== undefined) left.push(["uv", keepInBox(mesh.uvs!, 2, boxOf([uv.u, uv.v], [0, 0]), topology, mask)]);
    if (facing !== undefined) {
      const { direction, within } = facing;
      left.push(["facing", yield* keepFacingWork(mesh, topology, DIRECTIONS[direction], within, mask, scratch)]);
    }
    if (openings !== undefined) {
      left.push(["openings", yield* keepOpeningsWork(positions, topology, mask, scratch, openingsOf(openings))]);
    }
    if (islands !== undefined) {
      left.push(["islands", keepIslands(positions, topology, mask, scratch, islandsOf(islands))]);
    }
    if (distance !== undefined && to !== undefined) {
      const { min = -Infinity, max = Infinity } = distance;
      left.push(["distance", yield* keepNearWork(positions, to.index, min, max, topology, mask)]);
    }
    for (const key of ["any", "all", "not"] as const) {
      const other = masks[key];
      if (other !== undefined) left.push([key, keepSelected(other, key !== "not", topology, mask)]);
    }
    if (invert) left.push(["invert", invertSelection(mask)]);
    if (grow > 0) left.push(["grow", yield* growSelectionWork(topology, mask, grow, scratch)]);
    if (shrink > 0) left.push(["shrink", yield* growSelectionWork(topology, mask, -shrink, scratch)]);
    yield;
    const size = measureSelection(topology, mask, scratch);
    if (size.places === 0 && !options.allowEmpty) throw nothingLeft(mesh.name, left, mask.length);
    return { ...size, ofVertices: topology.positionRemap.length };
  },
  describe: ({ vertices, ofVertices, islands }) =>
    `${vertices} of ${ofVertices} vertices` + (Number(islands) > 1 ? `, on ${islands} parts` : ""),
});
