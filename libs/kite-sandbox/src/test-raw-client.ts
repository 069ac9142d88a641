import { Buffer } from "node:buffer";
import { Effect } from "effect";
import { connect } from "node:net";
import type { Sandbox } from "./sandbox.ts";

/** What came over the wire, before any HTTP client had a hand in it. */
export interface Wire {
  /** Undefined where not even a status line came. */
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Whether the body is as long as was announced. */
  readonly isWhole: boolean;
}

const parse = (pieces: ReadonlyArray<Uint8Array>): Wire => {
  const bytes = Buffer.concat(pieces);
  const end = bytes.indexOf("\r\n\r\n");
  const [first = "", ...lines] = end < 0 ? [] : bytes.subarray(0, end).toString("latin1").split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 2)]),
  );
  const body = end < 0 ? new Uint8Array(0) : Uint8Array.from(bytes.subarray(end + 4));
  return {
    status: first === "" ? undefined : Number(first.split(" ")[1]),
    headers,
    body,
    isWhole: headers["content-length"] === String(body.length),
  };
};

/** Sends a GET over a socket of its own and reads until the other side ends it, well or badly. */
export const wire = (
  sandbox: Sandbox,
  path: string,
  more: Readonly<Record<string, string>> = {},
): Effect.Effect<Wire> =>
  Effect.promise(() =>
    new Promise((resolve) => {
      const headers = {
        host: "127.0.0.1",
        connection: "close",
        "x-kite-version": "3",
        authorization: `token ${sandbox.apiKey}:${sandbox.accessToken}`,
        ...more,
      };
      const pieces: Array<Uint8Array> = [];
      const socket = connect(Number(new URL(sandbox.url).port), "127.0.0.1", () => {
        const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
        socket.write(`GET ${path} HTTP/1.1\r\n${lines}\r\n`);
      });
      socket.on("data", (piece: Uint8Array) => pieces.push(piece));
      socket.on("error", () => undefined);
      socket.on("close", () => resolve(parse(pieces)));
    })
  );

export const textOf = ({ body }: Wire): string => new TextDecoder().decode(body);
