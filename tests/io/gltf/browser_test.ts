import { NodeIO } from "@gltf-transform/core";
import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { parseRecipe, runRecipe } from "../../../recipes/mod.ts";
import { BUILT_IN_STEPS } from "../../../recipes/steps/mod.ts";
import { envText } from "../_env_number.ts";
import { assertValid } from "./_reading.ts";

/** Where Linux distributions put the browser. */
const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--allow-file-access-from-files",
  "--virtual-time-budget=60000",
];

const browser = BROWSERS.find((path) => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
});

const library = (name: string) => Deno.readFile(new URL(`../../../recipes/library/meshes/${name}`, import.meta.url));

/** The cuirass with all that a garment may carry. */
async function decorated(): Promise<Uint8Array> {
  const io = new NodeIO(), document = await io.readBinary(await library("cuirass.glb"));
  const [mesh] = document.getRoot().listMeshes(), [primitive] = mesh.listPrimitives();
  const [buffer] = document.getRoot().listBuffers(), positions = primitive.getAttribute("POSITION")!.getArray()!;
  const add = (type: "VEC2" | "VEC3" | "VEC4", array: Float32Array<ArrayBuffer>) =>
    document.createAccessor().setType(type).setArray(array).setBuffer(buffer);
  const count = positions.length / 3, normals = primitive.getAttribute("NORMAL")!.getArray()!;
  const colors = Float32Array.from(
    { length: 4 * count },
    (_, i) => i % 4 === 3 ? 1 : i % 4 === 0 ? 1 : (positions[3 * (i >> 2) + 1] - 0.9) / 0.7,
  );
  primitive.setAttribute("TEXCOORD_1", add("VEC2", Float32Array.from({ length: 2 * count }, (_, i) => (i % 7) / 7)));
  primitive.setAttribute("COLOR_0", add("VEC4", colors));
  primitive.addTarget(
    document.createPrimitiveTarget("puff").setAttribute(
      "POSITION",
      add("VEC3", Float32Array.from(normals, (n) => 0.08 * n)),
    )
      .setAttribute("NORMAL", add("VEC3", new Float32Array(3 * count))),
  );
  mesh.setExtras({ targetNames: ["puff"], maker: "smith" }).setWeights([0]);
  document.getRoot().listNodes()[0].setExtras({ slot: "torso" });
  return await io.writeBinary(document);
}

/** The mannequin with a bow as its animation. */
async function animated(): Promise<Uint8Array> {
  const io = new NodeIO(), document = await io.readBinary(await library("mannequin_heavy.glb"));
  const [buffer] = document.getRoot().listBuffers(), animation = document.createAnimation("bow");
  const turn = (name: string, axis: number, angle: number) => {
    const node = document.getRoot().listNodes().find((node) => node.getName() === name)!,
      end = [0, 0, 0, Math.cos(angle / 2)];
    end[axis] = Math.sin(angle / 2);
    const input = document.createAccessor().setArray(Float32Array.of(0, 1, 2)).setBuffer(buffer);
    const output = document.createAccessor().setType("VEC4").setBuffer(buffer)
      .setArray(Float32Array.of(0, 0, 0, 1, ...end, 0, 0, 0, 1));
    const sampler = document.createAnimationSampler().setInput(input).setOutput(output);
    animation.addSampler(sampler).addChannel(
      document.createAnimationChannel().setSampler(sampler).setTargetNode(node).setTargetPath("rotation"),
    );
  };
  turn("spine", 0, 0.5);
  turn("chest", 1, 0.5);
  turn("upper_arm.L", 2, 1);
  return await io.writeBinary(document);
}

const RECIPE = `version: 1
inputs: { body: body.glb, armor: armor.glb }
steps:
  - align: { mesh: armor, to: body, place: keep }
  - fit: { mesh: armor, to: body, clearance: 6mm }
  - recompute-normals: { mesh: armor, crease: 50deg }
  - transfer-weights: { mesh: armor, from: body }
outputs: { dressed: { mesh: armor, file: dressed.glb, with: [body] } }
`;

async function dressed(): Promise<Uint8Array> {
  const { recipe, issues } = await parseRecipe(RECIPE, { path: "recipe.yaml", steps: BUILT_IN_STEPS });
  assertEquals(issues, []);
  const { outputs } = await runRecipe(recipe!, { inputs: { body: await animated(), armor: await decorated() } });
  return outputs.get("dressed")!;
}

/** What `_browser_page.js` reports. */
interface Seen {
  error?: string;
  meshes: number;
  sharedBones: number;
  bones: number;
  attributes: string[];
  targets: string[];
  extras: Record<string, unknown>;
  clips: string[];
  movedBy: number;
  puffedBy: number;
  gapAtRest: number;
  gapMoved: number;
  pictures: string[];
}

async function seenInBrowser(bytes: Uint8Array): Promise<Seen> {
  const folder = await Deno.makeTempDir({ prefix: "meshtailor-test-" });
  try {
    const three = import.meta.resolve("three"), addons = import.meta.resolve("three/addons/loaders/GLTFLoader.js");
    const imports = { three, "three/addons/": new URL("../", addons).href };
    await Deno.writeTextFile(
      `${folder}/page.html`,
      `<script type="importmap">${JSON.stringify({ imports })}</script>
<script>
globalThis.BYTES = Uint8Array.from(atob("${bytes.toBase64()}"), (c) => c.charCodeAt(0));
globalThis.report = (seen) => document.documentElement.textContent = "|SEEN|" + JSON.stringify(seen) + "|SEEN|";
</script>
<script type="module" src="${new URL("_browser_page.js", import.meta.url)}"></script>
`,
    );
    const args = [...FLAGS, `--user-data-dir=${folder}/profile`, "--dump-dom", `file://${folder}/page.html`];
    const { stdout } = await new Deno.Command(browser!, { args, stdin: "null", stderr: "null" }).output();
    // A picture in base64 may spell any word, but no bar.
    const [, text] = new TextDecoder().decode(stdout).split("|SEEN|");
    assert(text !== undefined, "the page reported nothing");
    return JSON.parse(text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes the pictures where `MESHTAILOR_PICTURES` says, for a person to look at. */
async function keepPictures(pictures: readonly string[]): Promise<void> {
  const folder = await envText("MESHTAILOR_PICTURES");
  if (folder === undefined) return;
  for (const [i, picture] of pictures.entries()) {
    await Deno.writeFile(`${folder}/${i}.png`, Uint8Array.fromBase64(picture.split(",")[1]));
  }
}

Deno.test({
  name:
    "a fitted garment in a browser moves with the body's skeleton and keeps its morph target, UVs, colours and extras",
  ignore: browser === undefined,
  fn: async () => {
    const bytes = await dressed();
    await assertValid(bytes, ["NODE_SKINNED_MESH_LOCAL_TRANSFORMS"]);
    const seen = await seenInBrowser(bytes);
    assertEquals(seen.error, undefined);
    await keepPictures(seen.pictures);
    assertEquals([seen.meshes, seen.bones, seen.sharedBones], [2, 21, 21]);
    assertEquals(seen.attributes, ["color", "normal", "position", "skinIndex", "skinWeight", "uv", "uv1"]);
    assertEquals([seen.targets, seen.clips], [["puff"], ["bow"]]);
    assertEquals([seen.extras.slot, seen.extras.maker], ["torso", "smith"]);
    assertGreater(seen.movedBy, 0.15); // the bow moves the shoulders a long way
    assertLess(seen.gapMoved, seen.gapAtRest + 0.03); // and the armour stays on them
    assertGreater(seen.puffedBy, 0.05);
    assertEquals(new Set(seen.pictures).size, 3); // each frame shows something else
  },
});
