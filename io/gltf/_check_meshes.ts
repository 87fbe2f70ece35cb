import { type Check, pointerKey, show } from "./_check.ts";
import { F32, I16, I8, U16, U32, U8 } from "./_components.ts";
import type { GltfAccessor } from "./json_types.ts";

type Json = Readonly<Record<string, unknown>>;

/** What an attribute must be to be usable; attributes not listed here are carried along. */
interface AttributeRule {
  readonly name: RegExp;
  readonly type: RegExp;
  /** Component types as they are, and as normalized integers (KHR_mesh_quantization and glTF's own). */
  readonly plain: readonly number[];
  readonly normalized: readonly number[];
}

const ATTRIBUTE_RULES: readonly AttributeRule[] = [
  {
    name: /^POSITION$/,
    type: /^VEC3$/,
    plain: [F32, I8, U8, I16, U16],
    normalized: [I8, U8, I16, U16],
  },
  { name: /^NORMAL$/, type: /^VEC3$/, plain: [F32], normalized: [I8, I16] },
  { name: /^TANGENT$/, type: /^VEC4$/, plain: [F32], normalized: [I8, I16] },
  { name: /^JOINTS_\d+$/, type: /^VEC4$/, plain: [U8, U16], normalized: [] },
  {
    name: /^TEXCOORD_\d+$/,
    type: /^VEC2$/,
    plain: [F32, I8, U8, I16, U16],
    normalized: [I8, U8, I16, U16],
  },
  { name: /^COLOR_\d+$/, type: /^VEC[34]$/, plain: [F32], normalized: [U8, U16] },
  { name: /^WEIGHTS_\d+$/, type: /^VEC4$/, plain: [F32], normalized: [U8, U16] },
];

/** The same for morph targets, which are differences: KHR_mesh_quantization gives them signs. */
const TARGET_RULES: readonly AttributeRule[] = [
  { name: /^POSITION$/, type: /^VEC3$/, plain: [F32, I8, I16], normalized: [I8, I16] },
  { name: /^(NORMAL|TANGENT)$/, type: /^VEC3$/, plain: [F32], normalized: [I8, I16] },
];

/** Checks every primitive: links, lengths that agree, types that can be read. */
export function checkMeshes(check: Check, json: Json): void {
  const accessors = check.list(json.accessors, "/accessors") as GltfAccessor[];
  const materialCount = check.list(json.materials, "/materials").length;
  check.list(json.meshes, "/meshes").forEach((item, m) => {
    const mesh = check.object(item, `/meshes/${m}`);
    const primitives = check.list(mesh.primitives, `/meshes/${m}/primitives`);
    if (primitives.length === 0) {
      check.refuse(
        `/meshes/${m}/primitives`,
        "a mesh must have a primitive",
        "it has none",
      );
    }
    primitives.forEach((value, p) => {
      const pointer = `/meshes/${m}/primitives/${p}`,
        primitive = check.object(value, pointer);
      if (primitive.mode !== undefined) check.integer(primitive.mode, `${pointer}/mode`, 0, 6);
      if (primitive.material !== undefined) {
        check.link(
          primitive.material,
          `${pointer}/material`,
          "materials",
          materialCount,
        );
      }
      const count = checkAttributes(
        check,
        check.object(primitive.attributes, `${pointer}/attributes`),
        `${pointer}/attributes`,
        accessors,
      );
      checkTargets(check, primitive, pointer, accessors, count);
      if (primitive.indices !== undefined) {
        checkIndices(check, primitive.indices, `${pointer}/indices`, accessors);
      }
    });
  });
}

/** Checks the attributes of a primitive and returns how many elements each has. */
function checkAttributes(
  check: Check,
  attributes: Json,
  pointer: string,
  accessors: readonly GltfAccessor[],
): number {
  const names = Object.keys(attributes);
  const reference = names.includes("POSITION") ? "POSITION" : names[0];
  let count = 0;
  for (
    const name of reference === undefined ? [] : [reference, ...names.filter((other) => other !== reference)]
  ) {
    const at = `${pointer}/${pointerKey(name)}`;
    const index = check.link(
        attributes[name],
        at,
        "accessors",
        accessors.length,
      ),
      accessor = accessors[index];
    if (name === reference) count = accessor.count;
    else if (accessor.count !== count) {
      check.refuse(
        at,
        `it must have ${count} elements like ${pointerKey(reference)}`,
        `accessor ${index} has ${accessor.count}`,
      );
    }
    const rule = ATTRIBUTE_RULES.find((rule) => rule.name.test(name));
    if (rule !== undefined) checkType(check, at, accessor, rule);
  }
  checkSkinPairs(check, attributes, pointer);
  return count;
}

function checkType(
  check: Check,
  pointer: string,
  accessor: GltfAccessor,
  { type, plain, normalized }: AttributeRule,
): void {
  if (!type.test(accessor.type)) {
    check.refuse(
      pointer,
      `it must be a ${type.source.replace(/[$^]/g, "").replace("[34]", "3 or VEC4")}`,
      `its type is ${accessor.type}`,
    );
  }
  const allowed = accessor.normalized ? [...normalized, ...(plain.includes(F32) ? [F32] : [])] : plain;
  if (!allowed.includes(accessor.componentType)) {
    const found = `it is ${accessor.componentType}${accessor.normalized ? ", normalized" : ""}`;
    check.refuse(
      pointer,
      `its componentType must be ${plain.join(", ")}${
        normalized.length > 0 ? ` or normalized ${normalized.join(", ")}` : ""
      }`,
      found,
    );
  }
}

function checkSkinPairs(check: Check, attributes: Json, pointer: string): void {
  for (const name of Object.keys(attributes)) {
    const [, kind, set] = /^(JOINTS|WEIGHTS)_(\d+)$/.exec(name) ?? [];
    if (kind === undefined) continue;
    const other = `${kind === "JOINTS" ? "WEIGHTS" : "JOINTS"}_${set}`;
    if (attributes[other] === undefined) {
      check.refuse(
        `${pointer}/${name}`,
        `joints and weights must come in pairs`,
        `${pointerKey(other)} is missing`,
      );
    }
    const before = `${kind}_${Number(set) - 1}`;
    if (Number(set) > 0 && attributes[before] === undefined) {
      check.refuse(
        `${pointer}/${name}`,
        "sets of joints and weights must be numbered from 0 without a gap",
        `${pointerKey(before)} is missing`,
      );
    }
  }
}

function checkTargets(
  check: Check,
  primitive: Json,
  pointer: string,
  accessors: readonly GltfAccessor[],
  count: number,
): void {
  check.list(primitive.targets, `${pointer}/targets`).forEach((item, t) => {
    const target = check.object(item, `${pointer}/targets/${t}`);
    const base = check.object(primitive.attributes, `${pointer}/attributes`);
    if (!Object.keys(target).some((name) => base[name] !== undefined)) {
      check.refuse(
        `${pointer}/targets/${t}`,
        "a morph target must move an attribute of the primitive",
        "it moves none",
      );
    }
    for (const [name, value] of Object.entries(target)) {
      const at = `${pointer}/targets/${t}/${pointerKey(name)}`;
      const index = check.link(value, at, "accessors", accessors.length);
      if (accessors[index].count !== count) {
        check.refuse(
          at,
          `it must have ${count} elements like the mesh`,
          `accessor ${index} has ${accessors[index].count}`,
        );
      }
      const rule = TARGET_RULES.find((rule) => rule.name.test(name));
      if (rule !== undefined) checkType(check, at, accessors[index], rule);
    }
  });
}

function checkIndices(
  check: Check,
  value: unknown,
  pointer: string,
  accessors: readonly GltfAccessor[],
): void {
  const accessor = accessors[check.link(value, pointer, "accessors", accessors.length)];
  if (accessor.type !== "SCALAR") {
    check.refuse(
      pointer,
      "indices must be SCALAR",
      `their type is ${accessor.type}`,
    );
  }
  if (![U8, U16, U32].includes(accessor.componentType) || accessor.normalized) {
    check.refuse(
      pointer,
      "indices must be 5121, 5123 or 5125, not normalized",
      `they are ${show(accessor.componentType)}${accessor.normalized ? ", normalized" : ""}`,
    );
  }
}
