import { InputFileError } from "./input_file_error.ts";
import { requirePackage } from "./_packages.ts";

/** Something the decoder made, to be destroyed. */
interface DracoObject {
  readonly ptr: number;
}

/** A decoded mesh. */
export interface DracoMesh extends DracoObject {
  num_faces(): number;
  num_points(): number;
}

/** One attribute of it. */
interface DracoAttribute extends DracoObject {
  num_components(): number;
}

/** The decoder of `npm:draco3dgltf`: the functions that are used. */
export interface DracoDecoder extends DracoObject {
  GetEncodedGeometryType(buffer: DracoObject): number;
  DecodeBufferToMesh(buffer: DracoObject, mesh: DracoMesh): { ok(): boolean; error_msg(): string };
  GetAttributeByUniqueId(mesh: DracoMesh, id: number): DracoAttribute;
  GetTrianglesUInt32Array(mesh: DracoMesh, bytes: number, pointer: number): boolean;
  GetAttributeDataArrayForAllPoints(
    mesh: DracoMesh,
    attribute: DracoAttribute,
    type: number,
    bytes: number,
    pointer: number,
  ): boolean;
}

type DataType = "DT_INT8" | "DT_UINT8" | "DT_INT16" | "DT_UINT16" | "DT_UINT32" | "DT_FLOAT32";

/** The WebAssembly module of the package: the parts that are used. */
export type DracoModule = Readonly<Record<DataType, number>> & {
  readonly TRIANGULAR_MESH: number;
  readonly HEAP8: Int8Array;
  readonly Decoder: new () => DracoDecoder;
  readonly DecoderBuffer: new () => DracoObject & { Init(bytes: Uint8Array, length: number): void };
  readonly Mesh: new () => DracoMesh;
  _malloc(length: number): number;
  _free(pointer: number): void;
  destroy(object: DracoObject): void;
};

interface DracoPackage {
  createDecoderModule(options: object): Promise<DracoModule>;
}

/** Starts a decoder of its own; its memory goes with it. */
export function openDraco(loaded: unknown, path: string): Promise<DracoModule> {
  const quiet = () => {}; // it speaks to the console when it cannot start
  return requirePackage(
    async () => {
      const { default: inner, createDecoderModule } = loaded as DracoPackage & { default?: DracoPackage };
      const create = createDecoderModule ?? inner?.createDecoderModule;
      return await create({ print: quiet, printErr: quiet });
    },
    path,
    "it is compressed with Draco",
    "draco3dgltf",
  );
}

/**
 * Decodes a mesh, shows it to `read`, and frees all of it.
 *
 * @param malformed Makes the error for data that cannot be decoded.
 */
export function draco(
  module: DracoModule,
  bytes: Uint8Array,
  read: (mesh: DracoMesh, decoder: DracoDecoder) => void,
  malformed: (cause: unknown) => Error,
): void {
  const decoder = new module.Decoder(), buffer = new module.DecoderBuffer(), mesh = new module.Mesh();
  try {
    buffer.Init(bytes, bytes.length);
    if (decoder.GetEncodedGeometryType(buffer) !== module.TRIANGULAR_MESH) throw malformed(undefined);
    const status = decoder.DecodeBufferToMesh(buffer, mesh);
    if (!status.ok() || mesh.ptr === 0) throw malformed(undefined);
    read(mesh, decoder);
  } catch (cause) {
    if (cause instanceof InputFileError) throw cause;
    throw malformed(cause); // the module aborts when it runs out of memory
  } finally {
    destroyQuietly(module, [mesh, buffer, decoder]);
  }
}

/** After an abort nothing of the module can be called any more; it is dropped whole. */
function destroyQuietly(module: DracoModule, objects: readonly DracoObject[]): void {
  try {
    for (const object of objects) module.destroy(object);
  } catch { /* dropped with the module */ }
}
