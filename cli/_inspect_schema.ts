const TEXT = { type: "string" }, COUNT = { type: "integer", minimum: 0 }, NUMBER = { type: "number" };
const TEXTS = { type: "array", items: TEXT }, FLAG = { type: "boolean" };

type Schema = Readonly<Record<string, unknown>>;

function object(properties: Record<string, Schema>, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return { type: "object", properties, required, additionalProperties: false };
}

function list(items: Schema, description: string): Schema {
  return { description, type: "array", items };
}

function as(schema: Schema, description: string): Schema {
  return { description, ...schema };
}

const POINT = { type: "array", items: NUMBER, minItems: 3, maxItems: 3 };

const PRIMITIVE = object({
  nodeIndex: as(COUNT, "Index of the node that shows it, by which a recipe may choose it"),
  node: as(TEXT, "Name of the node that shows it"),
  mesh: as(TEXT, "Name of its mesh"),
  material: as(TEXT, "Name of its material"),
  mode: { enum: ["triangles", "strip", "fan", "points", "lines"] },
  vertices: COUNT,
  faces: as(COUNT, "Triangles; 0 for points and lines"),
  attributes: as(TEXTS, "Names of its attributes, such as POSITION"),
  morphTargets: as(TEXTS, "Names of its morph targets; their numbers where they have none"),
  skinned: as(FLAG, "Whether joints move it"),
  transform: as(
    object({
      scale: as(POINT, "Factors along the axes of the mesh"),
      mirrored: as(FLAG, "Whether it is shown as in a mirror"),
    }),
    "What its node does to it; absent where that is nothing, or where joints move it",
  ),
}, ["node", "mesh", "material", "transform"]);

const SURFACE = object({
  vertices: COUNT,
  faces: COUNT,
  places: as(COUNT, "Vertices, those that lie together counted once"),
  influencesPerVertex: as(COUNT, "Joints a vertex has room for; 0 without a skin"),
  jointsInUse: as(COUNT, "Joints that any vertex follows"),
  unweightedVertices: as(COUNT, "Skinned vertices without any weight"),
  boundsMin: as(POINT, "Lowest coordinates in the scene, in the unit of the file: metres, says glTF"),
  boundsMax: as(POINT, "Highest coordinates"),
  volume: as(
    { type: ["number", "null"] },
    "Inside a watertight surface; negative when it is inside out, null for others",
  ),
  guess: as(
    object({
      units: as(TEXTS, "Units it may be in, the likeliest first"),
      upAxis: as(TEXT, "The axis that points up, or unclear"),
      sideAxis: as(TEXT, "The axis it is alike on both sides of"),
    }),
    "What it looks like",
  ),
  unreferencedVertices: as(COUNT, "Vertices no face uses"),
  repeatedVertices: as(COUNT, "Vertices that repeat the place of another"),
  nearlyRepeatedPlaces: as(COUNT, "Places taken for another that is very near"),
  degenerateFaces: as(COUNT, "Faces that name a place twice"),
  zeroAreaFaces: as(COUNT, "Faces between three places, without area"),
  duplicateFaces: as(COUNT, "Faces that are there twice"),
  islandCount: as(COUNT, "Connected parts"),
  boundaryEdges: as(COUNT, "Edges with one face"),
  boundaryLoops: as(COUNT, "Openings"),
  nonManifoldEdges: as(COUNT, "Edges with three faces or more"),
  turnedFaces: as(COUNT, "Faces turned against their neighbours"),
  facesAgainstNormals: as(COUNT, "Faces whose stored normals point to their back"),
  isWatertight: as(FLAG, "Whether it is closed"),
  nonFiniteVertices: as(COUNT, "Vertices with a coordinate that is no number"),
  nonFiniteNormals: as(COUNT, "Normals with a component that is no number"),
});

/** Of what `inspect --json` prints. */
export const INSPECT_SCHEMA: Schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Meshtailor inspect",
  ...object({
    file: as(TEXT, "The file as it was named"),
    bytes: as(COUNT, "Its size with everything it names, decompressed"),
    format: as({ enum: ["glb", "gltf"] }, "OBJ, PLY and STL are shown as the glTF they become"),
    generator: as(TEXT, "The tool that made it"),
    provenance: as({ type: "object" }, "What Meshtailor noted when it wrote the file"),
    primitives: list(PRIMITIVE, "Primitives the scene shows, in the order of its nodes"),
    hiddenMeshes: as(COUNT, "Meshes the scene does not show"),
    skins: list(
      object({ name: TEXT, joints: COUNT, roots: as(TEXTS, "Names of the joints without one above") }, ["name"]),
      "Skins that move primitives of the scene",
    ),
    materials: list({ type: ["string", "null"] }, "Names of materials; null where one has none"),
    images: object({ count: COUNT, linked: as(COUNT, "Of these, those in other files") }),
    animations: list(object({ name: TEXT, seconds: NUMBER, channels: COUNT }, ["name"]), "Animations"),
    extensions: list(object({ name: TEXT, required: as(FLAG, "Whether a reader must know it") }), "Extensions in use"),
    surface: as(SURFACE, "All the scene shows as one surface; absent when it cannot be used"),
    fault: as(TEXT, "Why it cannot be used, in one sentence"),
  }, ["generator", "provenance", "surface", "fault"]),
};
