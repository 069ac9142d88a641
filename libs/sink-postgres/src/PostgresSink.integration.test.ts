import { sinkContract } from "@candlewick/core/testing";
import { describe } from "@effect/vitest";
import { serverForTests } from "./testing/servers.ts";
import { systemPostgres, systemVersion } from "./testing/systemPostgres.ts";

describe("embedded PostgreSQL", () => {
  const server = serverForTests();
  sinkContract({ name: "PostgreSQL", make: server.sharedSink, secrets: server.secrets });
});

describe.skipIf(systemVersion === undefined)(
  `PostgreSQL ${systemVersion ?? "of the machine"} (needs pg_config and its server)`,
  () => {
    const server = serverForTests(systemPostgres);
    sinkContract({ name: "PostgreSQL", make: server.sharedSink, secrets: server.secrets });
  },
);
