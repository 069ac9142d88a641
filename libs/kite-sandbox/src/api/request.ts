/** The kinds of request the API knows; `unknown` is answered 404. */
export type RouteName = "login" | "session" | "profile" | "instruments" | "historical" | "unknown";

/** A request as it arrived. Faults are chosen by it, and the log keeps it. */
export interface SandboxRequest {
  /** Counts all requests from 1. */
  readonly ordinal: number;
  /** Counts the requests of this route from 1. */
  readonly routeOrdinal: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly route: RouteName;
  /** The path's parts after the route: an exchange, or an instrument token and an interval. */
  readonly parts: ReadonlyArray<string>;
  /** From the Authorization header, empty without one. */
  readonly apiKey: string;
}

export interface Route {
  readonly name: RouteName;
  readonly methods: ReadonlyArray<string>;
  readonly parts: ReadonlyArray<string>;
}

const route = (
  name: RouteName,
  methods: ReadonlyArray<string>,
  parts: ReadonlyArray<string> = [],
): Route => ({
  name,
  methods,
  parts,
});

const GET = ["GET"];

/** Which route a path belongs to. */
export const routeOf = (path: string): Route => {
  const [, first, second, ...rest] = path.split("/");
  if (first === "instruments") {
    if (second === undefined) return route("instruments", GET);
    if (second === "historical") {
      return rest.length === 2 ? route("historical", GET, rest) : route("unknown", GET);
    }
    return rest.length === 0 && second !== "" ? route("instruments", GET, [second]) : route("unknown", GET);
  }
  if (rest.length > 0) return route("unknown", GET);
  if (first === "session" && second === "token") return route("session", ["POST", "DELETE"]);
  if (first === "user" && second === "profile") return route("profile", GET);
  if (first === "connect" && second === "login") return route("login", GET);
  return route("unknown", GET);
};

export const apiKeyOf = (authorization: string | undefined): string => {
  const match = /^token ([^:]*):/.exec(authorization ?? "");
  return match?.[1] ?? "";
};
