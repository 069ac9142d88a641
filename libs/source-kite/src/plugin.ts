import { Plugin, PluginError, type Source } from "@candlewick/core";
import { decodeDump } from "@candlewick/vendor-http";
import { Effect, Result } from "effect";
import { candleQuery, decodeCandles } from "./candles.ts";
import * as Client from "./client.ts";
import { dataOf } from "./envelope.ts";
import { failed, LOG_IN } from "./errors.ts";
import { info } from "./info.ts";
import { InstrumentDecoder } from "./instruments.ts";
import { login } from "./login.ts";
import { type KiteSettings, settings } from "./settings.ts";
import { formatStamp } from "./stamp.ts";

const describe = ({ subject, interval, from, to }: Source.CandleRequest): string =>
  `${interval} candles of ${subject.exchange}:${subject.tradingsymbol} ${formatStamp(from)} to ${
    formatStamp(to)
  }`;

/** The services of Kite over its HTTP API. */
const make = Effect.fnUntraced(function* (settings: KiteSettings) {
  const client = yield* Client.make(settings);

  const authenticate = Effect.gen(function* () {
    const request: Client.KiteRequest = { operation: "authenticate", path: "/user/profile" };
    const body = yield* client.text(request);
    yield* Effect.mapError(
      Effect.fromResult(dataOf(client.nameOf(request), body)),
      failed(request.operation),
    );
  }).pipe(Effect.withSpan("Kite.authenticate"));

  const instruments = (exchange?: string) => {
    const request: Client.KiteRequest = exchange === undefined
      ? { operation: "instruments of all exchanges", path: "/instruments" }
      : { operation: `instruments of ${exchange}`, path: `/instruments/${encodeURIComponent(exchange)}` };
    return client.bytes(request).pipe(
      decodeDump({
        decoder: () => new InstrumentDecoder(),
        mayBeEmpty: exchange !== undefined,
        corrupt: (fault) =>
          failed(request.operation)(
            new PluginError.Corrupt({
              message: `${client.nameOf(request)}: not a whole dump: ${fault}`,
            }),
          ),
      }),
    );
  };

  const candles = Effect.fn("Kite.candles")(function* (asked: Source.CandleRequest) {
    const request: Client.KiteRequest = {
      operation: describe(asked),
      path: `/instruments/historical/${encodeURIComponent(asked.subject.token)}/${asked.interval}`,
      query: candleQuery(asked),
    };
    const name = client.nameOf(request);
    const body = yield* client.text(request);
    const batch = Result.flatMap(dataOf(name, body), (data) =>
      Result.mapError(
        decodeCandles(data, asked),
        (fault) => new PluginError.Corrupt({ message: `${name}: ${fault}` }),
      ));
    return yield* Effect.mapError(Effect.fromResult(batch), failed(request.operation));
  });

  const services: Plugin.SourceServices = {
    session: { info: info(settings), authenticate },
    instruments: { instruments },
    candles: { candles },
  };
  return services;
});

/** Kite Connect by Zerodha: instruments and candles of the Indian exchanges. */
export default Plugin.source({
  id: "kite",
  summary: "Kite Connect by Zerodha: instruments and candles of NSE, BSE, NFO, BFO, CDS, BCD and MCX",
  settings,
  credentials: ["apiKey", "accessToken"],
  howToLogIn:
    `create an app at https://developers.kite.trade, set KITE_API_KEY and KITE_API_SECRET, then ${LOG_IN}`,
  info,
  make,
  login,
});
