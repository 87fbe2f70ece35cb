/** A value as `JSON.parse` gives it. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | JsonObject;

/** An object as `JSON.parse` gives it. */
export interface JsonObject {
  /** Any key. */
  readonly [key: string]: JsonValue | undefined;
}

/** What every glTF object may carry; unknown keys are kept. */
export interface GltfObject {
  /** Shown to people; not unique. */
  readonly name?: string;
  /** Application data, kept as it is. */
  readonly extras?: JsonValue;
  /** Extension data, kept as it is. */
  readonly extensions?: JsonObject;
}

/** `asset`: version and origin of the file. */
export interface GltfAsset extends GltfObject {
  /** Version of glTF the file was written for. */
  readonly version: string;
  /** The tool that made the file; never rewritten. */
  readonly generator?: string;
}

/** One of `buffers`. */
export interface GltfBuffer extends GltfObject {
  /** Length, bytes. */
  readonly byteLength: number;
  /** Where the bytes are; absent for the binary chunk of a .glb. */
  readonly uri?: string;
}

/** One of `bufferViews`: a range of a buffer. */
export interface GltfBufferView extends GltfObject {
  /** Index into `buffers`. */
  readonly buffer: number;
  /** Start in the buffer, bytes. */
  readonly byteOffset?: number;
  /** Length, bytes. */
  readonly byteLength: number;
  /** Distance from element to element, bytes; absent when packed. */
  readonly byteStride?: number;
  /** 34962 for vertices, 34963 for indices. */
  readonly target?: number;
}

/** `accessor.sparse`: elements that replace those of the base. */
export interface GltfSparse extends GltfObject {
  /** How many elements are replaced. */
  readonly count: number;
  /** Which ones, rising. */
  readonly indices: {
    readonly bufferView: number;
    readonly byteOffset?: number;
    readonly componentType: number;
  };
  /** By what. */
  readonly values: {
    readonly bufferView: number;
    readonly byteOffset?: number;
  };
}

/** One of `accessors`: typed elements in a buffer view. */
export interface GltfAccessor extends GltfObject {
  /** Index into `bufferViews`; absent when all elements are zero but for the sparse ones. */
  readonly bufferView?: number;
  /** Start in the buffer view, bytes. */
  readonly byteOffset?: number;
  /** 5120 i8, 5121 u8, 5122 i16, 5123 u16, 5125 u32, 5126 f32. */
  readonly componentType: number;
  /** Whether integers stand for fractions. */
  readonly normalized?: boolean;
  /** How many elements. */
  readonly count: number;
  /** `SCALAR`, `VEC2` … `MAT4`. */
  readonly type: string;
  /** Lowest value a component takes, as stored. */
  readonly min?: readonly number[];
  /** Highest value a component takes, as stored. */
  readonly max?: readonly number[];
  /** Elements that replace those of the base. */
  readonly sparse?: GltfSparse;
}

/** One primitive of a mesh. */
export interface GltfPrimitive extends GltfObject {
  /** Accessor by attribute name. */
  readonly attributes: Readonly<Record<string, number>>;
  /** Accessor of the indices; absent when vertices are used in order. */
  readonly indices?: number;
  /** 4 triangles (when absent), 5 strip, 6 fan; 0 to 3 points and lines. */
  readonly mode?: number;
  /** Index into `materials`. */
  readonly material?: number;
  /** Morph targets: accessor by attribute name. */
  readonly targets?: readonly Readonly<Record<string, number>>[];
}

/** One of `meshes`. */
export interface GltfMesh extends GltfObject {
  /** Its parts, one material each. */
  readonly primitives: readonly GltfPrimitive[];
  /** Default weights of the morph targets. */
  readonly weights?: readonly number[];
}

/** One of `nodes`. */
export interface GltfNode extends GltfObject {
  /** Indices into `nodes`. */
  readonly children?: readonly number[];
  /** 16 numbers, column-major. */
  readonly matrix?: readonly number[];
  /** Metres. */
  readonly translation?: readonly number[];
  /** Unit quaternion x, y, z, w. */
  readonly rotation?: readonly number[];
  /** Factors. */
  readonly scale?: readonly number[];
  /** Index into `meshes`. */
  readonly mesh?: number;
  /** Index into `skins`. */
  readonly skin?: number;
  /** Index into `cameras`. */
  readonly camera?: number;
  /** Weights of the mesh's morph targets. */
  readonly weights?: readonly number[];
}

/** One of `scenes`. */
export interface GltfScene extends GltfObject {
  /** Root nodes. */
  readonly nodes?: readonly number[];
}

/** One of `skins`. */
export interface GltfSkin extends GltfObject {
  /** Nodes that are the joints. */
  readonly joints: readonly number[];
  /** Accessor of one MAT4 per joint; absent when all are the identity. */
  readonly inverseBindMatrices?: number;
  /** Node at the root of the joints. */
  readonly skeleton?: number;
}

/** One of `animations`. */
export interface GltfAnimation extends GltfObject {
  /** Which property of which node is animated. */
  readonly channels: readonly {
    readonly sampler: number;
    readonly target: { readonly node?: number; readonly path: string };
  }[];
  /** Times and values. */
  readonly samplers: readonly {
    readonly input: number;
    readonly output: number;
  }[];
}

/** One of `images`: in a file beside this one, or in a buffer view. */
export interface GltfImage extends GltfObject {
  /** Where the image is; absent when a buffer view holds it. */
  readonly uri?: string;
  /** Index into `bufferViews`. */
  readonly bufferView?: number;
  /** `image/png` or `image/jpeg`; extensions know more. */
  readonly mimeType?: string;
}

/** The JSON of a glTF 2.0 file: the parts we use. Everything else is in there too, untouched. */
export interface GltfJson {
  /** Version and origin. */
  readonly asset: GltfAsset;
  /** Extensions that appear in the file. */
  readonly extensionsUsed?: readonly string[];
  /** Extensions a reader must know. */
  readonly extensionsRequired?: readonly string[];
  /** The default scene. */
  readonly scene?: number;
  /** Scenes. */
  readonly scenes?: readonly GltfScene[];
  /** Nodes. */
  readonly nodes?: readonly GltfNode[];
  /** Meshes. */
  readonly meshes?: readonly GltfMesh[];
  /** Skins. */
  readonly skins?: readonly GltfSkin[];
  /** Animations. */
  readonly animations?: readonly GltfAnimation[];
  /** Cameras; they are carried along. */
  readonly cameras?: readonly GltfObject[];
  /** Materials; only their names are read. */
  readonly materials?: readonly GltfObject[];
  /** Accessors. */
  readonly accessors?: readonly GltfAccessor[];
  /** Buffer views. */
  readonly bufferViews?: readonly GltfBufferView[];
  /** Buffers. */
  readonly buffers?: readonly GltfBuffer[];
  /** Images. */
  readonly images?: readonly GltfImage[];
}
