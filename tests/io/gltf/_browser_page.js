// What a page with three.js makes of a file: loaded by browser_test.ts in a real browser, with `BYTES` and `report` defined.
import {
  AmbientLight,
  AnimationMixer,
  Box3,
  DirectionalLight,
  PerspectiveCamera,
  Scene,
  Vector3,
  WebGLRenderer,
} from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";

const SIZE = 360;

/** Where a skinned mesh shows its vertices, world space. */
function shown(mesh) {
  const point = new Vector3(), count = mesh.geometry.getAttribute("position").count;
  const out = new Float32Array(3 * count);
  for (let v = 0; v < count; v++) mesh.localToWorld(mesh.getVertexPosition(v, point)).toArray(out, 3 * v);
  return out;
}

/** The furthest that points of one set are from their nearest in the other, looking at every `step`-th. */
function gap(from, to, step) {
  let furthest = 0;
  for (let i = 0; i < from.length; i += 3 * step) {
    let nearest = Infinity;
    for (let j = 0; j < to.length; j += 3) {
      nearest = Math.min(nearest, Math.hypot(from[i] - to[j], from[i + 1] - to[j + 1], from[i + 2] - to[j + 2]));
    }
    furthest = Math.max(furthest, nearest);
  }
  return furthest;
}

async function look(bytes) {
  const { scene: content, animations } = await new GLTFLoader().parseAsync(bytes.buffer, "");
  const scene = new Scene(), light = new DirectionalLight(0xffffff, 2), meshes = [];
  light.position.set(1, 2, 3);
  scene.add(content, light, new AmbientLight(0xffffff, 1.5));
  content.traverse((object) => object.isSkinnedMesh && meshes.push(object));
  const garment = meshes.find(({ geometry }) => geometry.morphAttributes.position),
    body = meshes.find((m) => m !== garment);
  const renderer = new WebGLRenderer({ antialias: true, preserveDrawingBuffer: true });
  renderer.setSize(SIZE, SIZE);
  renderer.setClearColor(0xffffff);
  const box = new Box3().setFromObject(content), centre = box.getCenter(new Vector3());
  const camera = new PerspectiveCamera(35, 1, 0.1, 20);
  camera.position.set(centre.x + 0.8, centre.y + 0.5, centre.z + 3);
  camera.lookAt(centre);
  const frame = () => {
    scene.updateMatrixWorld(true);
    meshes.forEach(({ skeleton }) => skeleton.update());
    const points = { garment: shown(garment), body: shown(body) };
    renderer.render(scene, camera);
    return { points, picture: renderer.domElement.toDataURL("image/png") };
  };
  const rest = frame(), mixer = new AnimationMixer(content);
  mixer.clipAction(animations[0]).play();
  mixer.setTime(1);
  const moved = frame();
  garment.morphTargetInfluences[0] = 1;
  const puffed = frame(), { geometry, morphTargetDictionary } = garment;
  const distance = (a, b) => {
    let most = 0;
    for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
    return most;
  };
  return {
    meshes: meshes.length,
    sharedBones: garment.skeleton.bones.filter((bone, b) => bone === body.skeleton.bones[b]).length,
    bones: garment.skeleton.bones.length,
    attributes: Object.keys(geometry.attributes).sort(),
    targets: Object.keys(morphTargetDictionary),
    extras: garment.userData,
    clips: animations.map(({ name }) => name),
    movedBy: distance(rest.points.garment, moved.points.garment),
    puffedBy: distance(moved.points.garment, puffed.points.garment),
    gapAtRest: gap(rest.points.garment, rest.points.body, 8),
    gapMoved: gap(moved.points.garment, moved.points.body, 8),
    pictures: [rest.picture, moved.picture, puffed.picture],
  };
}

globalThis.report(await look(globalThis.BYTES).catch((error) => ({ error: String(error?.stack ?? error) })));
