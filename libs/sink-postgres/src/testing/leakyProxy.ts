import { Effect, type Scope } from "effect";
import { connect, createServer, type Socket } from "node:net";
import type { Address } from "../connection/address.ts";

export interface LeakyProxy {
  readonly port: number;
  /** Cuts the connections of the clients; the server is not told. */
  readonly dropClients: Effect.Effect<void>;
}

/** Stands between a sink and its server, for as long as the scope lives: a network that loses one direction. */
export const leakyProxy = (address: Address): Effect.Effect<LeakyProxy, never, Scope.Scope> =>
  Effect.gen(function* () {
    const clients = new Set<Socket>();
    const servers = new Set<Socket>();
    const listener = createServer((client) => {
      const server = connect(address.port, address.host);
      clients.add(client);
      servers.add(server);
      for (const socket of [client, server]) socket.on("error", () => undefined);
      client.pipe(server, { end: false });
      server.pipe(client);
    });
    yield* Effect.promise(() => new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve)));
    const drop = (sockets: Set<Socket>) => {
      for (const socket of sockets) socket.destroy();
      sockets.clear();
    };
    yield* Effect.addFinalizer(() =>
      Effect.sync(() => {
        drop(clients);
        drop(servers);
        listener.close();
      })
    );
    const bound = listener.address();
    if (bound === null || typeof bound === "string") return yield* Effect.die(new Error("no port"));
    return { port: bound.port, dropClients: Effect.sync(() => drop(clients)) };
  });
