import { type Check, show } from "./_check.ts";

type Json = Readonly<Record<string, unknown>>;

/** Lists whose entries have names. */
const NAMED_LISTS = [
  "accessors",
  "animations",
  "buffers",
  "bufferViews",
  "cameras",
  "images",
  "materials",
  "meshes",
  "nodes",
  "samplers",
  "scenes",
  "skins",
  "textures",
];

/**
 * Checks the links we only carry along (animations, textures, materials): a
 * file whose links lead nowhere would come out as broken as it went in.
 */
export function checkLinks(check: Check, json: Json): void {
  for (const list of NAMED_LISTS) {
    each(
      check,
      json,
      list,
      (item, pointer) => text(check, item, "name", pointer),
    );
  }
  each(check, json, "textures", (texture, pointer) => {
    if (texture.source !== undefined) {
      link(check, json, texture.source, `${pointer}/source`, "images");
    }
    if (texture.sampler !== undefined) {
      link(check, json, texture.sampler, `${pointer}/sampler`, "samplers");
    }
  });
  each(
    check,
    json,
    "images",
    (image, pointer) => checkImage(check, json, image, pointer),
  );
  each(
    check,
    json,
    "materials",
    (material, pointer) => checkMaterial(check, json, material, pointer),
  );
  each(
    check,
    json,
    "animations",
    (animation, pointer) => checkAnimation(check, json, animation, pointer),
  );
}

function checkImage(
  check: Check,
  json: Json,
  image: Json,
  pointer: string,
): void {
  text(check, image, "uri", pointer);
  if ((image.uri === undefined) === (image.bufferView === undefined)) {
    check.refuse(
      pointer,
      "an image must have a uri or a bufferView, one of them",
      `it has ${image.uri === undefined ? "neither" : "both"}`,
    );
  }
  // deno-lint-ignore no-control-regex -- they are what may not be in a URI
  if (typeof image.uri === "string" && /[\u0000-\u001f\u007f]/.test(image.uri)) {
    check.refuse(`${pointer}/uri`, "it must be a URI", `current value is ${show(image.uri)}`);
  }
  if (image.bufferView !== undefined) {
    link(check, json, image.bufferView, `${pointer}/bufferView`, "bufferViews");
  }
}

function checkMaterial(
  check: Check,
  json: Json,
  material: Json,
  pointer: string,
): void {
  const textured = (owner: Json, at: string, keys: readonly string[]) => {
    for (const key of keys) {
      if (owner[key] === undefined) continue;
      const info = check.object(owner[key], `${at}/${key}`);
      link(check, json, info.index, `${at}/${key}/index`, "textures");
    }
  };
  textured(material, pointer, [
    "normalTexture",
    "occlusionTexture",
    "emissiveTexture",
  ]);
  if (material.pbrMetallicRoughness === undefined) return;
  const at = `${pointer}/pbrMetallicRoughness`;
  textured(check.object(material.pbrMetallicRoughness, at), at, [
    "baseColorTexture",
    "metallicRoughnessTexture",
  ]);
}

function checkAnimation(
  check: Check,
  json: Json,
  animation: Json,
  pointer: string,
): void {
  const samplers = check.list(
    animation.samplers ?? null,
    `${pointer}/samplers`,
  );
  samplers.forEach((item, i) => {
    const at = `${pointer}/samplers/${i}`, sampler = check.object(item, at);
    link(check, json, sampler.input, `${at}/input`, "accessors");
    link(check, json, sampler.output, `${at}/output`, "accessors");
  });
  check.list(animation.channels ?? null, `${pointer}/channels`).forEach(
    (item, i) => {
      const at = `${pointer}/channels/${i}`, channel = check.object(item, at);
      check.link(
        channel.sampler,
        `${at}/sampler`,
        "samplers of the animation",
        samplers.length,
      );
      const target = check.object(channel.target, `${at}/target`);
      if (target.node !== undefined) {
        link(check, json, target.node, `${at}/target/node`, "nodes");
      }
      text(check, target, "path", `${at}/target`);
    },
  );
}

/** A link into a top-level list; a missing one is refused. */
function link(
  check: Check,
  json: Json,
  value: unknown,
  pointer: string,
  list: string,
): void {
  check.link(value, pointer, list, check.list(json[list], `/${list}`).length);
}

function text(check: Check, owner: Json, key: string, pointer: string): void {
  const value = owner[key];
  if (value === undefined || typeof value === "string") return;
  check.refuse(
    `${pointer}/${key}`,
    "it must be text",
    `current value is ${show(value)}`,
  );
}

function each(
  check: Check,
  json: Json,
  list: string,
  visit: (item: Json, pointer: string) => void,
): void {
  check.list(json[list], `/${list}`).forEach((item, i) => visit(check.object(item, `/${list}/${i}`), `/${list}/${i}`));
}
