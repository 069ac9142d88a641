import { Effect } from "effect";
import type { Binaries } from "./binaries.ts";
import { type Prefix, run } from "./command.ts";
import { type EmbeddedPostgresError, failure } from "./EmbeddedPostgresError.ts";
import { attemptIfPresent, readText } from "./files.ts";
import type { Layout } from "./layout.ts";

/*
 * PostgreSQL refuses to run as root. Started by root it therefore runs as an unprivileged account that keeps one
 * right of root's, to pass the permissions of files (CAP_DAC_OVERRIDE): the project may lie where only root can
 * go, such as /root. The data directory belongs to that account, inside a folder that only root can enter, so
 * nothing else that runs as that account reaches it.
 */

export const SETPRIV = "/usr/bin/setpriv";
export const UNSHARE = "/usr/bin/unshare";
export const PASSWD = "/etc/passwd";

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Runs a program as the account with CAP_DAC_OVERRIDE and no other right. `no_setuid_fixup` lets access(2),
 * by which PostgreSQL's programs look for each other, count the capability too.
 */
export const asAccount = ({ uid, gid }: Account): Prefix => [
  SETPRIV,
  `--reuid=${uid}`,
  `--regid=${gid}`,
  "--clear-groups",
  "--securebits=+no_setuid_fixup",
  "--inh-caps=-all,+dac_override",
  "--ambient-caps=-all,+dac_override",
  "--no-new-privs",
];

/**
 * Runs a program in a user namespace where root appears as the account. For containers that have no account but
 * root; files stay root's.
 */
export const appearingAs = ({ uid, gid }: Account): Prefix => [
  UNSHARE,
  "--user",
  `--map-user=${uid}`,
  `--map-group=${gid}`,
];

/** The account made for PostgreSQL, else the one made for owning nothing, from the text of `/etc/passwd`. */
export const unprivilegedAccount = (passwd: string): Account | undefined => {
  const accounts = passwd.split("\n").map((line) => line.split(":"));
  const [found] = ["postgres", "nobody"].flatMap((name) =>
    accounts.filter((fields) => fields[0] === name && /^[1-9]\d*$/.test(fields[2] ?? ""))
  );
  return found === undefined ? undefined : { uid: Number(found[2]), gid: Number(found[3]) };
};

/**
 * What to put before PostgreSQL's programs. As root: whatever makes them run as the owner of the data, when there
 * is any, else as an unprivileged account. Otherwise nothing.
 */
export const prefixFor = Effect.fnUntraced(function* (
  layout: Layout,
  binaries: Binaries,
): Effect.fn.Return<Prefix, EmbeddedPostgresError> {
  if ((yield* currentUser) !== 0) return [];
  const data = yield* attemptIfPresent("look at", layout.data, () => Deno.stat(layout.data));
  if (data?.uid != null && data.uid !== 0) return asAccount({ uid: data.uid, gid: data.gid ?? data.uid });

  const account = unprivilegedAccount((yield* readText(PASSWD)) ?? "");
  if (account === undefined) {
    return yield* cannotLeaveRoot("there is no user postgres or nobody");
  }
  const ways = data === undefined ? [asAccount(account), appearingAs(account)] : [appearingAs(account)];
  let said = "";
  for (const prefix of ways) {
    const result = yield* Effect.result(run([binaries.pgCtl, "--version"], { cwd: layout.root, prefix }));
    if (result._tag === "Success" && result.success.code === 0) return prefix;
    said ||= result._tag === "Success" ? result.success.output.trim() : result.failure.message;
  }
  return yield* cannotLeaveRoot(said);
});

/** Null where there are no user numbers: Windows. */
const currentUser = Effect.try({
  try: () => Deno.uid(),
  catch: (cause) =>
    failure("account", `Cannot tell who runs this: ${cause instanceof Error ? cause.message : cause}`),
});

const cannotLeaveRoot = (why: string): EmbeddedPostgresError =>
  failure(
    "account",
    `PostgreSQL does not run as root, and running it as another user failed: ${why}`,
    "Run as an ordinary user",
  );
