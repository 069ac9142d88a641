import { Plugin, PluginError, type Source } from "@candlewick/core";
import { decodeDump } from "@candlewick/vendor-http";
import { Effect, Stream } from "effect";
import { accountOf, HOW_TO_LOG_IN } from "./account.ts";
import { candleQuery, decodeCandles } from "./candles.ts";
import * as Client from "./client.ts";
import { failed } from "./errors.ts";
import { info } from "./info.ts";
import { MasterDecoder } from "./instruments.ts";
import { profileRequest } from "./login.ts";
import * as Session from "./session.ts";
import { type AngelOneSettings, settings } from "./settings.ts";
import { formatMinute } from "./stamp.ts";

const CANDLES = "/rest/secure/angelbroking/historical/v1/getCandleData";

const describe = ({ subject, interval, from, to }: Source.CandleRequest): string =>
  `${interval} candles of ${subject.exchange}:${subject.tradingsymbol} ${formatMinute(from)} to ${
    formatMinute(to)
  }`;

const isRecord = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The services of Angel One over its HTTP API. */
const make = Effect.fnUntraced(function* (settings: AngelOneSettings, context: Plugin.SourceContext) {
  const client = yield* Client.make(settings);
  const session = yield* Session.make(client, accountOf(settings), context.login);

  const authenticate = session.use(Effect.fnUntraced(function* (tokens) {
    const request = profileRequest(tokens);
    const profile = yield* client.data(request);
    if (!isRecord(profile)) {
      return yield* Effect.fail(
        new PluginError.Corrupt({ message: `${client.nameOf(request)}: an answer without a profile` }),
      );
    }
  })).pipe(Effect.mapError(failed("authenticate")), Effect.withSpan("AngelOne.authenticate"));

  const instruments = (exchange?: string) => {
    const operation = `instruments of ${exchange ?? "all exchanges"}`;
    return client.master.pipe(
      decodeDump({
        decoder: () => new MasterDecoder(exchange),
        mayBeEmpty: false,
        corrupt: (fault) =>
          new PluginError.Corrupt({ message: `${client.masterName}: not a whole scrip master: ${fault}` }),
      }),
      Stream.mapError(failed(operation)),
    );
  };

  const candlesOf = Effect.fnUntraced(function* (asked: Source.CandleRequest) {
    if (asked.continuous) {
      return yield* Effect.fail(
        new PluginError.Invalid({ message: "Angel One has no continuous series of futures" }),
      );
    }
    const json = candleQuery(asked);
    if (json === undefined) return { candles: [], rejected: [] };
    return yield* session.use(Effect.fnUntraced(function* ({ jwt }) {
      const request: Client.ApiRequest = { path: CANDLES, json, token: jwt };
      const data = yield* client.data(request);
      return yield* Effect.mapError(
        Effect.fromResult(decodeCandles(data, asked)),
        (fault) => new PluginError.Corrupt({ message: `${client.nameOf(request)}: ${fault}` }),
      );
    }));
  });

  const services: Plugin.SourceServices = {
    session: { info: info(settings), authenticate },
    instruments: { instruments },
    candles: {
      candles: (asked) =>
        candlesOf(asked).pipe(Effect.mapError(failed(describe(asked))), Effect.withSpan("AngelOne.candles")),
    },
    renew: () => Effect.mapError(session.renew, failed("log in")),
  };
  return services;
});

/** SmartAPI by Angel One: instruments and candles of the Indian exchanges. */
export default Plugin.source({
  id: "angelone",
  summary: "SmartAPI by Angel One: instruments and candles of NSE, BSE, NFO, BFO, CDS, MCX, NCDEX and NCO",
  settings,
  credentials: ["apiKey", "clientCode", "pin", "totpSecret"],
  howToLogIn: HOW_TO_LOG_IN,
  info,
  make,
});
