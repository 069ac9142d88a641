import type { Route as CommonRoute, RouteName } from "@candlewick/pretend-exchange";

/** A route of Kite's API. */
export interface Route extends CommonRoute {
  readonly methods: ReadonlyArray<string>;
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
