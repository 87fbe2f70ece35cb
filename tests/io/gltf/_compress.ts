import { NodeIO } from "@gltf-transform/core";
import {
  ALL_EXTENSIONS,
  EXTMeshoptCompression,
  KHRDracoMeshCompression,
  KHRMeshQuantization,
} from "@gltf-transform/extensions";
import draco3d from "draco3dgltf";
import { MeshoptDecoder, MeshoptEncoder } from "meshoptimizer";

/** How {@linkcode compress} packs a file. */
export type Compression = "draco" | "meshopt" | "meshopt with filters";

let io: NodeIO | undefined;

/** glTF-Transform with its coders: writes what our reader decodes, and is a second reader of it. */
export async function transformIO(): Promise<NodeIO> {
  if (io !== undefined) return io;
  await MeshoptDecoder.ready;
  await MeshoptEncoder.ready;
  return io = new NodeIO().registerExtensions(ALL_EXTENSIONS).registerDependencies({
    "draco3d.decoder": await draco3d.createDecoderModule(),
    "draco3d.encoder": await draco3d.createEncoderModule(),
    "meshopt.decoder": MeshoptDecoder,
    "meshopt.encoder": MeshoptEncoder,
  });
}

/** A .glb, compressed. */
export async function compress(glb: Uint8Array, how: Compression): Promise<Uint8Array> {
  const io = await transformIO(), document = await io.readBinary(glb as Uint8Array<ArrayBuffer>);
  if (how === "draco") {
    document.createExtension(KHRDracoMeshCompression).setRequired(true)
      .setEncoderOptions({ method: KHRDracoMeshCompression.EncoderMethod.EDGEBREAKER });
  } else {
    // Filtered normals are i8, which glTF-Transform does not declare of itself.
    if (how === "meshopt with filters") document.createExtension(KHRMeshQuantization).setRequired(true);
    const { QUANTIZE, FILTER } = EXTMeshoptCompression.EncoderMethod;
    document.createExtension(EXTMeshoptCompression).setRequired(true)
      .setEncoderOptions({ method: how === "meshopt" ? QUANTIZE : FILTER });
  }
  return await io.writeBinary(document);
}
