import type { Plugin, Source } from "@candlewick/core";
import { Effect, Result } from "effect";
import { storedLogins } from "../login/StoredLogin.ts";
import type { Project } from "../project/Project.ts";
import { type Refusal, refuse } from "../Refusal.ts";
import { type AskedSource, chooseSource, settingsOf } from "./Connection.ts";

/** Whose data a store holds: the vendor's, or invented data of its sandbox. */
export interface Whose {
  readonly data: Plugin.SinkContext["data"];
  readonly info: Source.SourceInfo;
}

/** Whose data a run with these options would write; neither vendor nor sandbox is asked for anything. */
export const whoseData = (project: Project, asked: AskedSource): Effect.Effect<Whose, Refusal> =>
  Effect.gen(function* () {
    const choice = yield* chooseSource(project, asked, storedLogins(project));
    const { data, plugin } = choice;
    if (data === "real") return { data, info: plugin.info(choice.values) };
    const settings = settingsOf(project, plugin);
    return Result.isFailure(settings)
      ? yield* refuse(...settings.failure)
      : { data, info: plugin.info(settings.success.values) };
  });
