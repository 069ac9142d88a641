import { type Keeper, type Plugin, PluginError, type Sink, type Source } from "@candlewick/core";
import { Effect, Result, type Scope } from "effect";
import { load } from "../project/Load.ts";
import { chosen, type Project } from "../project/Project.ts";
import { type Refusal, refuse } from "../Refusal.ts";
import { openWhenFree } from "../run/Busy.ts";
import { settingsOf } from "../run/Connection.ts";
import { whoseData } from "../run/Whose.ts";
import type { DbFlags } from "./Options.ts";

type Failure = Refusal | PluginError.PluginError;

/** The store that a run with the same options would write to. */
export interface Store {
  readonly sink: string;
  readonly data: Plugin.SinkContext["data"];
  readonly info: Source.SourceInfo;
  /** Opens it for its upkeep; never while it is open as a sink. */
  readonly keeper: Effect.Effect<Keeper.Keeper, Failure, Scope.Scope>;
  /** Opens it as a run does. */
  readonly open: Effect.Effect<Sink.Sink["Service"], Failure, Scope.Scope>;
  /** Does what needs the store to be left alone by runs: while one is at work, waits for its end or leaves. */
  readonly whenFree: <A, E, R>(
    effect: Effect.Effect<A, E, R>,
  ) => Effect.Effect<A, E | Refusal, R | Scope.Scope>;
}

export const storeOf = (
  project: Project,
  { common }: Pick<DbFlags, "common">,
): Effect.Effect<Store, Refusal> =>
  Effect.gen(function* () {
    const declared = chosen(project, "sink", common.sink);
    if (Result.isFailure(declared)) return yield* refuse(declared.failure);
    const plugin = yield* load("sink", declared.success);
    const { keeper } = plugin;
    if (keeper === undefined) {
      return yield* refuse(
        `sink ${plugin.id} (package ${declared.success.packageName}) offers no upkeep of its store`,
      );
    }
    const settings = settingsOf(project, plugin);
    if (Result.isFailure(settings)) return yield* refuse(...settings.failure);
    const { values } = settings.success;
    const { data, info } = yield* whoseData(project, common);
    const context = { directory: project.state, data };
    const whenFree: Store["whenFree"] = (effect) => openWhenFree(effect, common.ifRunning ?? "leave");
    return {
      sink: plugin.id,
      data,
      info,
      keeper: whenFree(keeper(values, context)),
      open: whenFree(plugin.make(values, context)),
      whenFree,
    };
  });
