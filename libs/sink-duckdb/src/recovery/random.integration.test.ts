import { describe, expect, it } from "@effect/vitest";
import { Effect, Exit } from "effect";
import * as fc from "fast-check";
import { backUp, fill, opened, own } from "../testing/damaged.ts";
import { folder } from "../testing/files.ts";

describe("damage at random", () => {
  it.live(
    "all rows are right, or the damage is told; nothing is silently wrong",
    () =>
      Effect.scoped(Effect.gen(function* () {
        const base = yield* folder;
        const place = own(base);
        yield* fill(place.path);
        const { answer: before } = yield* opened(place);
        const pristine = Deno.readFileSync(place.path);
        yield* backUp(place, Date.UTC(2026, 10, 19));
        const damage = fc.record({
          kind: fc.constantFrom("flip", "header", "zeros", "cut"),
          at: fc.nat(999_999).map((millionth) => millionth / 1_000_000),
          bit: fc.nat(7),
        });
        let recovered = 0;
        yield* Effect.promise(() =>
          fc.assert(
            fc.asyncProperty(damage, async ({ at, bit, kind }) => {
              const bytes = pristine.slice();
              const place = Math.floor(at * (bytes.length - 1));
              const damaged = kind === "cut" ? bytes.subarray(0, place) : bytes;
              if (kind === "flip") bytes[place]! ^= 1 << bit;
              if (kind === "header") bytes[Math.floor(at * 12_287)]! ^= 1 << bit;
              if (kind === "zeros") bytes.fill(0, place, place + 5_000);
              Deno.writeFileSync(own(base).path, damaged);
              for (const turn of ["first", "second"]) {
                const exit = await Effect.runPromise(Effect.exit(opened(own(base))));
                if (Exit.isSuccess(exit)) {
                  expect(exit.value.answer).toEqual(before);
                  if (exit.value.lines.length > 0) recovered++;
                  continue;
                }
                // Told once, by the run that met it; the next recovers.
                expect(turn).toBe("first");
              }
            }),
            { numRuns: 100 },
          )
        );
        // Damage to a header is always found.
        expect(recovered).toBeGreaterThan(0);
      })),
    240_000,
  );
});
