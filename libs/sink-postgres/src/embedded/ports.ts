import { Effect, Random } from "effect";

/**
 * Ports below those that systems hand out to outgoing connections (Linux from 32768, others from 49152): one of
 * these stays free between two runs, whatever else the machine connects to.
 */
const FIRST = 20_000;
const LAST = 32_767;
const TRIES = 100;

const isFree = (port: number): boolean => {
  try {
    using _ = Deno.listen({ hostname: "127.0.0.1", port });
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return false;
    throw error;
  }
};

/** A port of 127.0.0.1 on which nothing listens now, and that is likely to stay free. */
export const freePort: Effect.Effect<number> = Effect.gen(function* () {
  for (let i = 0; i < TRIES; i++) {
    const port = yield* Random.nextIntBetween(FIRST, LAST);
    if (isFree(port)) return port;
  }
  return yield* Effect.sync(() => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    return listener.addr.port;
  });
});

/** Whether anything listens on a port of 127.0.0.1. */
export const isListening = (port: number): Effect.Effect<boolean> =>
  Effect.promise(() =>
    Deno.connect({ hostname: "127.0.0.1", port }).then(
      (connection) => {
        connection.close();
        return true;
      },
      () => false,
    )
  );
