import { governed, type Plugin, type PluginError, Source } from "@candlewick/core";
import { Context, Duration, Effect, Queue, type Scope, Stream } from "effect";
import { relative } from "node:path";
import * as Load from "../project/Load.ts";
import { chosen, type Project } from "../project/Project.ts";
import { openSource, settingsOf } from "../run/Connection.ts";
import { ExitCode, notAuthorised, type Refusal, refuse } from "../Refusal.ts";
import type { Arrival } from "./Arrival.ts";
import { defaultPort, listen } from "./Callback.ts";
import * as Credentials from "./Credentials.ts";
import * as Pasted from "./Pasted.ts";
import { inBothZones } from "./Validity.ts";

/** How long a user may take, from each address shown or refused. */
const PATIENCE = Duration.minutes(10);

export interface LoginOptions {
  readonly project: Project;
  /** Source to log in to; by default the configured or only one. */
  readonly source?: string | undefined;
  /** Port on 127.0.0.1 that the vendor redirects to; 0 for any free one. */
  readonly port?: number;
  /** Lines the user pastes; by default the program's own input. */
  readonly pasted?: Stream.Stream<string>;
  /** Shows a line to the user. */
  readonly say: (line: string) => void;
  /** The user's time zone, IANA; by default the machine's. */
  readonly timeZone?: string;
}

type WithLogin = Plugin.SourcePlugin & {
  readonly login: Plugin.BrowserLogin<Plugin.SourcePlugin["settings"]>;
};

const hasLogin = (plugin: Plugin.SourcePlugin): plugin is WithLogin => plugin.login !== undefined;

const pluginOf = Effect.fnUntraced(function* (
  { project, source }: LoginOptions,
): Effect.fn.Return<Plugin.SourcePlugin, Refusal> {
  const declared = yield* Effect.mapError(
    Effect.fromResult(chosen(project, "source", source)),
    (problem) => refuse(problem),
  );
  return yield* Load.load("source", declared);
});

/** For a source without a login in the browser: whether its credentials let it in. */
const checked = Effect.fnUntraced(function* (
  { project, say }: LoginOptions,
  plugin: Plugin.SourcePlugin,
): Effect.fn.Return<ExitCode, Refusal | PluginError.PluginError, Scope.Scope> {
  const source = yield* openSource(
    project,
    { source: plugin.id, sandbox: false, noSandbox: true },
    ["candles"],
    () => Effect.succeed([]),
  );
  const { info } = source.services.session;
  const { authenticate } = Context.get(yield* governed(source.services), Source.SourceSession);
  yield* authenticate;
  say(`${info.name} takes the credentials of ${plugin.id}; runs log in with them by themselves.`);
  return ExitCode.done;
});

const instructions = (name: string, address: string, redirect: string): ReadonlyArray<string> => [
  `Log in to ${name}`,
  "",
  "Open in a browser:",
  `  ${address}`,
  "",
  "The redirect address to register there for your app, once:",
  `  ${redirect}`,
  "",
  "If the browser runs on another machine it cannot come back here: paste the address it ended up at.",
  `Waiting, ${Duration.toMinutes(PATIENCE)} minutes at most; Ctrl-C ends it.`,
];

/** Takes pasted addresses as if the browser had brought them; other lines are answered where they stand. */
const takePasted = (
  pasted: Stream.Stream<string>,
  arrivals: Queue.Enqueue<Arrival>,
  say: LoginOptions["say"],
): Effect.Effect<void> =>
  Stream.runForEach(pasted, (line) =>
    Effect.suspend(() => {
      if (line.trim() === "") return Effect.void;
      const address = Pasted.addressIn(line);
      if (address !== undefined) return Queue.offer(arrivals, { address, answer: () => Effect.void });
      say("That is no address; paste all of the one that the browser ended up at, from http on.");
      return Effect.void;
    }));

const nextArrival = (arrivals: Queue.Dequeue<Arrival>): Effect.Effect<Arrival, Refusal> =>
  Effect.timeoutOrElse(Queue.take(arrivals), {
    duration: PATIENCE,
    orElse: () =>
      Effect.fail(
        notAuthorised(
          `no login came within ${Duration.toMinutes(PATIENCE)} minutes; start again when you are ready`,
        ),
      ),
  });

/** Hands arrivals to the vendor until one is a login. What is no answer of the vendor at all costs nothing. */
const completed = Effect.fnUntraced(function* (
  complete: (address: URL) => Effect.Effect<Credentials.Credential, PluginError.PluginError>,
  arrivals: Queue.Dequeue<Arrival>,
  say: LoginOptions["say"],
): Effect.fn.Return<
  { readonly login: Credentials.Credential; readonly arrival: Arrival },
  PluginError.PluginError | Refusal
> {
  for (;;) {
    const arrival = yield* nextArrival(arrivals);
    const login = yield* Effect.tapError(
      complete(arrival.address),
      () => arrival.answer({ title: "Not logged in", text: "The terminal says why." }),
    ).pipe(
      Effect.catchIf(({ reason }) => reason._tag === "Invalid", ({ reason }) => {
        say(`Not yet: ${reason.message}`);
        return Effect.undefined;
      }),
    );
    if (login !== undefined) return { login, arrival };
  }
});

const attempt = Effect.fnUntraced(function* (
  options: LoginOptions,
): Effect.fn.Return<ExitCode, Refusal | PluginError.PluginError, Scope.Scope> {
  const { project, say } = options;
  const plugin = yield* pluginOf(options);
  if (!hasLogin(plugin)) return yield* checked(options, plugin);
  const { values, origins } = yield* Effect.mapError(
    Effect.fromResult(settingsOf(project, plugin)),
    (problems) => refuse(...problems),
  );
  const { name, timeZone } = plugin.info(values);
  const address = yield* plugin.login.address(values);

  const arrivals = yield* Queue.unbounded<Arrival>();
  const redirect = yield* listen(options.port ?? defaultPort, arrivals);
  for (const line of instructions(name, address, redirect)) say(line);
  yield* Effect.forkScoped(takePasted(options.pasted ?? Pasted.lines, arrivals, say));

  const { login, arrival } = yield* completed((url) => plugin.login.complete(values, url), arrivals, say);
  project.secrets.addFrom({ ...login });
  const path = yield* Credentials.store(project.state, plugin.id, login);
  yield* arrival.answer({ title: "Logged in", text: "You can close this page and go back to the terminal." });

  const local = options.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  say("");
  say(`Logged in. Runs use this login until ${inBothZones(login.expires, timeZone, local)}.`);
  say(`It is kept in ${relative(project.folder, path)}, readable by you alone.`);
  const shadow = origins[plugin.login.setting];
  if (shadow !== undefined) {
    say(`But runs use another one before it: ${shadow} is set. Remove that to use this login.`);
  }
  return ExitCode.done;
});

/**
 * Logs in to a source with a browser and keeps what the login brings for the runs to come, in place of an earlier
 * login. Never shows the credential. Fails with `Unauthorized` when the vendor refuses, with a `Refusal` when the
 * configuration is wrong, or nobody logs in. A source that needs no browser is asked whether it takes the credentials.
 */
export const login = (options: LoginOptions): Effect.Effect<ExitCode, Refusal | PluginError.PluginError> =>
  Effect.scoped(attempt(options));
