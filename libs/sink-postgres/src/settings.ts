import { Setting } from "@candlewick/core";
import { defaults } from "./PostgresSink.ts";

export const settings = {
  url: Setting.secret({
    description: "Connection string of your server; without it PostgreSQL runs embedded, under .candlewick",
    env: "DATABASE_URL",
    placeholder: "postgres://user:password@host:5432/database",
  }),
  connections: Setting.int({
    description: "Connections at most",
    default: defaults.connections,
    min: 2,
    max: 100,
  }),
  connectTimeout: Setting.duration({
    description: "How long to wait for a connection",
    default: defaults.connectTimeout,
  }),
  statementTimeout: Setting.duration({
    description: "How long a statement may take; 0 for as long as it needs",
    default: defaults.statementTimeout,
  }),
  lockTimeout: Setting.duration({
    description: "How long to wait for a lock that another program holds; 0 for as long as it takes",
    default: defaults.lockTimeout,
  }),
};
