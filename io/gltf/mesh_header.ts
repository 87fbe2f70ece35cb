/** One primitive of the surface, and where its vertices and faces lie in the whole. */
export interface MeshPart {
  /** Index into `nodes`. */
  readonly node: number;
  /** Index into `meshes`. */
  readonly mesh: number;
  /** Index into the primitives of the mesh. */
  readonly primitive: number;
  /** Index into `materials`, when it has one. */
  readonly material: number | undefined;
  /** Index into `skins`, when joints move it. */
  readonly skin: number | undefined;
  /** First of its vertices in the surface. */
  readonly firstVertex: number;
  /** How many vertices it has. */
  readonly vertexCount: number;
  /** Whether an earlier part of the same node brought the very same vertices. */
  readonly sharesVertices: boolean;
  /** First of its faces in the surface. */
  readonly firstFace: number;
  /** How many faces it has. */
  readonly faceCount: number;
  /** Whether the file has normals for it. */
  readonly hasNormals: boolean;
  /** `0` when no joints move it, else 4 for every `JOINTS_n`. */
  readonly influencesPerVertex: number;
  /** Whether its transform mirrors, so that its faces are turned on reading. */
  readonly isMirrored: boolean;
  /** Vertices with a coordinate that is not finite; no face uses them. They are read as their local origin. */
  readonly nonFiniteVertexCount: number;
  /** Normals with a component that is not finite; they are read as zero. */
  readonly nonFiniteNormalCount: number;
  /** Vertices that joints should move and that have no weight; they follow the first joint they name. */
  readonly unweightedVertexCount: number;
}

/** All sizes of the selected surface; nothing of it is decoded yet. */
export interface MeshHeader {
  /** Vertices of all parts. */
  readonly vertexCount: number;
  /** Faces of all parts. */
  readonly faceCount: number;
  /** Whether every part has normals. */
  readonly hasNormals: boolean;
  /** `0` when no joints move any part, else 4, 8 …: that of the part with most. */
  readonly influencesPerVertex: number;
  /** Joints of all skins of the parts, each node once. */
  readonly jointCount: number;
  /** The skins of the parts, by index into `skins`, in order of appearance. */
  readonly skins: readonly number[];
  /** Vertices with a coordinate that is not finite; no face uses them. */
  readonly nonFiniteVertexCount: number;
  /** Normals with a component that is not finite. */
  readonly nonFiniteNormalCount: number;
  /** Vertices that joints should move and that have no weight. */
  readonly unweightedVertexCount: number;
  /** The primitives, in the order of nodes and primitives. */
  readonly parts: readonly MeshPart[];
}
