import type { Effect, Redacted, Scope } from "effect";
import type { PluginError } from "./PluginError.ts";
import type { RunPlan, RunSummary } from "./RunSummary.ts";
import type { Settings, Values } from "./Setting.ts";
import type { Exporter } from "./Exporter.ts";
import type { Keeper } from "./Keeper.ts";
import type { KeptLogin } from "./Login.ts";
import type { Sink } from "./Sink.ts";
import type { CandleSource, Capability, InstrumentSource, SourceInfo, SourceSession } from "./Source.ts";

/** What a source offers once its settings are known. */
export interface SourceServices {
  readonly session: SourceSession["Service"];
  readonly instruments?: InstrumentSource["Service"];
  readonly candles?: CandleSource["Service"];
  /**
   * For a source that logs in by itself: makes new credentials after a refusal, which its services use from then on.
   * `false` when there are none to be had. Asked once for all requests that were refused.
   */
  readonly renew?: (error: PluginError, wasAccepted: boolean) => Effect.Effect<boolean, PluginError>;
}

/** What a source may use of the place it runs in. */
export interface SourceContext {
  /** For a source that logs in by itself: what its logins bring, kept from run to run. */
  readonly login: KeptLogin;
}

/**
 * Brings services with new credentials when the vendor refuses the present ones: those must offer what the first
 * did. `undefined` when there are none to be had; then the refusal stands. `wasAccepted` tells whether the refused
 * credentials had been good for a request before.
 */
export type Renew = (error: PluginError, wasAccepted: boolean) => Effect.Effect<SourceServices | undefined>;

/** A login in the browser that ends with a redirect to an address of ours. */
export interface BrowserLogin<S extends Settings> {
  /** Key of the setting that holds what the login brings. */
  readonly setting: string;
  /** The address a user opens. */
  address(settings: Values<S>): Effect.Effect<string, PluginError>;
  /** Turns the address the vendor redirected to into a credential, good until `expires` (epoch ms). */
  complete(
    settings: Values<S>,
    redirected: URL,
  ): Effect.Effect<{ readonly credential: Redacted.Redacted<string>; readonly expires: number }, PluginError>;
}

/** One vendor. */
export interface SourcePlugin<S extends Settings = Settings> {
  readonly kind: "source";
  readonly id: string;
  readonly summary: string;
  readonly settings: S;
  /** Keys of the settings without which the vendor lets nobody in. */
  readonly credentials: ReadonlyArray<string>;
  /** How to come by the credentials, a sentence or two. */
  readonly howToLogIn: string;
  info(settings: Values<S>): SourceInfo;
  make(
    settings: Values<S>,
    context: SourceContext,
  ): Effect.Effect<SourceServices, PluginError, Scope.Scope>;
  readonly login?: BrowserLogin<S>;
}

/** What a sink may use of the place it runs in. */
export interface SinkContext {
  /** Folder of this project's own state; a sink keeps its files in a folder of its own below it. */
  readonly directory: string;
  /** Invented data goes to a place of its own, so that it can never mix with real data. */
  readonly data: "real" | "sandbox";
}

/** One kind of store. */
export interface SinkPlugin<S extends Settings = Settings> {
  readonly kind: "sink";
  readonly id: string;
  readonly summary: string;
  readonly settings: S;
  /** Opens the store. Fails as `conflict` while another process has it to itself: the runner then waits its turn. */
  make(settings: Values<S>, context: SinkContext): Effect.Effect<Sink["Service"], PluginError, Scope.Scope>;
  /** Opens the store for its upkeep: status, backups. */
  keeper?(settings: Values<S>, context: SinkContext): Effect.Effect<Keeper, PluginError, Scope.Scope>;
  /** Writes files for other programs, whatever store the rows come from; its manifest lists the `formats`. */
  readonly exporter?: Exporter;
}

/** Everything a DAG may ask for. */
export type DagServices = Sink | SourceSession | InstrumentSource | CandleSource;

/** One job. */
export interface DagPlugin<S extends Settings = Settings> {
  readonly kind: "dag";
  readonly id: string;
  readonly summary: string;
  readonly parameters: S;
  /** What its source must offer. */
  readonly needs: ReadonlyArray<Capability>;
  /** DAGs that come first when several run together. */
  readonly after: ReadonlyArray<string>;
  /** Of those, the ones that must run now because the store lacks what they bring. */
  prerequisites(parameters: Values<S>): Effect.Effect<ReadonlyArray<string>, PluginError, DagServices>;
  /** What a run would do, with nothing fetched and nothing written. */
  plan(parameters: Values<S>): Effect.Effect<RunPlan, PluginError, DagServices>;
  run(parameters: Values<S>): Effect.Effect<RunSummary, PluginError, DagServices>;
}

/** What a started sandbox tells: settings of the source it stands in for, and parameters for DAGs. */
export interface SandboxSession {
  /** By setting key of the source: `{ root: "http://127.0.0.1:4000", apiKey: ... }`. */
  readonly settings: Readonly<Record<string, string>>;
  /** Defaults by DAG, taken where the user gave none: a selection small enough for a first run. */
  readonly parameters: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** By DAG: parameters that switch its defaults above off when the command line gives one of them. */
  readonly unless?: Readonly<Record<string, ReadonlyArray<string>>>;
  /** One line for the user: what market it pretends. */
  readonly description: string;
}

/** A pretend vendor on loopback, for runs without an account. */
export interface SandboxPlugin {
  readonly kind: "sandbox";
  readonly id: string;
  /** The source it stands in for. */
  readonly for: string;
  readonly summary: string;
  readonly acquire: Effect.Effect<SandboxSession, PluginError, Scope.Scope>;
}

export type Plugin = SourcePlugin | SinkPlugin | DagPlugin | SandboxPlugin;

/**
 * A source. That its credentials are among its settings is checked here and not by the type of the plugin, or
 * no list of plugins could hold it.
 */
export const source = <const S extends Settings>(
  plugin: Omit<SourcePlugin<S>, "kind" | "credentials"> & {
    readonly credentials: ReadonlyArray<keyof S & string>;
  },
): SourcePlugin<S> => ({
  kind: "source",
  ...plugin,
});

export const sink = <const S extends Settings>(plugin: Omit<SinkPlugin<S>, "kind">): SinkPlugin<S> => ({
  kind: "sink",
  ...plugin,
});

export const dag = <const S extends Settings>(plugin: Omit<DagPlugin<S>, "kind">): DagPlugin<S> => ({
  kind: "dag",
  ...plugin,
});

export const sandbox = (plugin: Omit<SandboxPlugin, "kind">): SandboxPlugin => ({
  kind: "sandbox",
  ...plugin,
});
