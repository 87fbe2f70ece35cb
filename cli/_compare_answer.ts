import { findMesh, InputFileError, openMeshFile, readMesh, readSkeleton, type Skeleton } from "../io/mod.ts";
import type { FileIO } from "./file_io.ts";

/** How a garment differs from a known answer with the same vertices. Lengths are metres. */
export interface AnswerDifference {
  /** Mean distance between vertices of the same number, those no face uses left out. */
  readonly truthMean: number;
  /** The greatest. */
  readonly truthMax: number;
  /** Mean over vertices of the differences of weights, added up joint by joint by name: 0 the same, 2 nothing in common. Missing where one of the two has no skin. */
  readonly weightsL1Mean?: number;
  /** The same of the vertex that differs most. */
  readonly weightsL1Max?: number;
}

/**
 * Compares a garment with a known answer.
 *
 * @throws {InputFileError} If a file cannot be read, or they have other numbers of vertices.
 */
export async function compareAnswer(
  garment: string,
  answer: string,
  files: Pick<FileIO, "read" | "readBeside">,
): Promise<AnswerDifference> {
  const a = await read(garment, files), b = await read(answer, files), count = a.positions.length / 3;
  if (a.positions.length !== b.positions.length) {
    throw new InputFileError(
      `Cannot compare "${garment}" with "${answer}" as both must have the same vertices: the one has ${count}, the other ${
        b.positions.length / 3
      }`,
      { file: answer },
    );
  }
  const weights = a.skin === undefined || b.skin === undefined ? {} : compareWeights(a.skin, b.skin, count);
  return { ...compareDistances(a.positions, b.positions, a.indices), ...weights };
}

function compareDistances(a: Float32Array, b: Float32Array, indices: Uint32Array): AnswerDifference {
  const isUsed = new Uint8Array(a.length / 3);
  for (const vertex of indices) isUsed[vertex] = 1;
  let sum = 0, truthMax = 0, count = 0;
  for (let v = 0; v < isUsed.length; v++) {
    if (isUsed[v] === 0) continue;
    const x = a[3 * v] - b[3 * v], y = a[3 * v + 1] - b[3 * v + 1], z = a[3 * v + 2] - b[3 * v + 2];
    const distance = Math.sqrt(x * x + y * y + z * z);
    sum += distance;
    count++;
    if (distance > truthMax) truthMax = distance;
  }
  return { truthMean: sum / Math.max(1, count), truthMax };
}

interface NamedSkin {
  readonly skeleton: Skeleton;
  readonly skinJoints: Uint16Array;
  readonly skinWeights: Float32Array;
  readonly influencesPerVertex: number;
}

function compareWeights(a: NamedSkin, b: NamedSkin, count: number): Partial<AnswerDifference> {
  const slots = new Map<string, number>();
  for (const name of [...a.skeleton.jointNames, ...b.skeleton.jointNames]) {
    if (!slots.has(name)) slots.set(name, slots.size);
  }
  const difference = new Float64Array(slots.size);
  let sum = 0, weightsL1Max = 0;
  for (let v = 0; v < count; v++) {
    difference.fill(0);
    addWeights(a, v, 1, slots, difference);
    addWeights(b, v, -1, slots, difference);
    let l1 = 0;
    for (const value of difference) l1 += Math.abs(value);
    sum += l1;
    if (l1 > weightsL1Max) weightsL1Max = l1;
  }
  return { weightsL1Mean: sum / Math.max(1, count), weightsL1Max };
}

function addWeights(
  { skeleton, skinJoints, skinWeights, influencesPerVertex }: NamedSkin,
  v: number,
  sign: number,
  slots: ReadonlyMap<string, number>,
  out: Float64Array,
): void {
  for (let i = influencesPerVertex * v; i < influencesPerVertex * (v + 1); i++) {
    out[slots.get(skeleton.jointNames[skinJoints[i]])!] += sign * skinWeights[i];
  }
}

async function read(path: string, files: Pick<FileIO, "read" | "readBeside">) {
  const readUri = (uri: string) => files.readBeside(path, uri);
  const document = await openMeshFile(await files.read(path), { path, readUri });
  const header = findMesh(document), { vertexCount, faceCount, influencesPerVertex } = header;
  const mesh = { positions: new Float32Array(3 * vertexCount), indices: new Uint32Array(3 * faceCount) };
  const skeleton = readSkeleton(document, header), length = influencesPerVertex * vertexCount;
  const arrays = { skinJoints: new Uint16Array(length), skinWeights: new Float32Array(length) };
  readMesh(document, header, { ...mesh, ...skeleton === undefined ? {} : arrays });
  return { ...mesh, skin: skeleton && { skeleton, influencesPerVertex, ...arrays } };
}
