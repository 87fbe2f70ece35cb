import { type Check, show } from "./_check.ts";
import { DRACO } from "./_draco.ts";
import { MESHOPT_NAMES } from "./_meshopt.ts";

/** Required extensions whose data we read. */
const READ = new Set<string>(["KHR_mesh_quantization", DRACO, ...MESHOPT_NAMES]);

/** Required extensions that do not touch geometry, nodes or skins: they are carried along. */
const CARRIED =
  /^(KHR_materials_|KHR_texture_|EXT_texture_|MSFT_texture_|KHR_lights_|EXT_lights_|KHR_xmp|KHR_animation_pointer$|VRM)/;

/** What a person can do about an extension we do not read. */
const WAY_OUT: ReadonlyMap<string, string> = new Map([
  ["EXT_mesh_gpu_instancing", "export the instances as nodes"],
]);

/** Refuses a file that requires an extension we cannot read. */
export function checkExtensions(
  check: Check,
  json: Readonly<Record<string, unknown>>,
): void {
  for (const list of ["extensionsUsed", "extensionsRequired"]) {
    check.list(json[list], `/${list}`).forEach((name, i) => {
      const pointer = `/${list}/${i}`;
      if (typeof name !== "string") {
        check.refuse(
          pointer,
          "it must be the name of an extension",
          `current value is ${show(name)}`,
        );
      }
      if (list === "extensionsUsed" || READ.has(name) || CARRIED.test(name)) {
        return;
      }
      const wayOut = WAY_OUT.get(name) ?? "export it without that extension";
      check.refuse(
        pointer,
        "every required extension must be one we read",
        `it is ${show(name)}; ${wayOut}`,
      );
    });
  }
}
