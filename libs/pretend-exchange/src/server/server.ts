import { Effect, type Scope } from "effect";
import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { SandboxError } from "../error.ts";
import type { Delivery } from "../faults/fault.ts";
import type { Handler } from "./handler.ts";
import type { ApiCall } from "./request.ts";

const HOST = "127.0.0.1";
const LARGEST_BODY = 1_048_576;

/** Headers that came once. */
const headersOf = (request: IncomingMessage): ApiCall["headers"] =>
  Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value]] : []
    ),
  );

/** The body as text, undefined when it is too large. */
const readBody = async (request: IncomingMessage): Promise<string | undefined> => {
  const chunks: Array<Uint8Array> = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length <= LARGEST_BODY) chunks.push(chunk);
  }
  return length > LARGEST_BODY ? undefined : Buffer.concat(chunks).toString("utf8");
};

const toCall = (request: IncomingMessage, body: string): ApiCall => {
  const target = request.url ?? "/";
  const mark = target.indexOf("?");
  return {
    method: request.method ?? "GET",
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? "" : target.slice(mark + 1),
    body,
    headers: headersOf(request),
  };
};

const written = (response: ServerResponse, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve) => response.write(bytes, () => resolve()));

/** Waits, but not for a client that has left. */
const pause = (response: ServerResponse, millis: number): Promise<void> =>
  new Promise((resolve) => {
    if (response.destroyed) return resolve();
    const done = () => {
      clearTimeout(timer);
      response.off("close", done);
      resolve();
    };
    const timer = setTimeout(done, millis);
    response.on("close", done);
  });

/** Carries a delivery out, step by step. */
const send = async (response: ServerResponse, { head, steps, end }: Delivery): Promise<void> => {
  if (head !== undefined) response.writeHead(head.status, head.headers);
  const [only] = steps;
  if (steps.length === 1 && end === "finish" && typeof only === "object") {
    response.end(only);
    return;
  }
  for (const step of steps) {
    if (response.destroyed) return;
    if (typeof step === "number") await pause(response, step);
    else await written(response, step);
  }
  if (end === "finish") response.end();
  else if (end === "close") response.socket?.destroySoon();
  else if (end === "reset") response.socket?.resetAndDestroy();
};

const listen = (server: Server, port: number) =>
  Effect.callback<number, SandboxError>((resume) => {
    server.once("error", (cause) =>
      resume(Effect.fail(new SandboxError({ message: `cannot listen on ${HOST}:${port}`, cause }))));
    server.listen(port, HOST, () => {
      const address: AddressInfo | string | null = server.address();
      resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : port));
    });
  });

const close = (server: Server) =>
  Effect.callback<void>((resume) => {
    server.close(() => resume(Effect.void));
    server.closeAllConnections();
  });

/**
 * Serves a handler on loopback until the scope closes, and answers with the port. Arrivals are stamped before
 * anything else is done with a request.
 */
export const serve = Effect.fnUntraced(function* (
  handler: Handler,
  steady: () => number,
  port: number,
  latencyMillis: number,
): Effect.fn.Return<number, SandboxError, Scope.Scope> {
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const arrived = steady();
    const body = request.method === "GET" ? "" : await readBody(request);
    if (body === undefined) {
      response.writeHead(413).end();
      return;
    }
    const delivery = handler(toCall(request, body), arrived);
    if (latencyMillis > 0) await pause(response, latencyMillis);
    await send(response, delivery);
  };
  const server = createServer((request, response) => {
    respond(request, response).catch(() => response.destroy());
  });
  return yield* Effect.acquireRelease(listen(server, port), () => close(server));
});
