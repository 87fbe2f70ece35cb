import type { Column } from "./_column.ts";
import type { ComponentArray } from "./_components.ts";
import type { DocumentEditor } from "./_document_editor.ts";
import { packInfluences } from "./_influence_packing.ts";
import { carriedColumn, writeBack } from "./_write_back.ts";
import type { GltfPrimitive } from "./json_types.ts";

/** What rounding may leave of a sum of weights, for each of them: what validators allow. */
const ROUNDING = 2e-7;

/**
 * Repairs joints and weights that came along: shares that do not sum to one,
 * joints named twice for a vertex or that the skin does not have. Only primitives
 * where that is so are touched.
 */
export function repairWeights(editor: DocumentEditor): void {
  const { nodes, skins, meshes } = editor.json, done = new Set<GltfPrimitive>();
  for (const { mesh, skin } of nodes ?? []) {
    if (mesh === undefined || skin === undefined) continue;
    for (const primitive of meshes![mesh].primitives) {
      if (done.has(primitive)) continue;
      done.add(primitive);
      repairPrimitive(editor, primitive, skins![skin].joints.length);
    }
  }
}

function repairPrimitive(editor: DocumentEditor, { attributes }: GltfPrimitive, jointCount: number): void {
  const accessors: { joints: number; weights: number }[] = [], sets: Pair[] = [];
  for (let set = 0; attributes[`JOINTS_${set}`] !== undefined; set++) {
    const pair = { joints: attributes[`JOINTS_${set}`], weights: attributes[`WEIGHTS_${set}`] };
    const joints = carriedColumn(editor, pair.joints), weights = carriedColumn(editor, pair.weights);
    if (joints === undefined || weights === undefined) return;
    accessors.push(pair);
    sets.push({ joints, weights });
  }
  if (sets.length === 0 || areSound(sets, jointCount)) return;
  const packed = pack(sets, jointCount), count = sets[0].joints.count;
  const outWeights = sets.map(() => new Float32Array(4 * count));
  sets.forEach(({ joints }, set) => {
    const outJoints = new (joints.array.constructor as new (length: number) => ComponentArray)(4 * count);
    for (let i = 0; i < 4 * count; i++) {
      const at = packed.slots * (i >> 2) + 4 * set + (i & 3);
      outJoints[i] = packed.joints[at];
      outWeights[set][i] = packed.weights[at];
    }
    writeBack(editor, accessors[set].joints, "vertices", outJoints);
  });
  stored(outWeights, sets.map(({ weights }) => weights)).forEach((values, set) =>
    writeBack(editor, accessors[set].weights, "vertices", values)
  );
}

interface Pair {
  readonly joints: Column;
  readonly weights: Column;
}

function areSound(sets: readonly Pair[], jointCount: number): boolean {
  for (let v = 0; v < sets[0].joints.count; v++) {
    let sum = 0, used = 0;
    for (let s = 0; s < sets.length; s++) {
      const { joints, weights } = sets[s];
      for (let c = 0; c < 4; c++) {
        const weight = weights.array[weights.step * v + c] / weights.divisor;
        const joint = joints.array[joints.step * v + c];
        if (joint >= jointCount || !(weight >= 0)) return false;
        if (weight === 0) continue;
        if (isUsedBefore(sets, v, s, c, joint)) return false;
        sum = Math.fround(sum + weight);
        used++;
      }
    }
    if (!(Math.abs(sum - 1) <= ROUNDING * used)) return false;
  }
  return true;
}

/** Whether a vertex names a joint, with a weight, before influence `c` of set `s`. */
function isUsedBefore(sets: readonly Pair[], v: number, s: number, c: number, joint: number): boolean {
  for (let set = 0; set <= s; set++) {
    const { joints, weights } = sets[set];
    for (let k = 0; k < (set === s ? c : 4); k++) {
      if (joints.array[joints.step * v + k] === joint && weights.array[weights.step * v + k] > 0) return true;
    }
  }
  return false;
}

function pack(sets: readonly Pair[], jointCount: number): ReturnType<typeof packInfluences> {
  const count = sets[0].joints.count, slots = 4 * sets.length;
  const skinJoints = new Uint16Array(slots * count), skinWeights = new Float32Array(slots * count);
  for (let v = 0; v < count; v++) {
    for (let i = 0; i < slots; i++) {
      const { joints, weights } = sets[i >> 2], weight = weights.array[weights.step * v + (i & 3)] / weights.divisor;
      const joint = joints.array[joints.step * v + (i & 3)];
      const isUsable = joint < jointCount && weight > 0 && weight < Infinity;
      skinJoints[slots * v + i] = isUsable ? joint : 0;
      skinWeights[slots * v + i] = isUsable ? weight : 0;
    }
  }
  return packInfluences({ skinJoints, skinWeights, influencesPerVertex: slots }, count, jointCount);
}

/** Weights as their accessors have them; whole numbers of a vertex sum to exactly what stands for one. */
function stored(weights: readonly Float32Array[], columns: readonly Column[]): ComponentArray[] {
  const out = columns.map(({ array }, s) =>
    array instanceof Float32Array
      ? weights[s]
      : new (array.constructor as new (length: number) => ComponentArray)(weights[s].length)
  );
  const { divisor } = columns[0];
  if (columns.some((column) => column.divisor !== divisor) || divisor === 1) return out;
  for (let at = 0; at < weights[0].length; at += 4) {
    let left = divisor;
    for (let s = weights.length - 1; s >= 0; s--) {
      for (let c = at + 3; c >= at; c--) {
        const share = s === 0 && c === at ? left : Math.min(left, Math.round(weights[s][c] * divisor));
        out[s][c] = share; // the first is the largest, and takes what rounding left
        left -= share;
      }
    }
  }
  return out;
}
