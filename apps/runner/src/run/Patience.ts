import type { CommonArguments } from "../cli/Arguments.ts";
import { type ConfigFile, type IfRunning, waitForLogin } from "../config/ConfigFile.ts";
import type { Output } from "../display/Output.ts";

/**
 * How long a run waits for a new login, milliseconds: as the command line says, else as the configuration does. Where
 * neither does, a person at a terminal has a quarter of an hour, and a program is told at once.
 */
export const patienceOf = (
  asked: Pick<CommonArguments, "waitForLogin">,
  configured: Pick<ConfigFile, "waitForLogin">,
  { isTerminal }: Pick<Output, "isTerminal">,
): number => asked.waitForLogin ?? configured.waitForLogin ?? (isTerminal ? waitForLogin.fallback ?? 0 : 0);

/** Whether a run waits for another that is at work, or has the store: as the command line says, else the configuration. */
export const ifRunningOf = (
  asked: Pick<CommonArguments, "ifRunning">,
  configured: Pick<ConfigFile, "ifRunning">,
): IfRunning => asked.ifRunning ?? configured.ifRunning ?? "wait";
