import { assertEquals, assertRejects } from "@std/assert";
import { embedImages, findMesh, writeMesh } from "../../../io/mod.ts";
import { square } from "./_builder.ts";
import { readAll, reopen } from "./_reading.ts";

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1);

Deno.test("embedImages() brings images beside the file along and leaves the rest as links", async () => {
  const b = square(), asked: string[] = [];
  const uris = [
    "cloth%201.png",
    "../secret.png",
    "gone.png",
    "notes.txt",
    "data:image/png;base64,AAAA",
  ];
  b.json.images = uris.map((uri) => ({ uri }));
  const document = await b.open();
  const whole = await embedImages(document, (path) => {
    asked.push(path);
    if (path === "gone.png") {
      return Promise.reject(
        Object.assign(new Error("gone"), { name: "NotFound" }),
      );
    }
    return Promise.resolve(path.endsWith(".png") ? PNG : new Uint8Array(9));
  });
  assertEquals(asked, ["cloth 1.png", "gone.png", "notes.txt"]);
  assertEquals(whole.json.images!.map(({ uri }) => uri), [
    undefined,
    ...uris.slice(1),
  ]);
  const { byteOffset, byteLength } = whole.json.bufferViews![whole.json.images![0].bufferView!];
  assertEquals(
    whole.buffers[0].slice(byteOffset, byteOffset! + byteLength),
    PNG,
  );
  assertEquals(readAll(whole).positions, readAll(document).positions);
  const written = await reopen(writeMesh(whole, findMesh(whole), {}));
  assertEquals(written.json.images, whole.json.images);
});

Deno.test("embedImages() gives the same document where there is nothing to bring, and lets faults of permissions through", async () => {
  const b = square();
  b.json.images = [{ uri: "data:image/png;base64,AAAA" }];
  const document = await b.open();
  assertEquals(
    await embedImages(
      document,
      () => Promise.reject(new TypeError("must not be called")),
    ),
    document,
  );
  b.json.images = [{ uri: "a.png" }];
  const linked = await b.open(),
    denied = Object.assign(new Error("denied"), {
      name: "NotCapable",
      code: "X",
    });
  await assertRejects(
    () => embedImages(linked, () => Promise.reject(denied)),
    Error,
    "denied",
  );
});
