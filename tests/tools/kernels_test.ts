import { assertEquals, assertStringIncludes } from "@std/assert";
import { moduleOf } from "../../tools/kernels.ts";
import { ROOT } from "../../tools/_checkout.ts";

Deno.test("the kernels in fitting/ are those of kernels/, byte for byte as a fresh build makes them", async () => {
  // a process of its own, as the compiler looks at the environment
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "-R", "--allow-env", "tools/kernels.ts", "--print"],
    cwd: ROOT,
    stdin: "null",
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  assertEquals(
    new TextDecoder().decode(stdout),
    await Deno.readTextFile(new URL("fitting/surface/_kernels_binary.ts", ROOT)),
  );
});

Deno.test("moduleOf() writes a module that gives the bytes back", async () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  const text = moduleOf(bytes);
  assertStringIncludes(text, "256 bytes");
  const { KERNELS_BINARY } = await import(`data:text/typescript,${encodeURIComponent(text)}`);
  assertEquals(Uint8Array.from(atob(KERNELS_BINARY), (char) => char.charCodeAt(0)), bytes);
});
