import {
  buildTopology,
  type FigureGroup,
  finish,
  type FitFigures,
  fitFiguresWork,
  SurfaceIndex,
  type TriangleMesh,
} from "../fitting/mod.ts";
import { farOrigin, findMesh, InputFileError, openMeshFile, readMesh, type Vec3 } from "../io/mod.ts";
import { BufferScope, type Frame } from "../pool/mod.ts";
import { type AnswerDifference, compareAnswer } from "./_compare_answer.ts";
import type { FileIO } from "./file_io.ts";

/** The files `meshtailor measure` looks at. */
export interface MeasuredPaths {
  /** The garment as it is now. */
  readonly garment: string;
  /** The body. */
  readonly against?: string | undefined;
  /** The garment as it was. */
  readonly input?: string | undefined;
  /** A known answer with the same vertices. */
  readonly truth?: string | undefined;
}

/** What `meshtailor measure --json` prints; lengths are metres, shares 0–1. */
export interface FileMeasures extends FitFigures, Partial<AnswerDifference> {
  /** The garment as it was named. */
  readonly garment: string;
  /** The body. */
  readonly against?: string;
  /** What the garment was compared with. */
  readonly input?: string;
  /** The known answer. */
  readonly truth?: string;
  /** Vertices as in the file. */
  readonly vertices: number;
  /** Places: vertices that lie together are one. */
  readonly places: number;
  /** Triangles. */
  readonly faces: number;
}

/** Figures that need the garment as it was. */
const COMPARED: readonly FigureGroup[] = ["shape", "hems", "islands", "turns", "layers"];

/**
 * Reads and measures a garment: all figures its files allow.
 *
 * @throws {InputFileError} If a file cannot be read, or the garment has other faces than its input.
 */
export async function measureFiles(
  { garment, against, input, truth }: MeasuredPaths,
  files: Pick<FileIO, "read" | "readBeside">,
): Promise<FileMeasures> {
  using scope = new BufferScope();
  const open = async (path: string) => {
    const readUri = (uri: string) => files.readBeside(path, uri);
    const document = await openMeshFile(await files.read(path), { path, readUri });
    return { document, header: findMesh(document) };
  };
  const opened = await open(garment), body = against === undefined ? undefined : await open(against);
  const before = input === undefined ? undefined : await open(input);
  const zero = body ?? opened, origin = farOrigin(zero.document, zero.header);
  const mesh = decode(opened, scope, origin), rest = before === undefined ? undefined : decode(before, scope, origin);
  if (rest !== undefined) assertSameFaces(mesh, rest, garment, input!);
  const topology = buildTopology(rest ?? mesh, scope, scope);
  const target = body === undefined ? undefined : SurfaceIndex.build(decode(body, scope, origin), scope);
  const groups: FigureGroup[] = [
    ...(rest === undefined ? [] : COMPARED),
    ...(target === undefined ? [] : ["penetration"] as const),
    "selfIntersections",
  ];
  const fit = { mesh, rest: rest?.positions ?? mesh.positions, topology, target };
  const { newSelfIntersections, ...figures } = finish(fitFiguresWork(fit, groups, scope));
  return {
    garment,
    ...(against === undefined ? {} : { against }),
    ...(input === undefined ? {} : { input }),
    ...(truth === undefined ? {} : { truth, ...await compareAnswer(garment, truth, files) }),
    vertices: mesh.positions.length / 3,
    places: topology.weldedCount,
    faces: mesh.indices.length / 3,
    ...figures,
    ...(rest === undefined ? {} : { newSelfIntersections: newSelfIntersections! }),
  };
}

type Opened = { document: Awaited<ReturnType<typeof openMeshFile>>; header: ReturnType<typeof findMesh> };

function decode({ document, header }: Opened, out: Frame, origin: Vec3): TriangleMesh {
  const mesh = { positions: out.f32(3 * header.vertexCount), indices: out.u32(3 * header.faceCount) };
  readMesh(document, header, mesh, { origin });
  return mesh;
}

function assertSameFaces(mesh: TriangleMesh, rest: TriangleMesh, garment: string, input: string): void {
  const isSame = mesh.positions.length === rest.positions.length && mesh.indices.length === rest.indices.length &&
    mesh.indices.every((vertex, c) => vertex === rest.indices[c]);
  if (isSame) return;
  const counts = (of: TriangleMesh) => `${of.positions.length / 3} vertices and ${of.indices.length / 3} faces`;
  throw new InputFileError(
    `Cannot compare "${garment}" with "${input}" as both must have the same faces: the one has ${
      counts(mesh)
    }, the other ${counts(rest)}`,
    { file: input },
  );
}
