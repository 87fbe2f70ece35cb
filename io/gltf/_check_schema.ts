import { type Check, pointerKey, show } from "./_check.ts";

type Json = Readonly<Record<string, unknown>>;

/** What a value has to be; `min` and `max` are what glTF allows, for the repair on writing. */
export type Rule =
  | { readonly kind: "flag" | "text" | "whole" }
  | { readonly kind: "number"; readonly min?: number; readonly max?: number }
  | { readonly kind: "numbers"; readonly length?: number; readonly min?: number; readonly max?: number }
  | { readonly kind: "object"; readonly keys: Rules; readonly needs?: readonly string[] };

/** Rules by key; other keys are free. */
export type Rules = Readonly<Record<string, Rule>>;

const FLAG = { kind: "flag" } as const, TEXT = { kind: "text" } as const, WHOLE = { kind: "whole" } as const;
const NUMBER = { kind: "number" } as const, NUMBERS = { kind: "numbers" } as const;
const SHARE = { kind: "number", min: 0, max: 1 } as const, POSITIVE = { kind: "number", min: 0 } as const;

function object(keys: Rules, ...needs: string[]): Rule {
  return { kind: "object", keys, needs };
}

function textureInfo(more: Rules = {}): Rule {
  return object({ index: WHOLE, texCoord: WHOLE, ...more }, "index");
}

/** Material values; out of range they are brought in when a file is written. */
export const MATERIAL_RULES: Rules = {
  name: TEXT,
  alphaMode: TEXT,
  alphaCutoff: POSITIVE,
  doubleSided: FLAG,
  emissiveFactor: { kind: "numbers", length: 3, min: 0, max: 1 },
  emissiveTexture: textureInfo(),
  normalTexture: textureInfo({ scale: NUMBER }),
  occlusionTexture: textureInfo({ strength: SHARE }),
  pbrMetallicRoughness: object({
    baseColorFactor: { kind: "numbers", length: 4, min: 0, max: 1 },
    metallicFactor: SHARE,
    roughnessFactor: SHARE,
    baseColorTexture: textureInfo(),
    metallicRoughnessTexture: textureInfo(),
  }),
};

/** Types of the values we only carry along, by list: what has the wrong type goes in broken and would come out broken. */
const LISTS: Readonly<Record<string, readonly [keys: Rules, ...needs: string[]]>> = {
  accessors: [{
    byteOffset: WHOLE,
    normalized: FLAG,
    sparse: object({ indices: object({ byteOffset: WHOLE }), values: object({ byteOffset: WHOLE }) }),
  }],
  animations: [{}, "channels", "samplers"],
  buffers: [{}],
  bufferViews: [{ byteOffset: WHOLE, byteStride: WHOLE, target: WHOLE }],
  cameras: [{
    type: TEXT,
    perspective: object({ yfov: NUMBER, znear: NUMBER, zfar: NUMBER, aspectRatio: NUMBER }, "yfov", "znear"),
    orthographic: object({ xmag: NUMBER, ymag: NUMBER, zfar: NUMBER, znear: NUMBER }, "xmag", "ymag", "zfar", "znear"),
  }, "type"],
  images: [{ uri: TEXT, mimeType: TEXT, bufferView: WHOLE }],
  materials: [MATERIAL_RULES],
  meshes: [{ weights: NUMBERS }, "primitives"],
  nodes: [{ mesh: WHOLE, skin: WHOLE, camera: WHOLE, weights: NUMBERS }],
  samplers: [{ magFilter: WHOLE, minFilter: WHOLE, wrapS: WHOLE, wrapT: WHOLE }],
  scenes: [{}],
  skins: [{ inverseBindMatrices: WHOLE, skeleton: WHOLE }, "joints"],
  textures: [{ source: WHOLE, sampler: WHOLE }],
};

/** Refuses values of the wrong type in the core of glTF, whatever the range; `null` is no value. */
export function checkSchema(check: Check, json: Json): void {
  for (const [list, [keys, ...needs]] of Object.entries(LISTS)) {
    const rule = object({ name: TEXT, extensions: object({}), ...keys }, ...needs);
    check.list(json[list], `/${list}`).forEach((item, i) => checkRule(check, item, rule, `/${list}/${i}`));
  }
  check.list(json.cameras, "/cameras").forEach((item, i) => checkCamera(check, item as Json, `/cameras/${i}`));
  checkExtensionObjects(check, json);
}

function checkRule(check: Check, value: unknown, rule: Rule, pointer: string): void {
  const refuse = (what: string) => check.refuse(pointer, `it must be ${what}`, `current value is ${show(value)}`);
  switch (rule.kind) {
    case "flag":
      if (typeof value !== "boolean") refuse("true or false");
      return;
    case "text":
      if (typeof value !== "string") refuse("text");
      return;
    case "whole":
      check.integer(value, pointer, 0);
      return;
    case "number":
      if (typeof value !== "number" || !Number.isFinite(value)) refuse("a finite number");
      return;
    case "numbers":
      check.numbers(value ?? null, pointer, rule.length ?? check.list(value ?? null, pointer).length);
      return;
    case "object":
      checkObject(check, check.object(value, pointer), rule, pointer);
  }
}

function checkObject(check: Check, value: Json, { keys, needs }: Rule & { kind: "object" }, pointer: string): void {
  const missing = needs?.find((key) => value[key] === undefined);
  if (missing !== undefined) check.refuse(`${pointer}/${missing}`, "it must be there", "it is missing");
  for (const [key, rule] of Object.entries(keys)) {
    if (value[key] !== undefined) checkRule(check, value[key], rule, `${pointer}/${key}`);
  }
}

function checkCamera(check: Check, camera: Json, pointer: string): void {
  const { type } = camera;
  if ((type === "perspective" || type === "orthographic") && camera[type] === undefined) {
    check.refuse(`${pointer}/${type}`, "it must be there, as that is the type of the camera", "it is missing");
  }
  for (const kind of ["perspective", "orthographic"]) {
    for (const [key, value] of Object.entries(check.object(camera[kind] ?? {}, `${pointer}/${kind}`))) {
      const isPositive = typeof value !== "number" || value > 0 ||
        (key === "znear" && kind === "orthographic" && value === 0);
      if (!isPositive) check.refuse(`${pointer}/${kind}/${key}`, "it must be > 0", `current value is ${show(value)}`);
    }
  }
}

/** What stands under an extension's name must be an object, wherever it is. */
function checkExtensionObjects(check: Check, value: Json, pointer = ""): void {
  if (pointer === "" && !hasBadExtension(value)) return; // the way to a fault is only made for one
  for (const [key, member] of Object.entries(value)) {
    const at = `${pointer}/${pointerKey(key)}`;
    if (key === "extensions") {
      const extensions = Object.entries(check.object(member, at));
      for (const [name, object] of extensions) check.object(object, `${at}/${pointerKey(name)}`);
    }
    if (key === "extras" || typeof member !== "object" || member === null) continue;
    checkExtensionObjects(check, member as Json, at);
  }
}

function hasBadExtension(value: object): boolean {
  for (const key in value) {
    const member = (value as Json)[key];
    if (key === "extensions" && !(isObject(member) && Object.values(member as Json).every(isObject))) return true;
    if (key === "extras" || typeof member !== "object" || member === null) continue;
    if (hasBadExtension(member)) return true;
  }
  return false;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
