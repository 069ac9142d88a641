import { Effect, Stream } from "effect";
import { describe, expect, it } from "vitest";
import { decodeDump } from "./dump.ts";
import { columns } from "./instruments.ts";

const row = '408065,1594,INFY,"INFOSYS",0,,0,0.05,1,EQ,NSE,NSE\n';

const decode = (text: string) =>
  Effect.runPromise(
    Stream.make(new TextEncoder().encode(text)).pipe(
      decodeDump({ mayBeEmpty: false, corrupt: (fault) => fault }),
      Stream.runCollect,
      Effect.map((batches) => batches.flatMap((batch) => batch.instruments).length),
      Effect.catch((fault: string) => Effect.succeed(fault)),
    ),
  );

describe("a dump as bytes", () => {
  it("is refused as a whole when it holds a NUL, which no store keeps", async () => {
    const header = `${columns.join(",")}\n`;
    expect(await decode(header + row)).toBe(1);
    expect(await decode(header + row + row.replace("INFOSYS", "INFO\0SYS"))).toBe("it holds a NUL byte");
  });
});
