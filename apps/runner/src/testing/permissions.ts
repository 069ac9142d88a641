import { type askedBy, permissionFlags } from "../../launch/permissions.mjs";

type Asked = NonNullable<ReturnType<typeof askedBy>>;

export const plugin = (changes: Partial<Asked> = {}): Asked => ({
  kind: "source",
  id: "vendor",
  folder: "/plugins/vendor",
  for: undefined,
  after: [],
  net: [],
  env: [],
  read: [],
  run: [],
  ffi: [],
  sys: [],
  write: [],
  formats: [],
  unless: [],
  ...changes,
});

export const flagsOf = (options: Partial<Parameters<typeof permissionFlags>[0]> = {}) =>
  permissionFlags({
    plugins: [],
    config: {},
    variables: {},
    read: ["/project"],
    project: "/project",
    state: "/project/.candlewick",
    works: true,
    ...options,
  });

/** What a flag grants, as Deno reads it: split at single commas, two stand for one. */
export const granted = (flags: ReadonlyArray<string>, name: string): ReadonlyArray<string> => {
  const prefix = `--allow-${name}=`;
  const flag = flags.find((one) => one.startsWith(prefix));
  if (flag === undefined) return [];
  return flag.slice(prefix.length).replaceAll(",,", "\0").split(",").map((item) =>
    item.replaceAll("\0", ",")
  );
};
