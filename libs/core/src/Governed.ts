import { Context, Effect, Stream } from "effect";
import type { Renew, SourceServices } from "./Plugin.ts";
import type { PluginError } from "./PluginError.ts";
import * as RateLimiter from "./RateLimiter.ts";
import * as Renewal from "./Renewal.ts";
import * as Retry from "./Retry.ts";
import { CandleSource, type Capability, InstrumentSource, type SourceInfo, SourceSession } from "./Source.ts";

/** Holds everyone back when the vendor says "too many": for as long as it asks, or the source's cool-down. */
const heed =
  (limiter: RateLimiter.RateLimiter, info: SourceInfo) => (error: PluginError): Effect.Effect<void> =>
    error.reason._tag === "RateLimited"
      ? limiter.slowDown(error.reason.retryAfter ?? info.coolDown)
      : Effect.void;

/** Asks a source that logs in by itself first, then whoever else may bring credentials. */
const renewing = (services: SourceServices, renew: Renew): Renew => {
  const own = services.renew;
  if (own === undefined) return renew;
  return Effect.fnUntraced(function* (error, wasAccepted) {
    const isRenewed = yield* Retry.retrying(Retry.defaultPolicy)(own(error, wasAccepted)).pipe(
      Effect.catch((failure) =>
        Effect.as(Effect.logWarning(`${services.session.info.name}: no new login: ${failure.message}`), false)
      ),
    );
    return isRenewed ? services : yield* renew(error, wasAccepted);
  });
};

/**
 * A source's services under the source's own limits: every request waits for its turn, and a breach slows all
 * requests of its kind down. When the vendor refuses the credentials, `renew` may bring others: it is asked once for
 * all that wait, and refused requests are sent again, each at a turn of its own. With a `journal` the limits hold
 * across runs. A capability that the source does
 * not offer is absent from the context.
 */
export const governed = (
  services: SourceServices,
  { renew = () => Effect.undefined, journal = () => RateLimiter.noJournal }: {
    readonly renew?: Renew;
    /** Where requests of each kind are noted from run to run. */
    readonly journal?: (kind: Capability) => RateLimiter.Journal;
  } = {},
): Effect.Effect<Context.Context<SourceSession | InstrumentSource | CandleSource>> =>
  Effect.gen(function* () {
    const { info } = services.session;
    const instrumentPace = yield* RateLimiter.make(info.limits.instruments, journal("instruments"));
    const candlePace = yield* RateLimiter.make(info.limits.candles, journal("candles"));
    const { instruments, candles } = services;
    const heedInstruments = heed(instrumentPace, info);
    const heedCandles = heed(candlePace, info);
    const requests = yield* Renewal.make(services, renewing(services, renew));

    let context: Context.Context<never> = Context.empty();
    context = Context.add(
      context,
      SourceSession,
      SourceSession.of({
        info,
        authenticate: requests.send(instrumentPace.take, ({ session }) => session.authenticate).pipe(
          Effect.tapError(heedInstruments),
        ),
      }),
    );
    if (instruments !== undefined) {
      context = Context.add(
        context,
        InstrumentSource,
        InstrumentSource.of({
          instruments: (exchange) =>
            requests.stream(
              instrumentPace.take,
              (now) => (now.instruments ?? instruments).instruments(exchange),
            ).pipe(Stream.tapError(heedInstruments)),
        }),
      );
    }
    if (candles !== undefined) {
      context = Context.add(
        context,
        CandleSource,
        CandleSource.of({
          candles: (request) =>
            requests.send(candlePace.take, (now) => (now.candles ?? candles).candles(request)).pipe(
              Effect.tapError(heedCandles),
            ),
        }),
      );
    }
    // Absent capabilities are refused by name before a DAG that needs them starts.
    return context as Context.Context<SourceSession | InstrumentSource | CandleSource>;
  });
