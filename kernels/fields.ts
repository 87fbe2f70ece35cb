/** The pointers and counts an index keeps in its pages, written by `fitting/_surface_pages.ts`. */
import { FIELDS } from "../fitting/surface/_index_layout";

// @ts-ignore: decorator
@inline
function field(i: usize): usize {
  return <usize> load<u32>(FIELDS + 4 * i);
}

// @ts-ignore: decorator
@inline
export function trianglesAt(): usize {
  return field(0);
}
// @ts-ignore: decorator
@inline
export function faceOfSlotAt(): usize {
  return field(1);
}
// @ts-ignore: decorator
@inline
export function leafOfFaceAt(): usize {
  return field(2);
}
// @ts-ignore: decorator
@inline
export function childrenAt(): usize {
  return field(3);
}
// @ts-ignore: decorator
@inline
export function boxesAt(): usize {
  return field(4);
}
// @ts-ignore: decorator
@inline
export function leavesAt(): usize {
  return field(5);
}
// @ts-ignore: decorator
@inline
export function nodesAt(): usize {
  return field(6);
}
// @ts-ignore: decorator
@inline
export function faceCount(): i32 {
  return <i32> field(7);
}
// @ts-ignore: decorator
@inline
export function leafCount(): i32 {
  return <i32> field(8);
}
// @ts-ignore: decorator
@inline
export function momentsAt(): usize {
  return field(9);
}
// @ts-ignore: decorator
@inline
export function recordsAt(): usize {
  return field(10);
}
// @ts-ignore: decorator
@inline
export function indicesAt(): usize {
  return field(11);
}
// @ts-ignore: decorator
@inline
export function positionsAt(): usize {
  return field(12);
}
// @ts-ignore: decorator
@inline
export function vertexCount(): i32 {
  return <i32> field(13);
}
