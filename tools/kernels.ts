/**
 * `deno task kernels`: compiles `kernels/` with AssemblyScript into
 * `fitting/surface/_kernels_binary.ts`, which imports without permissions and publishes as any module;
 * with `--print` onto standard output.
 *
 * @module
 */
import { ROOT } from "./_checkout.ts";

const OUT = new URL("fitting/surface/_kernels_binary.ts", ROOT);

/** No runtime, no memory of its own, no relaxed SIMD: the same bits on every machine. */
const FLAGS = [
  "-O3",
  ...["--runtime", "stub"],
  "--noAssert",
  "--importMemory",
  ...["--enable", "simd"],
  ...["--disableWarning", "201"], // addresses are 32 bits, as the kernels are built for nothing else
];

/**
 * Compiles the kernels as they are in the checkout.
 *
 * @throws {TypeError} If AssemblyScript finds a fault; it says where.
 */
export async function compileKernels(): Promise<Uint8Array> {
  const { default: asc } = await import("assemblyscript/asc");
  let binary: Uint8Array | undefined, said = "";
  const { error } = await asc.main(["kernels/index.ts", "--outFile", "kernels.wasm", ...FLAGS], {
    readFile: (path: string) => Deno.readTextFile(new URL(path, ROOT)).catch(() => null),
    writeFile: (_path: string, content: string | Uint8Array) => {
      if (content instanceof Uint8Array) binary = content;
    },
    listFiles: () => [],
    stderr: { write: (text: string | Uint8Array) => said += text },
  });
  if (error !== null || binary === undefined) {
    throw new TypeError(`Cannot compile the kernels as AssemblyScript found a fault: ${error?.message}\n${said}`);
  }
  return binary;
}

/** The module that holds a binary as text. */
export function moduleOf(binary: Uint8Array): string {
  return `/** The kernels of \`kernels/\`, compiled: ${binary.length} bytes. Made by \`deno task kernels\`. */\n` +
    `export const KERNELS_BINARY =\n  "${btoa(String.fromCharCode(...binary))}";\n`;
}

if (import.meta.main) {
  const binary = await compileKernels(), text = moduleOf(binary);
  if (Deno.args.includes("--print")) {
    await Deno.stdout.write(new TextEncoder().encode(text));
  } else {
    await Deno.writeTextFile(OUT, text);
    // deno-lint-ignore no-console -- the result
    console.log(`${binary.length} bytes in ${OUT.pathname}`);
  }
}
