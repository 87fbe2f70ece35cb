import { Document, type Texture } from "@gltf-transform/core";
import {
  EXTTextureWebP,
  KHRLightsPunctual,
  KHRMaterialsAnisotropy,
  KHRMaterialsClearcoat,
  KHRMaterialsDiffuseTransmission,
  KHRMaterialsDispersion,
  KHRMaterialsEmissiveStrength,
  KHRMaterialsIOR,
  KHRMaterialsIridescence,
  KHRMaterialsSheen,
  KHRMaterialsSpecular,
  KHRMaterialsTransmission,
  KHRMaterialsUnlit,
  KHRMaterialsVariants,
  KHRMaterialsVolume,
  KHRNodeVisibility,
  KHRTextureBasisu,
  KHRTextureTransform,
  KHRXMP,
} from "@gltf-transform/extensions";
import { transformIO } from "./_compress.ts";
import { SQUARE, SQUARE_FACES } from "./_builder.ts";

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/**
 * A square whose materials, lights, textures and metadata use every extension we say we carry along.
 *
 * @param end What all names end in, so that two of them can be told apart.
 */
export async function allExtensions(end = ""): Promise<Uint8Array<ArrayBuffer>> {
  const document = new Document(), buffer = document.createBuffer();
  const texture = (name: string, mimeType = "image/png"): Texture =>
    document.createTexture(`${name}${end}`).setImage(Uint8Array.fromBase64(PNG)).setMimeType(mimeType);
  const cloth = document.createMaterial(`cloth${end}`).setBaseColorTexture(texture("base")).setNormalTexture(
    texture("normal"),
  );
  cloth.getBaseColorTextureInfo()!.setExtension(
    "KHR_texture_transform",
    document.createExtension(KHRTextureTransform).createTransform().setOffset([0.25, 0.5]),
  );
  cloth
    .setExtension(
      "KHR_materials_clearcoat",
      document.createExtension(KHRMaterialsClearcoat).createClearcoat().setClearcoatFactor(0.5)
        .setClearcoatTexture(texture("coat")).setClearcoatNormalTexture(texture("coat normal")),
    )
    .setExtension(
      "KHR_materials_sheen",
      document.createExtension(KHRMaterialsSheen).createSheen().setSheenColorTexture(texture("sheen")),
    )
    .setExtension(
      "KHR_materials_specular",
      document.createExtension(KHRMaterialsSpecular).createSpecular().setSpecularTexture(texture("specular")),
    )
    .setExtension("KHR_materials_ior", document.createExtension(KHRMaterialsIOR).createIOR().setIOR(1.25))
    .setExtension(
      "KHR_materials_anisotropy",
      document.createExtension(KHRMaterialsAnisotropy).createAnisotropy().setAnisotropyTexture(texture("brushed")),
    )
    .setExtension(
      "KHR_materials_emissive_strength",
      document.createExtension(KHRMaterialsEmissiveStrength).createEmissiveStrength().setEmissiveStrength(3),
    );
  const glass = document.createMaterial(`glass${end}`)
    .setExtension(
      "KHR_materials_transmission",
      document.createExtension(KHRMaterialsTransmission).createTransmission().setTransmissionTexture(texture("clear")),
    )
    .setExtension(
      "KHR_materials_volume",
      document.createExtension(KHRMaterialsVolume).createVolume().setThicknessTexture(texture("thick")),
    )
    .setExtension(
      "KHR_materials_iridescence",
      document.createExtension(KHRMaterialsIridescence).createIridescence().setIridescenceTexture(texture("oil")),
    )
    .setExtension("KHR_materials_dispersion", document.createExtension(KHRMaterialsDispersion).createDispersion())
    .setExtension(
      "KHR_materials_diffuse_transmission",
      document.createExtension(KHRMaterialsDiffuseTransmission).createDiffuseTransmission()
        .setDiffuseTransmissionTexture(texture("skin")),
    );
  document.createExtension(EXTTextureWebP).setRequired(true);
  document.createExtension(KHRTextureBasisu).setRequired(true);
  const flat = document.createMaterial(`flat${end}`).setBaseColorTexture(texture("webp", "image/webp"))
    .setEmissiveTexture(texture("ktx", "image/ktx2"))
    .setExtension("KHR_materials_unlit", document.createExtension(KHRMaterialsUnlit).createUnlit());
  const variants = document.createExtension(KHRMaterialsVariants),
    [red, blue] = ["red", "blue"].map((name) => variants.createVariant(`${name}${end}`));
  const accessor = (type: "VEC2" | "VEC3" | "SCALAR", array: Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>) =>
    document.createAccessor().setType(type).setArray(array).setBuffer(buffer);
  const primitive = document.createPrimitive().setMaterial(cloth)
    .setAttribute("POSITION", accessor("VEC3", Float32Array.from(SQUARE)))
    .setAttribute("TEXCOORD_0", accessor("VEC2", new Float32Array(8)))
    .setIndices(accessor("SCALAR", Uint16Array.from(SQUARE_FACES)))
    .setExtension(
      "KHR_materials_variants",
      variants.createMappingList()
        .addMapping(variants.createMapping().setMaterial(glass).addVariant(red))
        .addMapping(variants.createMapping().setMaterial(flat).addVariant(blue)),
    );
  const lights = document.createExtension(KHRLightsPunctual);
  const lamp = document.createNode(`lamp${end}`)
    .setExtension("KHR_lights_punctual", lights.createLight(`bulb${end}`).setType("point").setIntensity(7))
    .setExtension("KHR_node_visibility", document.createExtension(KHRNodeVisibility).createVisibility());
  const coat = document.createNode(`coat${end}`).setMesh(document.createMesh(`coat${end}`).addPrimitive(primitive))
    .addChild(lamp)
    .setTranslation([0, 1, 0]);
  const packet = document.createExtension(KHRXMP).createPacket().setContext({ dc: "http://purl.org/dc/elements/1.1/" })
    .setProperty("dc:creator", `A. Tailor${end}`);
  coat.setExtension("KHR_xmp_json_ld", packet);
  document.createScene("shop").addChild(coat);
  return await (await transformIO()).writeBinary(document);
}
