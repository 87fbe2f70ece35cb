const ALPHABET = new TextEncoder().encode(
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
);
const PAD = 0x3d;
const NOT_A_DIGIT = 255;

const DIGITS: Uint8Array = (() => {
  const digits = new Uint8Array(128).fill(NOT_A_DIGIT);
  ALPHABET.forEach((code, digit) => digits[code] = digit);
  digits[0x2d] = 62; // the URL-safe alphabet is read too
  digits[0x5f] = 63;
  return digits;
})();

/** Decodes base64, padded or not; `undefined` when the text is none. */
export function decodeBase64(text: string): Uint8Array | undefined {
  let length = text.length;
  while (
    length > 0 && text.charCodeAt(length - 1) === PAD &&
    text.length - length < 2
  ) length--;
  if (length % 4 === 1) return undefined;
  const out = new Uint8Array(Math.floor((length * 3) / 4));
  let bits = 0, held = 0, end = 0;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    const digit = code < 128 ? DIGITS[code] : NOT_A_DIGIT;
    if (digit === NOT_A_DIGIT) return undefined;
    bits = ((bits << 6) | digit) & 0xffffff;
    held += 6;
    if (held >= 8) out[end++] = bits >> (held -= 8);
  }
  return out;
}

/** Characters of padded base64. */
export function base64Length(byteLength: number): number {
  return Math.ceil(byteLength / 3) * 4;
}

/** Writes bytes as padded base64, in ASCII. */
export function encodeBase64Into(bytes: Uint8Array, out: Uint8Array, start: number): void {
  for (let i = 0, end = start; i < bytes.length; i += 3) {
    const three = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) |
      (bytes[i + 2] ?? 0);
    out[end++] = ALPHABET[three >> 18];
    out[end++] = ALPHABET[(three >> 12) & 63];
    out[end++] = i + 1 < bytes.length ? ALPHABET[(three >> 6) & 63] : PAD;
    out[end++] = i + 2 < bytes.length ? ALPHABET[three & 63] : PAD;
  }
}
