/** What entries of a document are numbered by: its lists, and lists that extensions keep at the root. */
export type Numbered =
  | "accessors"
  | "animations"
  | "bufferViews"
  | "buffers"
  | "cameras"
  | "images"
  | "materials"
  | "meshes"
  | "nodes"
  | "samplers"
  | "scenes"
  | "skins"
  | "textures"
  | "lights"
  | "imageLights"
  | "packets"
  | "variants";

/** Where numbers in a piece of JSON are indices, and of what. */
export type Shape =
  /** The number itself, or each of a list. */
  | Numbered
  /** Members by their key. */
  | { readonly [key: string]: Shape }
  /** Members whatever their key. */
  | { readonly "*": Shape };

/** How a texture is referred to, in materials and in extensions of all kinds: by a key that ends in "texture". */
export const TEXTURE_INFO: Shape = { index: "textures" };

/** The lists of glTF 2.0 and the indices in their entries; textures of materials are found by {@linkcode TEXTURE_INFO}. */
export const LIST_SHAPES: Readonly<Record<string, Shape>> = {
  accessors: {
    bufferView: "bufferViews",
    sparse: { indices: { bufferView: "bufferViews" }, values: { bufferView: "bufferViews" } },
  },
  animations: {
    channels: { target: { node: "nodes" } },
    samplers: { input: "accessors", output: "accessors" },
  },
  bufferViews: {},
  cameras: {},
  images: { bufferView: "bufferViews" },
  materials: {},
  meshes: {
    primitives: {
      attributes: { "*": "accessors" },
      indices: "accessors",
      material: "materials",
      targets: { "*": "accessors" },
    },
  },
  nodes: { children: "nodes", mesh: "meshes", skin: "skins", camera: "cameras" },
  samplers: {},
  scenes: { nodes: "nodes" },
  skins: { joints: "nodes", skeleton: "nodes", inverseBindMatrices: "accessors" },
  textures: { source: "images", sampler: "samplers" },
};

const IMAGE: Shape = { source: "images" };

/** Extensions whose indices we know; those of meshopt's buffers are seen to where buffers are joined. */
const EXTENSION_SHAPES: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ["EXT_lights_image_based", { light: "imageLights" }],
  ["EXT_mesh_features", { featureIds: {} }],
  ["EXT_mesh_gpu_instancing", { attributes: { "*": "accessors" } }],
  ["EXT_meshopt_compression", {}],
  ["EXT_texture_avif", IMAGE],
  ["EXT_texture_webp", IMAGE],
  ["KHR_draco_mesh_compression", { bufferView: "bufferViews" }],
  ["KHR_lights_punctual", { light: "lights" }],
  ["KHR_materials_variants", { mappings: { material: "materials", variants: "variants" } }],
  ["KHR_mesh_quantization", {}],
  ["KHR_meshopt_compression", {}],
  ["KHR_texture_basisu", IMAGE],
  ["KHR_texture_transform", {}],
  ["KHR_xmp_json_ld", { packet: "packets" }],
  ["MSFT_texture_dds", IMAGE],
  [
    "VRMC_node_constraint",
    { constraint: { roll: { source: "nodes" }, aim: { source: "nodes" }, rotation: { source: "nodes" } } },
  ],
]);

/** Families of extensions that refer to nothing but textures. */
const TEXTURES_ONLY = /^(KHR_materials_|KHR_node_|VRMC_materials_)/;

/** The indices in an extension; `undefined` for one we do not know. */
export function shapeOfExtension(name: string): Shape | undefined {
  return EXTENSION_SHAPES.get(name) ?? (TEXTURES_ONLY.test(name) ? {} : undefined);
}

/** Extensions that keep a list at the root of a document, what that list is called here, and the indices in it. */
export const ROOT_LISTS: ReadonlyMap<string, readonly [key: string, list: Numbered, shape?: Shape]> = new Map<
  string,
  readonly [key: string, list: Numbered, shape?: Shape]
>([
  ["EXT_lights_image_based", ["lights", "imageLights", { specularImages: "images" }]],
  ["KHR_lights_punctual", ["lights", "lights"]],
  ["KHR_materials_variants", ["variants", "variants"]],
  ["KHR_xmp_json_ld", ["packets", "packets"]],
]);
