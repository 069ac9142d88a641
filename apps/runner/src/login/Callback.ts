import { Effect, Queue, type Scope } from "effect";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Refusal, refuse } from "../Refusal.ts";
import type { Arrival, Outcome } from "./Arrival.ts";
import { page } from "./Page.ts";

const HOST = "127.0.0.1";

/** Where the vendor is told to redirect to unless a user picks another port. */
export const defaultPort = 7411;

const WAITING: Outcome = {
  title: "Waiting for the login",
  text: "This address takes the login when it is done. Open the one that the terminal shows.",
};

/** An answer to the request itself. `undefined` stands for a redirect that ends a login. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly outcome: Outcome;
}

/**
 * Judges a request. Only what names this listener by a loopback name counts: a page from elsewhere whose name
 * was made to point here gets nothing.
 */
export const judge = (
  request: Pick<IncomingMessage, "method" | "url"> & {
    readonly headers: { readonly host?: string | undefined };
  },
  port: number,
): Reply | URL => {
  const host = request.headers.host ?? "";
  if (host !== `${HOST}:${port}` && host !== `localhost:${port}`) {
    return { status: 421, outcome: { title: "Wrong host", text: `This is ${HOST}:${port}.` } };
  }
  const target = request.url ?? "/";
  const address = `http://${HOST}:${port}${target}`;
  if (!target.startsWith("/") || !URL.canParse(address)) {
    return { status: 400, outcome: { title: "No address", text: "The request names no address." } };
  }
  const url = new URL(address);
  if (url.pathname !== "/") {
    return { status: 404, outcome: { title: "Not here", text: "There is nothing at this address." } };
  }
  if (request.method !== "GET") {
    return {
      status: 405,
      headers: { allow: "GET" },
      outcome: { title: "Not so", text: "This address is to be opened." },
    };
  }
  return url.search === "" ? { status: 200, outcome: WAITING } : url;
};

const send = (response: ServerResponse, { status, headers, outcome }: Reply, sent: () => void): void => {
  response.once("close", sent);
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    // The address holds a token that is worth something for some minutes.
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "connection": "close",
    ...headers,
  });
  response.end(page(outcome), sent);
};

const bind = (server: Server, port: number): Effect.Effect<number, Refusal> =>
  Effect.callback((resume) => {
    server.once("error", (cause) =>
      resume(
        refuse(
          `cannot listen on ${HOST}:${port} for the end of the login: ${cause.message}; ` +
            "end the program that uses this port, or choose another with --port=N " +
            `and register http://${HOST}:N/ with the vendor`,
        ),
      ));
    server.listen(port, HOST, () => {
      const address: AddressInfo | string | null = server.address();
      resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : port));
    });
  });

const close = (server: Server): Effect.Effect<void> =>
  Effect.callback((resume) => {
    server.close(() => resume(Effect.void));
    server.closeAllConnections();
  });

/**
 * Listens on loopback, until the scope closes, for the redirect that ends a login, and puts each into `arrivals`.
 * A browser that brought one waits for its answer. Returns the address to register with the vendor.
 */
export const listen = Effect.fnUntraced(function* (
  port: number,
  arrivals: Queue.Enqueue<Arrival>,
): Effect.fn.Return<string, Refusal, Scope.Scope> {
  let bound = port;
  const server = createServer((request, response) => {
    const judged = judge(request, bound);
    if (!(judged instanceof URL)) return send(response, judged, () => {});
    Queue.offerUnsafe(arrivals, {
      address: judged,
      answer: (outcome) =>
        Effect.callback((resume) => send(response, { status: 200, outcome }, () => resume(Effect.void))),
    });
  });
  bound = yield* Effect.acquireRelease(bind(server, port), () => close(server));
  return `http://${HOST}:${bound}/`;
});
