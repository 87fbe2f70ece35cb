/** Numbers of which nobody said how many there will be: grows by doubling. */
export class GrowingArray<T extends Float64Array | Uint32Array | Float32Array> {
  #array: T;
  #length = 0;

  /** @param make Makes a zeroed array. */
  constructor(readonly make: (length: number) => T) {
    this.#array = make(16); // an OBJ may have thousands of small parts
  }

  /** How many there are. */
  get length(): number {
    return this.#length;
  }

  /** Adds one. */
  push(value: number): void {
    if (this.#length === this.#array.length) {
      const larger = this.make(2 * this.#length);
      larger.set(this.#array);
      this.#array = larger;
    }
    this.#array[this.#length++] = value;
  }

  /** Those added so far. */
  done(): T {
    return this.#array.subarray(0, this.#length) as T;
  }
}
