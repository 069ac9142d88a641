import { Dataset } from "@candlewick/core";
import { describe, expect, it } from "@effect/vitest";
import { Effect, Stream } from "effect";
import { serverForTests } from "./testing/servers.ts";

const amounts = Dataset.make({
  name: "amounts",
  columns: { id: Dataset.int32(), amount: Dataset.decimal() },
  key: ["id"],
});

/** Of more digits than a double holds, and with zeros that change no value. */
const digits = [
  "99999999999999999999.9999999999",
  "123456789012345678901234567890",
  "-0.000000000000000000000000000001",
  "9007199254740993",
  "0.1000000000000000055511151231257827",
  "0.00",
  "100.10",
  "2550.150000",
];

describe("decimals in PostgreSQL", () => {
  const server = serverForTests();

  it("come back digit for digit, whatever their number", () =>
    server.run(Effect.gen(function* () {
      const { sink } = yield* server.database();
      const rows = digits.map((amount, id) => ({ id, amount }));
      yield* sink.ensure(amounts);
      // Few rows are sent as JSON, many in the binary form of COPY.
      for (const copies of [1, 50]) {
        const given = Array.from({ length: copies }, (_, copy) =>
          rows.map(({ amount, id }) => ({ id: copy * 1_000 + id, amount }))).flat();
        yield* sink.replace(amounts, [], given);
        const batches = yield* Stream.runCollect(sink.select(amounts, { orderBy: ["id"] }));
        expect(batches.flat()).toEqual(given);
      }
    })), 60_000);
});
