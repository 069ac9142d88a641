import { describe, expect, it } from "@effect/vitest";
import { Effect } from "effect";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { folder } from "./testing/files.ts";

const manifest: { readonly ffi: ReadonlyArray<string>; readonly read: ReadonlyArray<string> } =
  JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).candlewick;

const program = fileURLToPath(new URL("./testing/narrow.ts", import.meta.url));
const root = fileURLToPath(new URL("../../..", import.meta.url));

/** What entries of the manifest stand for on this machine; packages for other machines are not installed. */
const installed = (entries: ReadonlyArray<string>): ReadonlyArray<string> => {
  const platform = `${Deno.build.os}-${Deno.build.arch === "x86_64" ? "x64" : "arm64"}`;
  return entries.map((entry) =>
    join(root, "node_modules", entry.replace("npm:", "").replaceAll("{platform}", platform))
  ).filter(existsSync).map((path) => realpathSync(path));
};

const run = (place: string, path: string | undefined, flags: ReadonlyArray<string>) =>
  Effect.promise(async () => {
    const state = join(place, ".candlewick");
    const { code, stderr, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", ...flags, program, state, ...(path === undefined ? [] : [path])],
    }).output();
    return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
  });

const permissions = (place: string, written: ReadonlyArray<string>) => [
  `--allow-read=${[root, place, ...installed(manifest.read)].join(",")}`,
  `--allow-write=${[join(place, ".candlewick"), ...written].join(",")}`,
  "--allow-env=DUCKDB_*",
];

describe("permissions", () => {
  for (const path of [undefined, "data/market.duckdb"]) {
    it.live(
      `of the manifest are enough for ${path ?? "the project's own file"}`,
      () =>
        Effect.gen(function* () {
          const place = yield* folder;
          if (path !== undefined) Deno.mkdirSync(join(place, dirname(path)));
          const written = path === undefined ? [] : [join(place, dirname(path))];
          const library = installed(manifest.ffi);
          expect(library.length).toBeGreaterThan(0);
          const { stderr, stdout } = yield* run(place, path, [
            ...permissions(place, written),
            `--allow-ffi=${library.join(",")}`,
          ]);
          expect(stdout, stderr).toBe(`{"rows":1000}\n`);
          expect(existsSync(join(place, path ?? ".candlewick/duckdb/candlewick.duckdb"))).toBe(true);
        }),
      30_000,
    );
  }

  it.live("that are withheld are named in the error", () =>
    Effect.gen(function* () {
      const place = yield* folder;
      const { code, stderr } = yield* run(place, undefined, permissions(place, []));
      expect(code).not.toBe(0);
      expect(stderr).toContain("the native library of DuckDB cannot be loaded");
      expect(stderr).toContain("--allow-ffi");
    }), 30_000);
});
