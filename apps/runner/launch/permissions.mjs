// @ts-check
import { existsSync, realpathSync } from "node:fs";
import { isIPv6 } from "node:net";
import { dirname, isAbsolute, join, resolve } from "node:path";
import process from "node:process";
import { asRecord } from "./project.mjs";

/**
 * What a plugin's manifest asks for. Manifests are judged by the program; here a field of the wrong shape
 * grants nothing.
 *
 * @typedef {{
 *   kind: string, id: string, for: string | undefined, after: ReadonlyArray<string>, folder: string,
 *   net: ReadonlyArray<string>, env: ReadonlyArray<string>, read: ReadonlyArray<string>,
 *   run: ReadonlyArray<string>, ffi: ReadonlyArray<string>, sys: ReadonlyArray<string>,
 *   write: ReadonlyArray<string>, formats: ReadonlyArray<string>, unless: ReadonlyArray<string>,
 * }} Asked
 * @typedef {Readonly<Record<string, string | undefined>>} Variables
 */

/** @param {import("./packages.mjs").Package} found @returns {Asked | undefined} */
export const askedBy = ({ folder, field }) => {
  const manifest = asRecord(field);
  const { kind, id } = manifest;
  if (typeof kind !== "string" || typeof id !== "string") return undefined;
  /** @param {string} name @returns {ReadonlyArray<string>} */
  const words = (name) => {
    const value = manifest[name];
    return Array.isArray(value) ? value.filter((word) => typeof word === "string") : [];
  };
  return {
    kind,
    id,
    folder,
    for: typeof manifest["for"] === "string" ? manifest["for"] : undefined,
    after: words("after"),
    net: words("net"),
    env: words("env"),
    read: words("read"),
    run: words("run"),
    ffi: words("ffi"),
    write: words("write"),
    formats: words("formats"),
    sys: words("sys"),
    unless: words("unless"),
  };
};

/** @type {Readonly<Record<string, string>>} */
const DEFAULT_PORTS = { http: "80", https: "443", postgres: "5432", postgresql: "5432" };

/** A host name, an IPv4 or a bracketed IPv6 address, with or without a port. */
const HOST = new RegExp(
  "^(?:(?<name>LABEL(?:\\.LABEL)*)|\\[(?<address>[0-9a-f:.]+)\\])(?::(?<port>\\d{1,5}))?$"
    .replaceAll("LABEL", "[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"),
  "i",
);

/**
 * Whether Deno takes a text for one host: for any other it would refuse to start, in words that name no setting,
 * before the program can say which setting is wrong.
 *
 * @param {string} text
 */
const isHost = (text) => {
  const { name, address, port } = HOST.exec(text)?.groups ?? {};
  return (name !== undefined ? name.length <= 253 : address !== undefined && isIPv6(address)) &&
    (port === undefined || Number(port) <= 65_535);
};

/** Deno takes `localhost` and the loopback addresses for different hosts. @param {string} host */
const withLoopback = (host) =>
  /^localhost(?=:|$)/i.test(host)
    ? [host, host.replace(/^localhost/i, "127.0.0.1"), host.replace(/^localhost/i, "[::1]")]
    : [host];

/**
 * Hosts, with ports, of an address `scheme://user:password@host:port,host/path`; none when it is no address.
 *
 * @param {string} address
 * @returns {ReadonlyArray<string>}
 */
export const hostsOf = (address) => {
  const match = /^([a-z][a-z0-9+.-]*):\/\/(?:[^/?#]*@)?([^/?#@]+)/i.exec(address);
  if (match === null) return [];
  const port = DEFAULT_PORTS[(match[1] ?? "").toLowerCase()];
  return (match[2] ?? "").split(",").filter(isHost).flatMap((host) =>
    withLoopback(/:\d+$/.test(host) || port === undefined ? host : `${host}:${port}`)
  );
};

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** @param {string} text @param {Variables} variables */
const substitute = (text, variables) => text.replace(VARIABLE, (_, name) => variables[name] ?? "");

/** Every text inside a JSON value. @param {unknown} value @returns {ReadonlyArray<string>} */
const texts = (value) =>
  typeof value === "string"
    ? [value]
    : typeof value === "object" && value !== null
    ? Object.values(value).flatMap(texts)
    : [];

/** Names of variables that a configuration refers to. @param {unknown} config */
export const variablesIn = (config) =>
  texts(config).flatMap((text) => Array.from(text.matchAll(VARIABLE), (match) => match[1] ?? ""));

/** Variables that the runner itself reads. */
const OWN_VARIABLES = ["CANDLEWICK_*", "NO_COLOR", "FORCE_COLOR", "TERM"];

/** What Deno lets a program ask of the system; it does not start for any other word. */
const SYSTEM = [
  ...["hostname", "osRelease", "osUptime", "loadavg", "networkInterfaces", "systemMemoryInfo", "uid", "gid"],
  ...["cpus", "homedir", "username", "userInfo", "statfs", "getPriority", "setPriority", "inspector"],
];

/** @param {string} id */
const prefixOf = (id) => `${id.toUpperCase().replaceAll("-", "_")}_*`;

/** Deno splits such lists at single commas. @param {Iterable<string>} values */
const joined = (values) => [...new Set(values)].sort().map((value) => value.replaceAll(",", ",,")).join(",");

/**
 * An installed package's folder, found as modules are from `folder` upwards.
 *
 * @param {string} folder
 * @param {string} name
 * @returns {string | undefined}
 */
const installed = (folder, name) => {
  const found = join(folder, "node_modules", name);
  if (existsSync(found)) return realpathSync(found);
  return dirname(folder) === folder ? undefined : installed(dirname(folder), name);
};

/** This machine as packages of binaries name it: `linux-x64`, `windows-x64`. */
const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;

/**
 * A file that a manifest names (see `Manifest.run` in core) as Deno takes it; none when its package is not
 * installed, as packages for other platforms are not.
 *
 * @param {Asked} plugin
 * @param {string} entry
 * @param {string} state
 * @returns {ReadonlyArray<string>}
 */
const fileOf = (plugin, entry, state) => {
  const [, name, rest] = /^npm:((?:@[^/]+\/)?[^/]+)\/(.+)$/.exec(entry.replaceAll("{platform}", platform)) ??
    [];
  if (name !== undefined && rest !== undefined) {
    const folder = installed(plugin.folder, name);
    return folder === undefined ? [] : [join(folder, rest)];
  }
  if (entry.startsWith("{state}/")) return [join(state, entry.slice("{state}/".length))];
  return isAbsolute(entry) || !entry.includes("/") ? [entry] : [join(plugin.folder, entry)];
};

/**
 * The narrowest permissions under which these plugins can do their work.
 *
 * @param {{
 *   plugins: ReadonlyArray<Asked>,
 *   config: unknown,
 *   variables: Variables,
 *   read: ReadonlyArray<string>,
 *   write?: ReadonlyArray<string>,
 *   project: string,
 *   state: string,
 *   works: boolean,
 * }} options `read` and `write` are folders; only what `works` may write, to the folder `state` and to `write`, and use
 *   loopback
 * @returns {ReadonlyArray<string>} flags for Deno
 */
export const permissionFlags = (
  { plugins: asking, config, variables, read, write = [], project, state, works },
) => {
  /** @param {Asked} plugin */
  const section = ({ kind, id }) =>
    kind === "source" || kind === "sink" ? asRecord(asRecord(config)[`${kind}s`])[id] : undefined;
  const plugins = asking.map((plugin) =>
    plugin.unless.some((name) =>
        variables[name] !== undefined || asRecord(section(plugin))[name] !== undefined
      )
      ? { ...plugin, run: [], ffi: [], read: [], sys: [] }
      : plugin
  );
  const net = plugins.flatMap((plugin) => [
    ...plugin.net.flatMap((entry) =>
      entry.includes("${") ? hostsOf(substitute(entry, variables)) : isHost(entry) ? withLoopback(entry) : []
    ),
    ...texts(section(plugin)).flatMap((text) => hostsOf(substitute(text, variables))),
  ]);
  const env = [
    ...OWN_VARIABLES,
    ...variablesIn(config),
    ...plugins.flatMap((plugin) => [prefixOf(plugin.id), ...plugin.env]),
  ].filter((name) => /^[A-Za-z_][A-Za-z0-9_]*\*?$/.test(name));
  // Folders of the files that settings name.
  const named = plugins.flatMap((plugin) =>
    plugin.write.flatMap((name) => {
      const value = variables[name] ?? asRecord(section(plugin))[name];
      return typeof value === "string" && value !== ""
        ? [dirname(resolve(project, substitute(value, variables)))]
        : [];
    })
  );
  /** @param {"read" | "run" | "ffi"} kind */
  const paths = (kind) =>
    plugins.flatMap((plugin) => plugin[kind].flatMap((entry) => fileOf(plugin, entry, state)));
  const sys = plugins.flatMap((plugin) => plugin.sys).filter((word) => SYSTEM.includes(word));
  const flags = [
    ["read", joined([...read, ...named, ...(works ? write : []), ...paths("read")])],
    ["write", joined(works ? [state, ...named, ...write] : [])],
    ["net", joined(works ? ["127.0.0.1", ...net] : net)],
    ["env", joined(env)],
    // This list knows no way to write a comma: half a path would be another program.
    ["run", joined(paths("run").filter((path) => !path.includes(",")))],
    ["ffi", joined(paths("ffi"))],
    ["sys", joined(sys)],
  ];
  return flags.flatMap(([name, value]) => value === "" ? [] : [`--allow-${name}=${value}`]);
};

/**
 * Whether a variable is among the granted names.
 *
 * @param {string} name
 * @param {ReadonlyArray<string>} flags
 */
export const grantsVariable = (name, flags) =>
  (flags.find((flag) => flag.startsWith("--allow-env=")) ?? "").replace("--allow-env=", "").split(",").some((
    granted,
  ) => granted.endsWith("*") ? name.startsWith(granted.slice(0, -1)) : granted === name);
