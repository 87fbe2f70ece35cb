import { assert, assertEquals, assertThrows } from "@std/assert";
import { Room, RoomFull } from "../../pool/_room.ts";

Deno.test("Room keeps results and temporaries apart, zeroes both, and reuses what frames leave", () => {
  const room = new Room(new Uint8Array(80).fill(7));
  using results = room.keep();
  const kept = results.u32(3); // 16 bytes with its end
  {
    using scratch = room.scratch();
    const first = scratch.f64(2).fill(3);
    const more = results.u16(4);
    using deeper = scratch.frame();
    assertEquals([...deeper.u8(3)], [0, 0, 0]);
    assertEquals([kept.byteOffset, more.byteOffset, first.byteOffset], [0, 16, 64]);
    assertEquals([...first], [3, 3]);
  }
  using again = room.scratch();
  const floats = again.f32(14); // all that is left
  assert(floats.every((value) => value === 0));
  assertThrows(() => again.u8(1), RoomFull, "it has 0");
  assertThrows(() => results.u8(1), RoomFull, "Cannot lease 8 bytes");
  assertThrows(() => results.pages(1), TypeError, "a kernel needs memory of its own");
});
