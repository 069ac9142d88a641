import { Effect } from "effect";
import type { Calendar } from "../Calendar.ts";
import type { CalendarFile, Placed } from "./CalendarFile.ts";
import { make } from "./Make.ts";
import { type Description, resolve } from "./Resolve.ts";

/** The files that come with the program. Each import is written out, so that it needs no permission to read. */
const files: Readonly<Record<string, () => Promise<{ readonly default: CalendarFile }>>> = {
  BFO: () => import("../../calendars/BFO.json", { with: { type: "json" } }),
  BSE: () => import("../../calendars/BSE.json", { with: { type: "json" } }),
  NASDAQ: () => import("../../calendars/NASDAQ.json", { with: { type: "json" } }),
  NFO: () => import("../../calendars/NFO.json", { with: { type: "json" } }),
  NSE: () => import("../../calendars/NSE.json", { with: { type: "json" } }),
  NYSE: () => import("../../calendars/NYSE.json", { with: { type: "json" } }),
};

/** The exchanges whose calendars come with the program. */
export const builtInExchanges: ReadonlyArray<string> = Object.keys(files);

export const BUILT_IN = "built in";

/** What comes with the program, read when it is first asked for. */
export const builtIn: Effect.Effect<ReadonlyArray<Placed>> = Effect.promise(() =>
  Promise.all(
    Object.values(files).map(async (load) => ({ where: BUILT_IN, file: (await load()).default })),
  )
);

/** Calendars of descriptions, each made once, when it is first asked for. */
export const calendarsOf = (
  exchanges: ReadonlyArray<string>,
  descriptions: Effect.Effect<ReadonlyMap<string, Description>>,
) => {
  const made = new Map<string, Calendar>();
  let resolved: ReadonlyMap<string, Description> | undefined;
  return {
    exchanges,
    of: Effect.fnUntraced(function* (exchange: string) {
      if (!made.has(exchange) && exchanges.includes(exchange)) {
        resolved ??= yield* descriptions;
        const description = resolved.get(exchange);
        if (description !== undefined) made.set(exchange, make(description));
      }
      return made.get(exchange);
    }),
  };
};

/** The calendars that come with the program. A test holds their files free of problems. */
export const builtInCalendars = () =>
  calendarsOf(
    builtInExchanges,
    Effect.flatMap(builtIn, (placed) => Effect.orDie(Effect.fromResult(resolve(placed)))),
  );
