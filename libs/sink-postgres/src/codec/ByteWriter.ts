const encoder = new TextEncoder();

/** Up to this length text is written unit by unit, which is faster than a call into the runtime. */
const SHORT = 48;

/** A growing run of bytes in network order. */
export class ByteWriter {
  bytes: Uint8Array<ArrayBuffer>;
  length = 0;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }

  int16(value: number): void {
    this.reserve(2);
    this.bytes[this.length++] = value >> 8;
    this.bytes[this.length++] = value;
  }

  int32(value: number): void {
    this.reserve(4);
    this.int32At(this.length, value);
    this.length += 4;
  }

  int32At(at: number, value: number): void {
    const { bytes } = this;
    bytes[at] = value >> 24;
    bytes[at + 1] = value >> 16;
    bytes[at + 2] = value >> 8;
    bytes[at + 3] = value;
  }

  /** A safe integer as 64 bits. */
  int64(value: number): void {
    const high = Math.floor(value / 4_294_967_296);
    this.int32(high);
    this.int32(value - high * 4_294_967_296);
  }

  /** UTF-8; the length in bytes is returned. Lone surrogates would be replaced: look for them before. */
  text(value: string): number {
    const start = this.length;
    this.reserve(value.length * 3);
    if (value.length <= SHORT) {
      const { bytes } = this;
      let i = 0;
      for (; i < value.length; i++) {
        const unit = value.charCodeAt(i);
        if (unit > 127) break;
        bytes[start + i] = unit;
      }
      if (i === value.length) {
        this.length = start + i;
        return i;
      }
    }
    const { written } = encoder.encodeInto(value, this.bytes.subarray(start));
    this.length = start + written;
    return written;
  }

  /** What was written so far, as bytes of its own; the writer is empty again. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.bytes.slice(0, this.length);
    this.length = 0;
    return taken;
  }
}
