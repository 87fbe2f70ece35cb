/** A number from the environment, where it may be read without asking: how much of a long test is run. */
export async function envNumber(name: string, otherwise: number): Promise<number> {
  const { state } = await Deno.permissions.query({ name: "env", variable: name });
  return state === "granted" ? Number(Deno.env.get(name) ?? otherwise) : otherwise;
}
