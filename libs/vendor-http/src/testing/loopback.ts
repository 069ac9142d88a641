import http from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

/** A request as the server saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  /** Whether the client went away before it had its whole answer. */
  readonly aborted: () => boolean;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /**
   * What follows the body. `cut` announces more than it sends and closes the connection; `hang` sends no more
   * and leaves it open; `silence` sends not even headers.
   */
  readonly then?: "end" | "cut" | "hang" | "silence";
}

export interface Loopback {
  /** `http://127.0.0.1:PORT`. */
  readonly root: string;
  readonly seen: ReadonlyArray<Seen>;
  /** Resolves when a client has gone away before it had its whole answer. */
  readonly abandoned: Promise<void>;
}

const send = (response: http.ServerResponse, reply: Reply): void => {
  const after = reply.then ?? "end";
  if (after === "silence") return;
  const body = typeof reply.body === "string" ? new TextEncoder().encode(reply.body) : reply.body;
  const headers = after === "cut"
    ? { ...reply.headers, "content-length": String((body?.length ?? 0) + 1_000) }
    : { ...reply.headers };
  response.writeHead(reply.status ?? 200, headers);
  if (after === "end") response.end(body);
  else response.write(body ?? "", () => after === "cut" && response.destroy());
};

/** Starts a real HTTP server on loopback that answers as told. */
export const startServer = async (
  answer: (request: Seen) => Reply,
): Promise<Loopback & { readonly close: () => Promise<void> }> => {
  const seen: Array<Seen> = [];
  const abandoned = Promise.withResolvers<void>();
  const server = http.createServer((request, response) => {
    const pieces: Array<Uint8Array> = [];
    let isAborted = false;
    request.on("data", (piece: Uint8Array) => pieces.push(piece));
    request.on("end", () => {
      const url = new URL(request.url ?? "/", "http://127.0.0.1");
      const entry: Seen = {
        method: request.method ?? "",
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: new TextDecoder().decode(Uint8Array.from(pieces.flatMap((piece) => [...piece]))),
        aborted: () => isAborted,
      };
      seen.push(entry);
      send(response, answer(entry));
    });
    response.on("close", () => {
      isAborted = !response.writableFinished;
      if (isAborted) abandoned.resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    root: `http://127.0.0.1:${port}`,
    seen,
    abandoned: abandoned.promise,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** Runs `use` against such a server, then closes it. */
export const withServer = async <A>(
  answer: (request: Seen) => Reply,
  use: (server: Loopback) => Promise<A>,
): Promise<A> => {
  const server = await startServer(answer);
  try {
    return await use(server);
  } finally {
    await server.close();
  }
};

/** A compressed answer. */
export const gzipReply = (body: string | Uint8Array, contentType: string): Reply => ({
  headers: { "content-type": contentType, "content-encoding": "gzip" },
  body: gzipSync(body),
});

/** A JSON answer; text goes out as it is. */
export const jsonReply = (json: unknown, status = 200): Reply => ({
  status,
  headers: { "content-type": "application/json" },
  body: typeof json === "string" ? json : JSON.stringify(json),
});
