import { createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

const message = (type: string, body: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(5 + body.length);
  bytes[0] = type.charCodeAt(0);
  new DataView(bytes.buffer).setUint32(1, 4 + body.length);
  bytes.set(body, 5);
  return bytes;
};

const text = (value: string) => new TextEncoder().encode(value);

/** Asks for a password in the clear. */
const cleartext = message("R", new Uint8Array([0, 0, 0, 3]));

const refusal = (password: string) =>
  message("E", text(`SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed: "${password}" is wrong\0\0`));

const serve = (socket: Socket) => {
  socket.on("error", () => {});
  socket.on("data", (data: Uint8Array) => {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const isTlsRequest = data.length === 8 && view.getUint32(4) === 80_877_103;
    if (isTlsRequest) socket.write("N");
    else if (data[0] === "p".charCodeAt(0)) {
      socket.end(refusal(new TextDecoder().decode(data.subarray(5, -1))));
    } else socket.write(cleartext);
  });
};

/** A PostgreSQL server that refuses every login and, as none should, quotes the password it was given. */
export const echoingServer = async (): Promise<{ readonly port: number } & AsyncDisposable> => {
  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
};
