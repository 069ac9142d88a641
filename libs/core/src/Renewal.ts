import { Effect, Semaphore, Stream } from "effect";
import type { Renew, SourceServices } from "./Plugin.ts";
import type { PluginError } from "./PluginError.ts";

/** One set of credentials at work. */
interface Generation {
  readonly services: SourceServices;
  wasAccepted: boolean;
  /** Refused, with no others to follow. */
  isLost: boolean;
}

const generation = (services: SourceServices): Generation => ({
  services,
  wasAccepted: false,
  isLost: false,
});

const isRefusal = (error: PluginError): boolean => error.reason._tag === "Unauthorized";

/**
 * Services that outlive their credentials. A refused request is sent again once `renew` has brought others, which is
 * asked once however many requests are refused; until it answers no further request is sent.
 */
export interface Renewable {
  /** Takes a `turn`, then asks the services of now; again with a new turn after each renewal. */
  readonly send: <A>(
    turn: Effect.Effect<void>,
    request: (services: SourceServices) => Effect.Effect<A, PluginError>,
  ) => Effect.Effect<A, PluginError>;
  /** The same for an answer in pieces. A refusal after the first of them stands: they cannot be taken back. */
  readonly stream: <A>(
    turn: Effect.Effect<void>,
    request: (services: SourceServices) => Stream.Stream<A, PluginError>,
  ) => Stream.Stream<A, PluginError>;
}

export const make = (services: SourceServices, renew: Renew): Effect.Effect<Renewable> =>
  Effect.sync(() => {
    const alone = Semaphore.makeUnsafe(1);
    let current = generation(services);
    let isRenewing = false;

    /** The services of now. A turn that came during a renewal is void: it may have lasted for minutes. */
    const ready = (turn: Effect.Effect<void>) =>
      Effect.gen(function* () {
        yield* turn;
        while (isRenewing) {
          yield* alone.withPermits(1)(Effect.void);
          yield* turn;
        }
        return current;
      });

    /** Whether there are others after those that were refused. */
    const renewed = (refused: Generation, error: PluginError): Effect.Effect<boolean> =>
      alone.withPermits(1)(Effect.suspend(() => {
        if (current.isLost) return Effect.succeed(false);
        if (current !== refused) return Effect.succeed(true);
        isRenewing = true;
        return renew(error, refused.wasAccepted).pipe(
          Effect.map((next) => {
            if (next === undefined) refused.isLost = true;
            else current = generation(next);
            return next !== undefined;
          }),
          Effect.ensuring(Effect.sync(() => isRenewing = false)),
        );
      }));

    const send: Renewable["send"] = (turn, request) =>
      Effect.flatMap(ready(turn), (now) =>
        Effect.matchEffect(request(now.services), {
          onSuccess: (answer) => {
            now.wasAccepted = true;
            return Effect.succeed(answer);
          },
          onFailure: (error) =>
            isRefusal(error)
              ? Effect.flatMap(
                renewed(now, error),
                (again) => again ? send(turn, request) : Effect.fail(error),
              )
              : Effect.fail(error),
        }));

    const stream: Renewable["stream"] = (turn, request) =>
      Stream.unwrap(Effect.map(ready(turn), (now) => {
        let hasBegun = false;
        return request(now.services).pipe(
          Stream.map((piece) => {
            hasBegun = true;
            now.wasAccepted = true;
            return piece;
          }),
          Stream.catchIf(
            (error) => isRefusal(error) && !hasBegun,
            (error) =>
              Stream.unwrap(Effect.map(
                renewed(now, error),
                (again) => again ? stream(turn, request) : Stream.fail(error),
              )),
          ),
        );
      }));

    return { send, stream };
  });
