import {
  findMesh,
  type GltfDocument,
  InputFileError,
  type MeshHeader,
  openGltf,
  readSkeleton,
  type Skeleton,
} from "../io/mod.ts";
import type { InputSizes } from "./plan.ts";
import { InputError } from "./errors.ts";
import type { Recipe, RecipeInput } from "./recipe.ts";
import type { RecipeIO } from "./recipe_io.ts";

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
}

/**
 * Reads the files of all inputs, each once, and finds the mesh each input means.
 *
 * @param bytesByName Inputs the caller has in memory already.
 * @throws {InputError} If a file is broken, or a selection finds nothing.
 */
export async function openInputs(
  recipe: Recipe,
  io: RecipeIO | undefined,
  bytesByName: Readonly<Record<string, Uint8Array>>,
): Promise<Map<string, OpenInput>> {
  const documents = new Map<string, { document: GltfDocument; sha256: string }>();
  const opened = new Map<string, OpenInput>();
  for (const input of recipe.inputs) {
    try {
      opened.set(input.name, await openInput(input));
    } catch (error) {
      throw error instanceof InputFileError ? new InputError(input.at, error) : error;
    }
  }
  return opened;

  async function openInput(input: RecipeInput): Promise<OpenInput> {
    const given = bytesByName[input.name];
    const path = given !== undefined || io === undefined ? input.name : io.resolve(recipe.path, input.file);
    let found = documents.get(path);
    if (found === undefined) {
      const bytes = given ?? await readWith(io, path, input.name);
      const readUri = io === undefined ? undefined : (uri: string) => io.read(io.resolve(path, uri));
      const document = await openGltf(bytes, { path, ...(readUri === undefined ? {} : { readUri }) });
      documents.set(path, found = { document, sha256: await sha256Of(bytes) });
    }
    const header = findMesh(found.document, input.selection);
    return { ...found, header, skeleton: readSkeleton(found.document, header) };
  }
}

/** What the planner needs to know of an input before it is decoded. */
export function sizesOf({ header }: OpenInput): InputSizes {
  const { vertexCount, faceCount, hasNormals, influencesPerVertex, jointCount } = header;
  return { vertexCount, faceCount, hasNormals, influencesPerVertex, jointCount };
}

async function readWith(io: RecipeIO | undefined, path: string, name: string): Promise<Uint8Array> {
  if (io === undefined) throw new TypeError(`Cannot read input "${name}" as neither its bytes nor an io were given`);
  return await io.read(path);
}

async function sha256Of(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
