import { Effect, Redacted, Result, Stream } from "effect";
import * as Candle from "../../../Candle.ts";
import type { Instrument } from "../../../Instrument.ts";
import { isDay } from "../../../MarketTime.ts";
import * as Plugin from "../../../Plugin.ts";
import {
  Corrupt,
  Invalid,
  PluginError,
  RateLimited,
  type Reason,
  Unauthorized,
  Unavailable,
} from "../../../PluginError.ts";
import type { Rejection } from "../../../Rejection.ts";
import * as Setting from "../../../Setting.ts";
import type { SourceInfo } from "../../../Source.ts";

/** The source of the example vendor. Its only purpose is that the contract can be seen to be kept. */

const hint = "set EXAMPLE_TOKEN";

export const settings = {
  root: Setting.url({ description: "Address of the vendor" }),
  token: Setting.secret({ description: "Token of the account" }),
  timeout: Setting.duration({ description: "Longest wait for an answer", default: 10_000 }),
};

type Values = Setting.Values<typeof settings>;

const info = ({ root }: Values): SourceInfo => ({
  id: "example",
  name: "Example Exchange",
  timeZone: "Asia/Kolkata",
  tokenType: "int64",
  exchanges: ["NSE", "BSE", "NFO"],
  dump: { holds: "exchange", readyAt: "08:30" },
  limits: { instruments: [], candles: [{ requests: 3, millis: 1_000 }] },
  coolDown: 1_000,
  daysPerRequest: { minute: 60 },
  earliest: { minute: "2015-01-01" },
  adjustedFor: [],
  hosts: [new URL(root).host],
});

const classify = (status: number, retryAfter: string | null): Reason => {
  const message = `status ${status}`;
  if (status === 401) return new Unauthorized({ message, hint });
  if (status === 429) {
    return new RateLimited({
      message,
      ...(retryAfter === null ? {} : { retryAfter: Number(retryAfter) * 1_000 }),
    });
  }
  return status >= 500 ? new Unavailable({ message }) : new Invalid({ message });
};

/** One request: the lines of a whole answer. */
const ask = (
  values: Values,
  operation: string,
  path: string,
): Effect.Effect<ReadonlyArray<string>, PluginError> =>
  Effect.gen(function* () {
    const { token } = values;
    if (token === undefined) return yield* new Unauthorized({ message: "no token is set", hint });
    const [status, retryAfter, body] = yield* Effect.tryPromise({
      try: async (signal) => {
        const headers = { authorization: Redacted.value(token) };
        const response = await fetch(values.root + path, { signal, headers });
        return [response.status, response.headers.get("retry-after"), await response.text()] as const;
      },
      catch: () => new Unavailable({ message: "the connection failed" }),
    }).pipe(Effect.timeoutOrElse({
      duration: values.timeout,
      orElse: () => Effect.fail(new Unavailable({ message: `no answer within ${values.timeout} ms` })),
    }));
    if (status !== 200) return yield* classify(status, retryAfter);
    if (!/(^|\n)END\n$/.test(body)) return yield* new Corrupt({ message: "the answer has no end" });
    return body.split("\n").slice(0, -2);
  }).pipe(Effect.mapError((reason) => new PluginError({ plugin: "example", operation, reason })));

const split = (operation: string, lines: ReadonlyArray<string>, columns: number) => {
  const rows = lines.map((line) => line.split(","));
  return rows.every((row) => row.length === columns) ? Effect.succeed(rows) : Effect.fail(
    new PluginError({
      plugin: "example",
      operation,
      reason: new Corrupt({ message: "rows of another shape" }),
    }),
  );
};

const instrument = (fields: ReadonlyArray<string>): Result.Result<Instrument, Rejection> => {
  const [token, tradingsymbol, exchange, segment, instrumentType, expiry, strike, tickSize, lotSize] =
    fields as [string, string, string, string, string, string, string, string, string];
  const reject = (reason: string) => Result.fail({ reason, raw: fields.join() });
  if (tradingsymbol === "") return reject("missing tradingsymbol");
  if (expiry !== "" && !isDay(expiry)) return reject("expiry is not a day");
  return Result.succeed({
    token,
    exchangeToken: null,
    tradingsymbol,
    name: null,
    exchange,
    segment,
    instrumentType,
    expiry: expiry === "" ? null : expiry,
    strike,
    tickSize,
    lotSize: Number(lotSize),
  });
};

const services = (values: Values): Plugin.SourceServices => ({
  session: {
    info: info(values),
    authenticate: Effect.asVoid(ask(values, "login check", "/session")),
  },
  instruments: {
    instruments: (exchange) => {
      const operation = `instruments of ${exchange ?? "all exchanges"}`;
      return Stream.fromEffect(Effect.gen(function* () {
        const lines = yield* ask(
          values,
          operation,
          exchange === undefined ? "/instruments" : `/instruments/${exchange}`,
        );
        const rows = (yield* split(operation, lines, 9)).map(instrument);
        return {
          instruments: rows.filter(Result.isSuccess).map((row) => row.success),
          rejected: rows.filter(Result.isFailure).map((row) => row.failure),
        };
      }));
    },
  },
  candles: {
    candles: Effect.fnUntraced(function* ({ from, subject, to }) {
      const operation = `candles of ${subject.exchange}:${subject.tradingsymbol}`;
      const bounds = `from=${Math.floor(from / 1_000)}&to=${Math.floor(to / 1_000)}`;
      const lines = yield* ask(values, operation, `/candles?${bounds}`);
      const rows = yield* split(operation, lines, 6);
      const candles = new Map<number, Candle.Candle>();
      const rejected: Array<Rejection> = [];
      for (const fields of rows) {
        const [seconds, open, high, low, close, volume] = fields;
        const ts = Number(seconds) * 1_000;
        const checked = Candle.check({ ts, open, high, low, close, volume, oi: null });
        if (Candle.isFault(checked)) rejected.push({ reason: checked, raw: fields.join(), ts });
        else if (ts >= from && ts < to) candles.set(ts, checked);
      }
      return { candles: [...candles.values()].sort((a, b) => a.ts - b.ts), rejected };
    }),
  },
});

export const plugin = Plugin.source({
  id: "example",
  summary: "A vendor that exists only in tests",
  settings,
  credentials: ["token"],
  howToLogIn: hint,
  info,
  make: (values) => Effect.sync(() => services(values)),
});
