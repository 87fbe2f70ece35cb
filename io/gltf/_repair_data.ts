import { type Column, openColumn, readFloats } from "./_column.ts";
import { F32, U32 } from "./_components.ts";
import type { DocumentEditor } from "./_document_editor.ts";
import { misplacedAccessors } from "./_misplaced_accessors.ts";
import { copyOf, store, type Use } from "./_plain_accessors.ts";
import { repairWeights } from "./_repair_weights.ts";
import { carriedColumn, repairBounds, writeBack } from "./_write_back.ts";
import type { GltfAnimation, GltfJson } from "./json_types.ts";

/** How far the lengths of directions and rotations may be from one: what validators allow. */
const UNIT_TOLERANCE = 0.00674, ROTATION_TOLERANCE = 0.00769;

/** What is required of the elements of an accessor, beyond being finite; makes it so in place, and says if it was not. */
type Fix = (values: Float32Array, components: number) => boolean;

/**
 * Repairs values that came along and that no file may hold: what is not finite,
 * normals and rotations that are not unit length, weights that are no shares of
 * one, times that do not rise, bounds that are not those of the elements, and
 * elements that lie where those of their kind may not. A valid document stays as
 * it is to the bit.
 */
export function repairData(editor: DocumentEditor): void {
  repairWeights(editor);
  partRoles(editor);
  const uses = usesOf(editor.json), misplaced = misplacedAccessors(editor.json, uses);
  editor.json.accessors?.forEach(({ componentType, bufferView, byteOffset, normalized }, index) => {
    if (bufferView === undefined && byteOffset !== undefined) drop(editor, index, "byteOffset");
    if (normalized === true && (componentType === F32 || componentType === U32)) drop(editor, index, "normalized");
    const use = uses.get(index), column = carriedColumn(editor, index);
    if (column === undefined) {
      if (misplaced.has(index) && !editor.isRewritten(index)) store(editor, index, use!.layout, copyOf(editor, index));
      else declareBounds(editor, index, use);
      return;
    }
    const values = componentType === F32 ? repaired(column, use?.fix) : undefined;
    if (misplaced.has(index)) store(editor, index, use!.layout, values ?? copyOf(editor, index));
    else if (values !== undefined) writeBack(editor, index, use?.layout ?? "matrices", values);
    else repairBounds(editor, index, column, use?.needsBounds);
  });
}

/**
 * What serves as positions and as normals, say, is left to both while it can
 * (a ball of radius 1); where not, the one with the stricter rule gets its own.
 */
function partRoles(editor: DocumentEditor): void {
  const fixes = new Map<number, Set<Fix | undefined>>();
  const eachAttribute = (visit: (index: number, fix: Fix | undefined, mesh: number, p: number, name: string) => void) =>
    editor.json.meshes?.forEach(({ primitives }, mesh) =>
      primitives.forEach(({ attributes }, p) =>
        Object.entries(attributes).forEach(([name, index]) => visit(index, fixOf(name), mesh, p, name))
      )
    );
  const note = (index: number, fix: Fix | undefined) => fixes.set(index, (fixes.get(index) ?? new Set()).add(fix));
  eachAttribute(note);
  editor.json.meshes?.forEach(({ primitives }) =>
    primitives.forEach(({ targets }) =>
      targets?.forEach((target) => Object.values(target).forEach((index) => note(index, undefined)))
    )
  );
  const parted = new Map<Fix, Map<number, number>>();
  eachAttribute((index, fix, mesh, p, name) => {
    if (fix === undefined || fixes.get(index)!.size === 1) return;
    const known = parted.get(fix) ?? new Map<number, number>(), own = known.get(index) ?? partFrom(editor, index, fix);
    if (own === undefined) return;
    parted.set(fix, known.set(index, own));
    const primitive = editor.json.meshes![mesh].primitives[p];
    editor.setPrimitive(mesh, p, { ...primitive, attributes: { ...primitive.attributes, [name]: own } });
  });
}

/** A copy of an accessor whose elements are put right; `undefined` when they are right as they are. */
function partFrom(editor: DocumentEditor, index: number, fix: Fix): number | undefined {
  const column = carriedColumn(editor, index), { componentType } = editor.json.accessors![index];
  const values = column === undefined || componentType !== F32 ? undefined : repaired(column, fix);
  if (values === undefined) return undefined;
  const own = editor.add("accessors", { ...editor.json.accessors![index] });
  store(editor, own, "vertices", values);
  return own;
}

function fixOf(name: string): Fix | undefined {
  return FIXES[name.replace(/_\d+$/, "")];
}

/** Bounds that must be there, of what stays compressed. */
function declareBounds(editor: DocumentEditor, index: number, use: Purpose | undefined): void {
  const { min, max } = editor.json.accessors![index];
  if (use?.needsBounds !== true || (min !== undefined && max !== undefined) || editor.isRewritten(index)) return;
  repairBounds(editor, index, openColumn(editor.document, index), true);
}

function drop(editor: DocumentEditor, index: number, key: "byteOffset" | "normalized"): void {
  const { [key]: _, ...accessor } = editor.json.accessors![index];
  editor.set("accessors", index, accessor);
}

/** The elements with everything put right; `undefined` when nothing was wrong. */
function repaired(column: Column, fix: Fix | undefined): Float32Array | undefined {
  if (fix === undefined && areFinite(column)) return undefined;
  const values = new Float32Array(column.count * column.components);
  readFloats(column, values, 0);
  let isWrong = false;
  for (let i = 0; i < values.length; i++) {
    if (values[i] - values[i] === 0) continue;
    values[i] = 0;
    isWrong = true;
  }
  const isFixed = fix?.(values, column.components) ?? false;
  return isWrong || isFixed ? values : undefined;
}

function areFinite({ array, step, count, components }: Column): boolean {
  for (let i = 0; i < count; i++) {
    for (let c = step * i; c < step * i + components; c++) if (array[c] - array[c] !== 0) return false;
  }
  return true;
}

/** What an accessor is for. */
interface Purpose {
  /** How its elements have to lie. */
  readonly layout: Use;
  /** What they have to be. */
  readonly fix?: Fix;
  /** Whether it must declare bounds. */
  readonly needsBounds?: boolean;
}

function usesOf({ meshes, skins, animations }: GltfJson): Map<number, Purpose> {
  const uses = new Map<number, Purpose>();
  const add = (index: number | undefined, purpose: Purpose) => {
    if (index === undefined) return;
    const known = uses.get(index) ?? purpose,
      needsBounds = (known.needsBounds ?? false) || (purpose.needsBounds ?? false);
    // What serves as positions and as normals (of a ball, say) is not made to fit one of them.
    uses.set(index, {
      layout: known.layout,
      needsBounds,
      ...(known.fix === purpose.fix && known.fix ? { fix: known.fix } : {}),
    });
  };
  for (const { primitives } of meshes ?? []) {
    for (const { indices, attributes, targets } of primitives) {
      add(indices, { layout: "indices" });
      for (const target of targets ?? []) {
        for (const [name, index] of Object.entries(target)) {
          add(index, { layout: "vertices", needsBounds: name === "POSITION" });
        }
      }
      for (const [name, index] of Object.entries(attributes)) {
        const fix = fixOf(name), needsBounds = name === "POSITION";
        add(index, { layout: "vertices", needsBounds, ...(fix === undefined ? {} : { fix }) });
      }
    }
  }
  for (const { inverseBindMatrices } of skins ?? []) add(inverseBindMatrices, { layout: "matrices", fix: fixLastRows });
  for (const animation of animations ?? []) addAnimation(animation, add);
  return uses;
}

function addAnimation({ samplers, channels }: GltfAnimation, add: (index: number, purpose: Purpose) => void): void {
  const rotations = new Set(channels.flatMap(({ sampler, target }) => target.path === "rotation" ? [sampler] : []));
  (samplers as readonly { input: number; output: number; interpolation?: string }[]).forEach((sampler, s) => {
    add(sampler.input, { layout: "matrices", fix: fixTimes, needsBounds: true });
    const fix = sampler.interpolation === "CUBICSPLINE" ? fixSplineRotations : fixRotations;
    add(sampler.output, { layout: "matrices", ...(rotations.has(s) ? { fix } : {}) });
  });
}

const FIXES: Readonly<Record<string, Fix>> = {
  NORMAL: (values) => fixDirections(values, 3),
  TANGENT: (values) => {
    const isFixed = fixDirections(values, 4);
    return fixSigns(values) || isFixed;
  },
  COLOR: (values) => fixShares(values),
};

/** Directions that are not unit length become so; one of no length points along z (normals) or x (tangents). */
function fixDirections(values: Float32Array, stride: number): boolean {
  let isFixed = false;
  for (let i = 0; i < values.length; i += stride) {
    const length = Math.sqrt(values[i] ** 2 + values[i + 1] ** 2 + values[i + 2] ** 2);
    if (Math.abs(length - 1) <= UNIT_TOLERANCE) continue;
    isFixed = true;
    const isUsable = length > 1e-12 && length < Infinity;
    for (let c = 0; c < 3; c++) {
      values[i + c] = isUsable ? values[i + c] / length : c === (stride === 3 ? 2 : 0) ? 1 : 0;
    }
  }
  return isFixed;
}

function fixSigns(values: Float32Array): boolean {
  let isFixed = false;
  for (let i = 3; i < values.length; i += 4) {
    if (values[i] === 1 || values[i] === -1) continue;
    values[i] = values[i] < 0 ? -1 : 1;
    isFixed = true;
  }
  return isFixed;
}

function fixShares(values: Float32Array): boolean {
  let isFixed = false;
  for (let i = 0; i < values.length; i++) {
    if (values[i] >= 0 && values[i] <= 1) continue;
    values[i] = values[i] < 0 ? 0 : 1;
    isFixed = true;
  }
  return isFixed;
}

/** The last row of an affine map, which is how they are read. */
function fixLastRows(values: Float32Array): boolean {
  let isFixed = false;
  for (let i = 0; i < values.length; i++) {
    const wanted = i % 16 === 15 ? 1 : 0;
    if (i % 4 !== 3 || values[i] === wanted) continue;
    values[i] = wanted;
    isFixed = true;
  }
  return isFixed;
}

const fixRotations: Fix = (values) => fixQuaternions(values, 0, 4);
/** Tangents of a spline are no rotations; the values between them are. */
const fixSplineRotations: Fix = (values) => fixQuaternions(values, 4, 12);

function fixQuaternions(values: Float32Array, first: number, stride: number): boolean {
  let isFixed = false;
  for (let i = first; i < values.length; i += stride) {
    let sum = 0;
    for (let c = i; c < i + 4; c++) sum += values[c] * values[c];
    const length = Math.sqrt(sum);
    if (Math.abs(length - 1) <= ROTATION_TOLERANCE) continue;
    isFixed = true;
    const isUsable = length > 1e-12 && length < Infinity;
    for (let c = 0; c < 4; c++) values[i + c] = isUsable ? values[i + c] / length : c === 3 ? 1 : 0;
  }
  return isFixed;
}

/** Times rise from zero or later; one that does not comes right after the one before. */
function fixTimes(values: Float32Array): boolean {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  let isFixed = false;
  for (let i = 0; i < values.length; i++) {
    const isLate = i === 0 ? values[i] >= 0 : values[i] > values[i - 1];
    if (isLate) continue;
    if (i === 0) values[i] = 0;
    else bits[i] = (values[i - 1] === 0 ? 0 : bits[i - 1]) + 1; // the next number f32 has
    isFixed = true;
  }
  return isFixed;
}
