import { Effect, Stream } from "effect";
import { describe, expect, it } from "vitest";
import { type Collected, decodeDump, type DumpDecoder } from "./dump.ts";

/** A dump whose every byte is a row, but for `!`, which is a fault. */
class Letters implements DumpDecoder {
  rows = 0;
  push(bytes: Uint8Array, into: Collected): string | undefined {
    for (const byte of bytes) {
      if (byte === 33) return "it shouts";
      this.rows++;
      into.rejected.push({ reason: "a letter", raw: String.fromCharCode(byte) });
    }
    return undefined;
  }
  end(): string | undefined {
    return undefined;
  }
}

/** Sizes of the batches, or the fault. */
const decode = (pieces: ReadonlyArray<string>, mayBeEmpty = false) =>
  Stream.fromIterable(pieces.map((piece) => new TextEncoder().encode(piece))).pipe(
    Stream.rechunk(1),
    decodeDump({ decoder: () => new Letters(), mayBeEmpty, corrupt: (fault) => fault }),
    Stream.runCollect,
    Effect.map((batches): unknown => batches.map((batch) => batch.rejected.length)),
    Effect.catch((fault) => Effect.succeed<unknown>(fault)),
    Effect.runPromise,
  );

describe("a dump as bytes", () => {
  it("comes in batches as its pieces arrive", async () => {
    expect(await decode(["a".repeat(600), "b".repeat(600), "c".repeat(600)])).toEqual([1_200, 600]);
    expect(await decode(["abc"])).toEqual([3]);
  });

  it("is refused as a whole when it is at fault, also after batches that looked well", async () => {
    expect(await decode(["a".repeat(3_000), "!"])).toBe("it shouts");
  });

  it("is refused as a whole when it holds a NUL, which no store keeps", async () => {
    expect(await decode(["abc", "a\0c"])).toBe("it holds a NUL byte");
  });

  it("may be empty where that is said", async () => {
    expect(await decode([])).toBe("it holds no rows");
    expect(await decode([], true)).toEqual([]);
  });

  it("is decoded anew each time it is read", async () => {
    const dump = Stream.make(new TextEncoder().encode("abc")).pipe(
      decodeDump({ decoder: () => new Letters(), mayBeEmpty: false, corrupt: (fault) => fault }),
    );
    for (const _ of [1, 2]) {
      expect((await Effect.runPromise(Stream.runCollect(dump)))[0]?.rejected).toHaveLength(3);
    }
  });
});
