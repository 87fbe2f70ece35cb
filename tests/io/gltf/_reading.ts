import validator from "gltf-validator";
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  findMesh,
  type GltfDocument,
  InputFileError,
  type MeshHeader,
  type MeshSelection,
  openGltf,
  readMesh,
  type ReadMeshOptions,
} from "../../../io/mod.ts";

/** A surface with all its arrays. */
export interface Surface {
  header: MeshHeader;
  positions: Float32Array;
  indices: Uint32Array;
  normals: Float32Array;
  skinJoints: Uint16Array;
  skinWeights: Float32Array;
}

/** Finds and reads everything. */
export function readAll(
  document: GltfDocument,
  selection: MeshSelection = {},
  options: ReadMeshOptions = {},
): Surface {
  const header = findMesh(document, selection),
    { vertexCount, faceCount, influencesPerVertex } = header;
  const surface = {
    header,
    positions: new Float32Array(3 * vertexCount),
    indices: new Uint32Array(3 * faceCount),
    normals: new Float32Array(3 * vertexCount),
    skinJoints: new Uint16Array(influencesPerVertex * vertexCount),
    skinWeights: new Float32Array(influencesPerVertex * vertexCount),
  };
  readMesh(document, header, surface, options);
  return surface;
}

/** Opens written bytes again. */
export function reopen(bytes: Uint8Array): Promise<GltfDocument> {
  return openGltf(bytes, { path: "written.glb" });
}

/** Asserts that opening, finding or reading is refused with one sentence that holds all of `parts`. */
export async function assertRefused(
  bytes: Uint8Array,
  ...parts: string[]
): Promise<void> {
  const error = await assertRejects(
    async () => readAll(await openGltf(bytes, { path: "test.glb" })),
    InputFileError,
  );
  const { message } = error as InputFileError;
  for (const part of parts) {
    assert(message.includes(part), `"${part}" is not in: ${message}`);
  }
  assert(message.startsWith('Cannot read "test.glb"'), message);
  assert(!message.includes("\n") && !message.endsWith("."), message);
}

/** Asserts that the Khronos validator finds no error (and no warning but the allowed ones). */
export async function assertValid(
  bytes: Uint8Array,
  allowedWarnings: readonly string[] = [],
): Promise<void> {
  const report = await validator.validateBytes(bytes, { maxIssues: 100 });
  const found = report.issues.messages.filter((
    { severity, code }: { severity: number; code: string },
  ) => severity === 0 || (severity === 1 && !allowedWarnings.includes(code)));
  assertEquals(found, []);
}

/** Asserts that two arrays agree within a tolerance. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance = 1e-6,
): void {
  assertEquals(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) {
    assert(
      Math.abs(actual[i] - expected[i]) <= tolerance,
      `number ${i} is ${actual[i]}, expected ${expected[i]} ± ${tolerance}`,
    );
  }
}
