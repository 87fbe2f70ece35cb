import type { Pages } from "./pages.ts";

/**
 * What an operation may ask of memory: a frame, which ends with the block it is
 * opened in. An operation cannot lease from `Scratch` itself, so it leaves it
 * as it found it, also on a throw.
 */
export interface Scratch {
  /**
   * Opens a frame inside this one.
   *
   * @param label Names the frame in error messages and debug reports.
   */
  frame(label?: string): Frame;
}

/**
 * A span of time that owns arrays: whatever is leased here is given back when
 * the frame closes. Arrays arrive zeroed.
 *
 * Open frames before a loop, never inside it.
 */
export interface Frame extends Scratch, Disposable {
  /** Leases `length` zeroed 32-bit floats. */
  f32(length: number): Float32Array;
  /** Leases `length` zeroed 64-bit floats. */
  f64(length: number): Float64Array;
  /** Leases `length` zeroed 32-bit unsigned integers. */
  u32(length: number): Uint32Array;
  /** Leases `length` zeroed 32-bit signed integers. */
  i32(length: number): Int32Array;
  /** Leases `length` zeroed 16-bit unsigned integers. */
  u16(length: number): Uint16Array;
  /** Leases `length` zeroed bytes. */
  u8(length: number): Uint8Array;
  /**
   * Leases whole pages that hold at least `byteLength` bytes, for kernels. Not
   * zeroed: nobody but kernels sees what is in them, and these write before they read.
   */
  pages(byteLength: number): Pages;
}
