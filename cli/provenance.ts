/** Whether a file says that Meshtailor made it; a file that cannot be understood does not. */
export async function isOurs(path: string): Promise<boolean> {
  try {
    const bytes = await Deno.readFile(path);
    const view = new DataView(bytes.buffer);
    const isGlb = bytes.length >= 20 && view.getUint32(0, true) === 0x46546c67;
    const json = isGlb ? bytes.subarray(20, 20 + view.getUint32(12, true)) : bytes;
    return JSON.parse(new TextDecoder().decode(json)).asset?.extras?.meshtailor !== undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return false;
  }
}
