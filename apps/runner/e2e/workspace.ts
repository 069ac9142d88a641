import { governed, Login, type Plugin, type RunSummary, Setting, Sink, type Source } from "@candlewick/core";
import { Effect, type Scope } from "effect";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { discover } from "../src/project/Discovery.ts";
import { load } from "../src/project/Load.ts";

/** Root of the checkout. */
export const workspace = fileURLToPath(new URL("../../../", import.meta.url));

const declared = (kind: Plugin.Plugin["kind"], id: string) => {
  const found = discover(workspace, []).declared.find(({ manifest }) =>
    manifest.kind === kind && manifest.id === id
  );
  if (found === undefined) throw new Error(`no ${kind} "${id}" in the workspace`);
  return found;
};

/** A plugin of the workspace, found as the runner finds it. */
export const source = (id: string) => load("source", declared("source", id));
export const sink = (id: string) => load("sink", declared("sink", id));
export const dag = (id: string) => load("dag", declared("dag", id));

/** The folder of a plugin's package. */
export const folderOf = (kind: Plugin.Plugin["kind"], id: string): string => declared(kind, id).folder;

/** Values of settings: what is given, decoded as a user's text would be, and defaults for the rest. */
export const values = (
  settings: Setting.Settings,
  given: Readonly<Record<string, unknown>>,
): Effect.Effect<Setting.Values<Setting.Settings>, string> =>
  Effect.map(
    Effect.forEach(Object.entries(settings), ([key, setting]) =>
      key in given
        ? Effect.map(Effect.fromResult(Setting.decode(setting, given[key])), (value) =>
          [key, value] as const)
        : Effect.succeed([key, setting.fallback] as const)),
    (entries) =>
      Object.fromEntries(entries),
  );

/** A sandbox of its own process, as `nx run kite-sandbox:serve` starts it. */
export const sandboxProcess = (
  id: string,
  args: ReadonlyArray<string>,
): Effect.Effect<Readonly<Record<string, string>>, Error, Scope.Scope> =>
  Effect.gen(function* () {
    const { folder, manifest } = declared("sandbox", id);
    const stands = manifest.for!;
    const child = yield* Effect.acquireRelease(
      Effect.sync(() =>
        new Deno.Command(Deno.execPath(), {
          args: ["run", "-A", join(folder, "src/main.ts"), "--port", "0", ...args],
          stdin: "null",
          stdout: "piped",
          stderr: "inherit",
        }).spawn()
      ),
      (process) =>
        Effect.promise(async () => {
          process.kill("SIGTERM");
          await process.status;
        }),
    );
    const banner = yield* Effect.tryPromise({
      try: async () => {
        let text = "";
        const decoder = new TextDecoder();
        for await (const bytes of child.stdout.values({ preventCancel: true })) {
          text += decoder.decode(bytes, { stream: true });
          if (text.includes("Ctrl-C")) return text;
        }
        throw new Error(`the sandbox ended: ${text}`);
      },
      catch: (cause) => cause instanceof Error ? cause : new Error(String(cause)),
    });
    yield* Effect.addFinalizer(() => Effect.promise(() => child.stdout.cancel()));
    return Object.fromEntries(
      Array.from(
        banner.matchAll(
          new RegExp(`^ {2}${stands.toUpperCase().replaceAll("-", "_")}_([A-Z_]+)=(.*)$`, "gm"),
        ),
        (
          [, name = "", value = ""],
        ) => [name.toLowerCase().replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), value],
      ),
    );
  });

/** A source of the workspace, with its limits or, for speed, without. */
export const openSource = Effect.fnUntraced(function* (
  id: string,
  given: Readonly<Record<string, unknown>>,
  limits: "declared" | "none",
) {
  const plugin = yield* source(id);
  const services = yield* plugin.make(yield* values(plugin.settings, given), { login: Login.inMemory() });
  const info: Source.SourceInfo = limits === "declared"
    ? services.session.info
    : { ...services.session.info, limits: { instruments: [], candles: [] } };
  return { info, context: yield* governed({ ...services, session: { ...services.session, info } }) };
});

/** A store of the workspace, in a folder of its own. */
export const openSink = Effect.fnUntraced(function* (id: string, directory: string) {
  const plugin = yield* sink(id);
  return yield* plugin.make(yield* values(plugin.settings, {}), { directory, data: "real" });
});

/** Runs a DAG of the workspace with parameters as a user's flags would give them. */
export const runDag = Effect.fnUntraced(function* (
  id: string,
  parameters: Readonly<Record<string, unknown>>,
  on: {
    readonly source: Effect.Success<ReturnType<typeof openSource>>;
    readonly sink: Sink.Sink["Service"];
  },
) {
  const plugin = yield* dag(id);
  const summary: RunSummary.RunSummary = yield* plugin.run(yield* values(plugin.parameters, parameters)).pipe(
    Effect.provideContext(on.source.context),
    Effect.provideService(Sink.Sink, on.sink),
  );
  return summary;
});
