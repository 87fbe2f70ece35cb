import { boundsOf } from "../fitting/bounds.ts";
import { guessFrame } from "../fitting/align/guess_frame.ts";
import { type MeshHealth, meshHealth } from "../fitting/topology/mesh_health.ts";
import { buildTopology } from "../fitting/topology/topology.ts";
import {
  farOrigin,
  findMesh,
  type GltfDocument,
  type GltfJson,
  InputFileError,
  type JsonObject,
  type MeshHeader,
  openMeshFile,
  readMesh,
  readSkeleton,
  type ReadUri,
} from "../io/mod.ts";
import { worldTransforms } from "../io/gltf/_hierarchy.ts";
import { BufferScope } from "../pool/mod.ts";

/** What `inspect --json` prints. Lengths are in the file's unit, which glTF says is the metre. */
export interface Inspection {
  /** The file as it was named. */
  readonly file: string;
  /** Its size with everything it names, bytes, decompressed. */
  readonly bytes: number;
  /** `glb` or `gltf`; other formats are shown as the glTF they become. */
  readonly format: string;
  /** The tool that made it. */
  readonly generator?: string;
  /** What Meshtailor noted when it wrote the file. */
  readonly provenance?: JsonObject;
  /** Primitives that the scene shows, in the order of nodes. */
  readonly primitives: readonly InspectedPrimitive[];
  /** Meshes that nothing in the scene shows. */
  readonly hiddenMeshes: number;
  /** Skins that move primitives of the scene. */
  readonly skins: readonly { readonly name?: string; readonly joints: number; readonly roots: readonly string[] }[];
  /** Names of materials; `null` where one has none. */
  readonly materials: readonly (string | null)[];
  /** How many images there are, and how many of them lie in other files. */
  readonly images: { readonly count: number; readonly linked: number };
  /** Animations. */
  readonly animations: readonly { readonly name?: string; readonly seconds: number; readonly channels: number }[];
  /** Extensions, and whether a reader must know them. */
  readonly extensions: readonly { readonly name: string; readonly required: boolean }[];
  /** Everything the scene shows, as the one surface a recipe takes it for; missing when it cannot be used. */
  readonly surface?: InspectedSurface;
  /** Why it cannot be used, in one sentence. */
  readonly fault?: string;
}

/** A primitive at a node. */
export interface InspectedPrimitive {
  /** Index of its node, by which a recipe may choose it. */
  readonly nodeIndex: number;
  readonly node?: string;
  readonly mesh?: string;
  readonly material?: string;
  /** `triangles`, `strip`, `fan`, `points` or `lines`. */
  readonly mode: string;
  readonly vertices: number;
  /** Triangles; 0 for points and lines. */
  readonly faces: number;
  readonly attributes: readonly string[];
  readonly morphTargets: readonly string[];
  readonly skinned: boolean;
  /** What its node does to it in the scene; missing where that is nothing, or where joints move it. */
  readonly transform?: InspectedTransform;
}

/** What a node, with those above it, does to its mesh. */
export interface InspectedTransform {
  /** Factors along the axes of the mesh. */
  readonly scale: readonly number[];
  /** Whether it shows the mesh as in a mirror. */
  readonly mirrored: boolean;
}

/** A surface, and what is unusual about it. */
export interface InspectedSurface extends Omit<MeshHealth, "volume"> {
  readonly vertices: number;
  readonly faces: number;
  /** Places: vertices that lie together are one. */
  readonly places: number;
  readonly influencesPerVertex: number;
  /** Joints that any vertex follows. */
  readonly jointsInUse: number;
  /** Skinned vertices without any weight. */
  readonly unweightedVertices: number;
  readonly boundsMin: readonly number[];
  readonly boundsMax: readonly number[];
  /** Inside a watertight surface; `null` for others. */
  readonly volume: number | null;
  /** Units and axes it may be in, guessed. */
  readonly guess: { readonly units: readonly string[]; readonly upAxis: string; readonly sideAxis: string };
  /** Vertices and normals that are not finite. */
  readonly nonFiniteVertices: number;
  readonly nonFiniteNormals: number;
}

/**
 * Looks at a file: all of it that a person may want to know before fitting it.
 *
 * @throws {InputFileError} If it cannot be opened; what opens but cannot be used says so in `fault`.
 */
export async function inspectFile(bytes: Uint8Array, path: string, readUri: ReadUri): Promise<Inspection> {
  const document = await openMeshFile(bytes, { path, readUri }), { json } = document;
  const { generator, extras } = json.asset;
  const provenance = (extras as JsonObject | null | undefined)?.meshtailor as JsonObject | undefined;
  const required = new Set(json.extensionsRequired), shown = shownNodes(json);
  return {
    file: path,
    bytes: document.fileBytes,
    format: document.container,
    ...(generator === undefined ? {} : { generator }),
    ...(provenance === undefined ? {} : { provenance }),
    primitives: primitivesOf(document, shown),
    hiddenMeshes: (json.meshes?.length ?? 0) - new Set(shown.map((node) => json.nodes![node].mesh)).size,
    skins: skinsOf(json, shown),
    materials: json.materials?.map(({ name }) => name ?? null) ?? [],
    images: {
      count: json.images?.length ?? 0,
      linked: json.images?.filter(({ uri }) => uri !== undefined && !uri.startsWith("data:")).length ?? 0,
    },
    animations: animationsOf(json),
    extensions: [...new Set([...json.extensionsUsed ?? [], ...required])].map((name) => ({
      name,
      required: required.has(name),
    })),
    ...surfaceOrFault(document),
  };
}

function surfaceOrFault(document: GltfDocument): Pick<Inspection, "surface" | "fault"> {
  try {
    const header = findMesh(document);
    readSkeleton(document, header); // refuses what it cannot read
    return { surface: inspectSurface(document, header) };
  } catch (error) {
    if (error instanceof InputFileError) return { fault: error.message };
    throw error;
  }
}

function inspectSurface(document: GltfDocument, header: MeshHeader): InspectedSurface {
  using scope = new BufferScope();
  const positions = scope.f32(3 * header.vertexCount), indices = scope.u32(3 * header.faceCount);
  const normals = header.hasNormals ? scope.f32(3 * header.vertexCount) : undefined;
  const influences = header.influencesPerVertex * header.vertexCount, origin = farOrigin(document, header);
  const skinJoints = scope.u16(influences), skinWeights = scope.f32(influences);
  const arrays = { positions, indices, skinJoints, skinWeights, ...(normals === undefined ? {} : { normals }) };
  readMesh(document, header, arrays, { origin });
  const mesh = { positions, indices }, topology = buildTopology(mesh, scope, scope);
  const { volume, ...health } = meshHealth(mesh, topology, scope, normals === undefined ? {} : { normals });
  const { boundsMin, boundsMax } = boundsOf(mesh);
  return {
    vertices: header.vertexCount,
    faces: header.faceCount,
    places: topology.weldedCount,
    influencesPerVertex: header.influencesPerVertex,
    jointsInUse: jointsInUse(skinJoints, skinWeights),
    unweightedVertices: header.unweightedVertexCount,
    boundsMin: boundsMin.map((value, c) => value + origin[c]),
    boundsMax: boundsMax.map((value, c) => value + origin[c]),
    volume: Number.isNaN(volume) ? null : volume,
    guess: guessFrame(mesh, { origin }),
    ...health,
    nonFiniteVertices: header.nonFiniteVertexCount,
    nonFiniteNormals: header.nonFiniteNormalCount,
  };
}

function jointsInUse(skinJoints: Uint16Array, skinWeights: Float32Array): number {
  const used = new Set<number>();
  for (let i = 0; i < skinWeights.length; i++) if (skinWeights[i] > 0) used.add(skinJoints[i]);
  return used.size;
}

/** Nodes with a mesh that the default scene shows. */
function shownNodes(json: GltfJson): number[] {
  const nodes = json.nodes ?? [], scene = json.scenes?.[json.scene ?? 0], shown = new Set<number>();
  const open = scene === undefined ? nodes.map((_, n) => n) : [...scene.nodes ?? []];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (shown.has(node)) continue;
    shown.add(node);
    for (const child of nodes[node].children ?? []) open.push(child);
  }
  return [...shown].filter((node) => nodes[node].mesh !== undefined).sort((a, b) => a - b);
}

const MODES = ["points", "lines", "lines", "lines", "triangles", "strip", "fan"];

function primitivesOf(document: GltfDocument, shown: readonly number[]): InspectedPrimitive[] {
  const { json } = document, world = worldTransforms(json);
  return shown.flatMap((n) => {
    const { name: node, mesh: m, skin } = json.nodes![n], { name: mesh, primitives, extras } = json.meshes![m!];
    const targetNames = (extras as JsonObject | null | undefined)?.targetNames;
    const transform = skin === undefined ? transformOf(world, n) : undefined;
    return primitives.map(({ attributes, targets, mode = 4, material, indices }) => {
      const [first] = Object.values(attributes), materialName = json.materials?.[material ?? -1]?.name;
      const vertices = json.accessors?.[attributes.POSITION ?? first]?.count ?? 0;
      return {
        nodeIndex: n,
        ...(node === undefined ? {} : { node }),
        ...(mesh === undefined ? {} : { mesh }),
        ...(materialName === undefined ? {} : { material: materialName }),
        mode: MODES[mode],
        vertices,
        faces: facesOf(mode, indices === undefined ? vertices : json.accessors![indices].count),
        attributes: Object.keys(attributes),
        morphTargets: (targets ?? []).map((_, t) => nameOf(targetNames, t)),
        skinned: skin !== undefined,
        ...(transform === undefined ? {} : { transform }),
      };
    });
  });
}

function facesOf(mode: number, corners: number): number {
  return mode === 4 ? Math.floor(corners / 3) : mode > 4 ? Math.max(0, corners - 2) : 0;
}

/** Scale and mirroring of a node, from the columns of its world transform; undefined where it does neither. */
function transformOf(world: Float64Array, node: number): InspectedTransform | undefined {
  const m = world.subarray(12 * node, 12 * node + 9);
  const scale = [0, 3, 6].map((c) => Number(Math.hypot(m[c], m[c + 1], m[c + 2]).toPrecision(6)));
  const mirrored = m[0] * (m[4] * m[8] - m[5] * m[7]) - m[3] * (m[1] * m[8] - m[2] * m[7]) +
      m[6] * (m[1] * m[5] - m[2] * m[4]) < 0;
  return mirrored || scale.some((factor) => Math.abs(factor - 1) > 1e-5) ? { scale, mirrored } : undefined;
}

function nameOf(names: unknown, index: number): string {
  const name = Array.isArray(names) ? names[index] : undefined;
  return typeof name === "string" ? name : String(index);
}

function skinsOf(json: GltfJson, shown: readonly number[]): Inspection["skins"] {
  const used = [...new Set(shown.flatMap((node) => json.nodes![node].skin ?? []))];
  return used.map((s) => {
    const { name, joints } = json.skins![s],
      isBelow = new Set(joints.flatMap((node) => json.nodes![node].children ?? []));
    const roots = joints.filter((node) => !isBelow.has(node)).map((node) => json.nodes![node].name ?? `node ${node}`);
    return { ...(name === undefined ? {} : { name }), joints: joints.length, roots };
  });
}

function animationsOf(json: GltfJson): Inspection["animations"] {
  return (json.animations ?? []).map(({ name, channels, samplers }) => ({
    ...(name === undefined ? {} : { name }),
    seconds: samplers.reduce((end, { input }) => Math.max(end, json.accessors![input].max?.[0] ?? 0), 0),
    channels: channels.length,
  }));
}
