/** Server settings by name; values are bare words, since a shell hands them on. */
export type ServerSettings = Readonly<Record<string, string | number>>;

/**
 * For loading in bulk with modest memory, without giving up anything of what is committed: fsync,
 * full_page_writes and synchronous_commit stay on.
 */
export const durable: ServerSettings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: 50,
  shared_buffers: "64MB",
  // One server, no replicas: a table that is filled where it was created need not go through the log.
  wal_level: "minimal",
  max_wal_senders: 0,
  max_logical_replication_workers: 0,
  max_wal_size: "1GB",
  checkpoint_timeout: "15min",
  // Fewer processes; the data of a run fits the system's cache.
  io_method: "sync",
  log_checkpoints: "off",
};

/** For tests: what is committed outlives the server's end, but not the machine's. */
export const throwAway: ServerSettings = {
  ...durable,
  fsync: "off",
  full_page_writes: "off",
};

/** Command line options of `postgres`. */
export const flags = (settings: ServerSettings, port: number): string =>
  Object.entries({ ...settings, port }).map(([name, value]) => `-c ${name}=${value}`).join(" ");
