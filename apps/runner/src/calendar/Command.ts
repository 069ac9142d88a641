import { Calendar, MarketTime } from "@candlewick/core";
import { Clock, Effect, Result } from "effect";
import { didYouMean } from "../config/Suggest.ts";
import type { Output } from "../display/Output.ts";
import type { Project } from "../project/Project.ts";
import { ExitCode, type Refusal, refuse } from "../Refusal.ts";
import { dateJson, overviewJson, yearJson } from "./Json.ts";
import { type CalendarFlags, readFlags } from "./Options.ts";
import { renderDate, renderOverview, renderWarnings, renderYear } from "./Render.ts";
import { CALENDARS, type Known, known } from "./UserFiles.ts";

/** The exchanges asked for, all when none is; refuses one that has no calendar. */
const choose = (
  { descriptions }: Known,
  asked: ReadonlyArray<string>,
): Result.Result<ReadonlyArray<Calendar.Description>, ReadonlyArray<string>> => {
  const names = [...descriptions.keys()];
  const problems: Array<string> = [];
  const chosen = asked.flatMap((name) => {
    const description = descriptions.get(name.toUpperCase());
    if (description !== undefined) return [description];
    const hint = didYouMean(name, names) || `; there is ${names.join(", ")}; add your own in ${CALENDARS}/`;
    problems.push(`--exchange=${name}: there is no calendar of ${name}${hint}`);
    return [];
  });
  if (problems.length > 0) return Result.fail(problems);
  return Result.succeed(asked.length === 0 ? [...descriptions.values()] : chosen);
};

/** Exchanges that stand by themselves first, each with those that follow it. */
const inOrder = (descriptions: ReadonlyArray<Calendar.Description>): ReadonlyArray<Calendar.Description> => {
  const pathOf = ({ exchange, like }: Calendar.Description): string => {
    const followed = descriptions.find((other) => other.exchange === like);
    return followed === undefined ? exchange : `${pathOf(followed)} ${exchange}`;
  };
  return descriptions.toSorted((left, right) => pathOf(left) < pathOf(right) ? -1 : 1);
};

const checked = ({ placed }: Known, isOverview: boolean): ReadonlyArray<string> => {
  const files = placed.filter(({ where }) => where.startsWith(CALENDARS));
  if (files.length > 0) return ["", `No problems in ${files.map(({ where }) => where).join(", ")}`];
  return isOverview ? ["", `No calendars of your own: ${CALENDARS}/ holds no file`] : [];
};

const render = (
  chosen: ReadonlyArray<Calendar.Description>,
  { year, date }: CalendarFlags,
  today: string,
  { paintOut }: Pick<Output, "paintOut">,
): ReadonlyArray<string> => {
  if (date !== undefined) return renderDate(chosen, date, paintOut);
  if (year !== undefined) return renderYear(chosen, year, today, paintOut);
  return renderOverview(chosen, paintOut);
};

const json = (chosen: ReadonlyArray<Calendar.Description>, { year, date }: CalendarFlags) => {
  if (date !== undefined) return dateJson(chosen, date);
  return year === undefined ? overviewJson(chosen) : yearJson(chosen, year);
};

/**
 * `candlewick calendar`: reads and checks all calendars of the project, and shows what is asked for. Refuses files
 * with problems; warnings are shown below the result.
 */
export const calendarCommand = (
  project: Pick<Project, "folder">,
  args: ReadonlyArray<string>,
  output: Pick<Output, "out" | "paintOut">,
): Effect.Effect<ExitCode, Refusal> =>
  Effect.gen(function* () {
    const flags = readFlags(args);
    if (Result.isFailure(flags)) return yield* refuse(...flags.failure);
    const all = yield* known(project.folder);
    const found = choose(all, flags.success.exchanges);
    if (Result.isFailure(found)) return yield* refuse(...found.failure);
    const chosen = inOrder(found.success);
    const today = MarketTime.dayOf(yield* Clock.currentTimeMillis, "UTC");
    const doubts = Calendar.doubts(all.placed, all.descriptions);
    const endings = Calendar.endings(all.descriptions, today);
    if (flags.success.json) {
      output.out(
        `${JSON.stringify({ ...json(chosen, flags.success), warnings: [...doubts, ...endings] })}\n`,
      );
      return ExitCode.done;
    }
    const isOverview = flags.success.year === undefined && flags.success.date === undefined;
    const lines = [
      ...render(chosen, flags.success, today, output),
      ...checked(all, isOverview),
      // A list of days, or the answer on one, says itself where knowledge ends.
      ...renderWarnings(isOverview ? [...doubts, ...endings] : doubts, output.paintOut),
    ];
    output.out(`${lines.join("\n")}\n`);
    return ExitCode.done;
  });
