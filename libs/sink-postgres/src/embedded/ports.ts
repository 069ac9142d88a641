import { Effect } from "effect";

/** A port of 127.0.0.1 on which nothing listens now. */
export const freePort: Effect.Effect<number> = Effect.sync(() => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
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
