/** The kinds of request that vendors' APIs know; `unknown` is one the API does not have. */
export type RouteName = "login" | "session" | "profile" | "instruments" | "historical" | "unknown";

/** What of a request an answer may depend on. */
export interface ApiCall {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: string;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** Which kind of request it is, and the parts that tell what it asks for. */
export interface Route {
  readonly name: RouteName;
  /** Of an instruments request its exchange, if any; of a historical one what names instrument and interval. */
  readonly parts: ReadonlyArray<string>;
}

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
  /** Its parameters, wherever the vendor takes them from. Nothing secret. */
  readonly query: string;
  readonly route: RouteName;
  /** See {@link Route}. */
  readonly parts: ReadonlyArray<string>;
  /** Whose limits it counts for, empty without one. */
  readonly apiKey: string;
}
