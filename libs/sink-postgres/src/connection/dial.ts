import { connect, type Socket } from "node:net";
import type { Address } from "./address.ts";

/** postgres.js asks the socket for the name that a certificate must bear. */
type NamedSocket = Socket & { host?: string };

const target = ({ host, port }: Pick<Address, "host" | "port">) =>
  host.startsWith("/") ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };

/** A connected socket. */
export const dial = (
  address: Pick<Address, "host" | "port">,
  timeout: number,
): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket: NamedSocket = connect(target(address));
    socket.host = address.host;
    const fail = (error: Error) => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(() => {
      const error = new Error(`no answer from ${address.host}:${address.port} within ${timeout} ms`);
      fail(Object.assign(error, { code: "CONNECT_TIMEOUT" }));
    }, timeout);
    socket.once("error", fail);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", fail);
      // Small messages follow one another without an answer between them.
      socket.setNoDelay(true);
      resolve(socket);
    });
  });

/** A server process and the secret that allows to cancel what it does. */
export interface Backend {
  readonly pid: number;
  readonly secret: number;
}

const CANCEL_CODE = 80_877_102;

/**
 * Asks the server, on a connection of its own, to cancel what a process does. Best effort: there is no answer.
 * https://www.postgresql.org/docs/18/protocol-message-formats.html (CancelRequest)
 */
export const requestCancel = async (
  address: Pick<Address, "host" | "port">,
  backend: Backend,
  timeout: number,
): Promise<void> => {
  const socket = await dial(address, timeout);
  socket.on("error", () => undefined);
  const message = new DataView(new ArrayBuffer(16));
  [16, CANCEL_CODE, backend.pid, backend.secret].forEach((value, i) => message.setUint32(i * 4, value));
  socket.end(new Uint8Array(message.buffer));
};
