import { expect } from "@effect/vitest";
import { Cause, Effect, Exit, Logger, Stream, Tracer } from "effect";
import type { CandleBatch } from "../../Candle.ts";
import type { InstrumentBatch } from "../../Instrument.ts";
import { isPluginError, type PluginError } from "../../PluginError.ts";
import { textOf } from "./seen.ts";
import type { SourceSubject, StartedSource } from "./subject.ts";

/** The instruments of one dump, batches joined. */
export const dump = (
  { services }: StartedSource,
  exchange?: string,
): Effect.Effect<InstrumentBatch, PluginError> =>
  Effect.map(Stream.runCollect(services.instruments!.instruments(exchange)), (batches) => ({
    instruments: batches.flatMap((batch) => batch.instruments),
    rejected: batches.flatMap((batch) => batch.rejected),
  }));

/** The answer to the subject's request for candles. */
export const candles = (
  { services }: StartedSource,
  subject: SourceSubject,
): Effect.Effect<CandleBatch, PluginError> => services.candles!.candles(subject.candles!);

/** Every kind of call that the source offers, by name. */
export const callsOf = (
  started: StartedSource,
  subject: SourceSubject,
): Readonly<Record<string, Effect.Effect<unknown, PluginError>>> => ({
  authenticate: started.services.session.authenticate,
  ...(subject.offers.includes("instruments") ? { instruments: dump(started) } : {}),
  ...(subject.offers.includes("candles") ? { candles: candles(started, subject) } : {}),
});

/** Of those calls, the ones for which the vendor wants credentials, or the ones that are open to everyone. */
export const callsBy = (
  started: StartedSource,
  subject: SourceSubject,
  { isOpen }: { readonly isOpen: boolean },
): ReturnType<typeof callsOf> => {
  const open: ReadonlyArray<string> = started.services.session.info.open ?? [];
  return Object.fromEntries(
    Object.entries(callsOf(started, subject)).filter(([name]) => open.includes(name) === isOpen),
  );
};

const forms = (secret: string): ReadonlyArray<string> => [secret, encodeURIComponent(secret), btoa(secret)];

/** Runs a call with all its spans and logs collected, none of which may show a secret. */
export const watched = <A, E>(
  subject: SourceSubject,
  call: Effect.Effect<A, E>,
): Effect.Effect<Exit.Exit<A, E>> =>
  Effect.gen(function* () {
    const seen: Array<string> = [];
    const spans: Array<Tracer.Span> = [];
    const exit = yield* Effect.exit(call).pipe(
      Effect.provideService(
        Logger.CurrentLoggers,
        new Set([Logger.make((log) => void seen.push(textOf(log.message)))]),
      ),
      Effect.withTracer(Tracer.make({
        span(options) {
          const span = Tracer.nativeTracer.span(options);
          spans.push(span);
          return span;
        },
      })),
    );
    for (const { name, attributes, status } of spans) {
      seen.push(textOf({ name, attributes }));
      // Of how a span ended, exporters show the printed cause and no more.
      if (status._tag === "Ended" && Exit.isFailure(status.exit)) seen.push(Cause.pretty(status.exit.cause));
    }
    if (Exit.isFailure(exit)) {
      const errors = exit.cause.reasons.map((reason) => reason._tag === "Fail" ? reason.error : reason);
      seen.push(Cause.pretty(exit.cause), textOf(exit.cause), JSON.stringify(errors));
    }
    for (const secret of subject.secrets) {
      for (const form of forms(secret)) {
        // The value itself must not land in a report of this suite either.
        expect(seen.some((text) => text.includes(form)), "a secret shows in an error, a log or a span").toBe(
          false,
        );
      }
    }
    return exit;
  });

/** The failure of a call: the source's own error, which says what was being done. */
export const failure = Effect.fnUntraced(function* <A>(
  started: StartedSource,
  subject: SourceSubject,
  call: Effect.Effect<A, PluginError>,
) {
  const exit = yield* watched(subject, call);
  const error = Exit.isFailure(exit)
    ? exit.cause.reasons.find((reason) => reason._tag === "Fail")?.error
    : undefined;
  if (!isPluginError(error)) return expect.unreachable(`expected a failure, got ${textOf(exit)}`);
  expect(error.plugin).toBe(started.services.session.info.id);
  expect(error.operation).not.toBe("");
  expect(error.reason.message).not.toBe("");
  return error;
});

/** Waits until the vendor has seen what it must. */
export const eventually = (condition: () => boolean): Effect.Effect<void> =>
  Effect.sleep("5 millis").pipe(
    Effect.repeat({ until: () => condition() }),
    Effect.timeoutOption("5 seconds"),
    Effect.andThen(
      Effect.sync(() => expect(condition(), "not seen by the vendor within 5 seconds").toBe(true)),
    ),
  );
