import {
  embedImages,
  findMesh,
  type GltfDocument,
  hasTangents,
  hasUVs,
  InputFileError,
  type MeshHeader,
  openMeshFile,
  readSkeleton,
  type ReadUri,
  type Skeleton,
  surfaceParts,
  type Vec3,
} from "../io/mod.ts";
import type { Pace } from "./_pace.ts";
import type { InputSizes } from "./plan_ops.ts";
import { zerosOf } from "./_zeros.ts";
import { InputError } from "./errors.ts";
import type { Recipe, RecipeInput } from "./recipe.ts";
import type { RecipeIO } from "./recipe_io.ts";
import type { MeshFacts, MeshSkeleton } from "./step.ts";

/** An input whose file was read and checked; nothing is decoded yet. */
export interface OpenInput {
  /** The file as parsed. */
  readonly document: GltfDocument;
  /** The selected mesh. */
  readonly header: MeshHeader;
  /** Its joints, when it has a skin. */
  readonly skeleton: Skeleton | undefined;
  /** Of the file, lower-case hex. */
  readonly sha256: string;
  /** The zero of its coordinates, metres in the world: the same for all inputs that meet in a step, but for one that a step has yet to place. */
  readonly origin: Vec3;
}

/** An input of which only its own file was looked at. */
type OwnInput = Omit<OpenInput, "origin">;

/** A recipe as far as its inputs go; what its steps and outputs say of them is heeded where they are known. */
type InputsOfRecipe = Pick<Recipe, "path" | "inputs"> & Partial<Pick<Recipe, "steps" | "outputs">>;

/** An io that knows how to read what a file names, such as its buffers and images: from its own folder only. */
type InputIO = RecipeIO & { readBeside?(base: string, path: string): Promise<Uint8Array> };

/**
 * Reads the files of all inputs, each once, and finds the mesh each input means.
 *
 * @param bytesByName Inputs the caller has in memory already.
 * @param pace Stops it between two files, and while it waits for one.
 * @throws {InputError} If a file is broken, or a selection finds nothing.
 */
export async function openInputs(
  recipe: InputsOfRecipe,
  io: InputIO | undefined,
  bytesByName: Readonly<Record<string, Uint8Array>>,
  pace: Pace,
): Promise<Map<string, OpenInput>> {
  const documents = new Map<string, { document: GltfDocument; sha256: string }>();
  const opened = new Map<string, OwnInput>();
  const written = writtenInputs(recipe), writtenPaths = new Set(recipe.inputs.filter(isWritten).map(pathOf));
  for (const input of recipe.inputs) {
    pace.check();
    try {
      opened.set(input.name, await openInput(input));
    } catch (error) {
      throw error instanceof InputFileError ? new InputError(input.at, error) : error;
    }
  }
  const zeros = zerosOf(recipe, opened, inputsOfMeshes(recipe));
  return new Map([...opened].map(([name, input]) => [name, { ...input, origin: zeros.get(name)! }]));

  function isWritten({ name }: RecipeInput): boolean {
    return written.has(name);
  }

  function pathOf({ name, file }: RecipeInput): string {
    return bytesByName[name] !== undefined || io === undefined ? name : io.resolve(recipe.path, file);
  }

  async function openInput(input: RecipeInput): Promise<OwnInput> {
    const path = pathOf(input);
    let found = documents.get(path);
    if (found === undefined) {
      const bytes = bytesByName[input.name] ?? await pace.wait(readWith(io, path, input.name));
      const readUri = io === undefined ? undefined : uriReader(io, path);
      const options = { path, name: input.file, ...(readUri === undefined ? {} : { readUri }) };
      let document = await openMeshFile(bytes, options);
      await pace.breathe();
      // An output may lie elsewhere: it takes the images along that lie beside its input.
      if (readUri !== undefined && writtenPaths.has(path)) document = await embedImages(document, readUri);
      documents.set(path, found = { document, sha256: await sha256Of(bytes) });
    }
    await pace.breathe();
    const header = findMesh(found.document, input.selection);
    await pace.breathe();
    return { ...found, header, skeleton: readSkeleton(found.document, header) };
  }
}

function uriReader(io: InputIO, path: string): ReadUri {
  return (uri) => io.readBeside?.(path, uri) ?? io.read(io.resolve(path, uri));
}

/** Names of the inputs that are written, whatever their copies are called. */
function writtenInputs(recipe: InputsOfRecipe): Set<string> {
  const inputOf = inputsOfMeshes(recipe);
  return new Set(
    recipe.outputs?.flatMap(({ mesh, with: others }) => [mesh, ...others].flatMap((name) => inputOf.get(name) ?? [])),
  );
}

/** The input each mesh began as. */
function inputsOfMeshes({ inputs, steps = [] }: InputsOfRecipe): Map<string, string> {
  const inputOf = new Map(inputs.map(({ name }) => [name, name]));
  for (const { mesh, as } of steps) {
    const input = inputOf.get(mesh);
    if (as !== undefined && input !== undefined) inputOf.set(as, input);
  }
  return inputOf;
}

/** What the planner needs to know of an input before it is decoded. */
export function sizesOf({ document, header, skeleton }: OpenInput): InputSizes {
  const { vertexCount, faceCount, hasNormals, influencesPerVertex, jointCount } = header;
  const parts = surfaceParts(document, header);
  const names = {
    material: [...new Set(parts.flatMap(({ material }) => material ?? []))],
    part: [...new Set(parts.flatMap(({ names }) => names))],
    joint: skeleton?.jointNames ?? [],
  };
  const has = { hasNormals, hasUVs: hasUVs(document, header), hasTangents: hasTangents(document, header) };
  return { vertexCount, faceCount, influencesPerVertex, jointCount, ...has, names };
}

/** What a step may ask of a file beside numbers. */
export function factsOf({ document, header }: OpenInput): MeshFacts {
  const parts = surfaceParts(document, header).map((part) =>
    Object.freeze({ ...part, names: Object.freeze(part.names) })
  );
  return Object.freeze({ parts: Object.freeze(parts) });
}

/** What a step may ask of a file's joints. */
export function skeletonFactsOf({ skeleton }: OpenInput): MeshSkeleton {
  const { jointNames = [], parentJoint = [], jointWorld = [] } = skeleton ?? {};
  return Object.freeze({
    jointNames: Object.freeze([...jointNames]),
    parentJoint: Object.freeze([...parentJoint]),
    jointWorld: Object.freeze([...jointWorld]),
  });
}

async function readWith(io: RecipeIO | undefined, path: string, name: string): Promise<Uint8Array> {
  if (io === undefined) throw new TypeError(`Cannot read input "${name}" as neither its bytes nor an io were given`);
  return await io.read(path);
}

async function sha256Of(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
