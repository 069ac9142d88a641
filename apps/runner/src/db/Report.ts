import type { Keeper } from "@candlewick/core";
import type { ExitCode } from "../Refusal.ts";
import type { DbFlags } from "./Options.ts";
import type { Person } from "./Ask.ts";
import type { Paint } from "../display/Style.ts";
import type { Store } from "./Store.ts";

/** What a command ends with: for programs, and for people, who were told the rest before. */
export interface Report {
  readonly code: ExitCode;
  readonly json: Readonly<Record<string, unknown>>;
  readonly lines: ReadonlyArray<string>;
}

/** What a command has at hand. */
export interface Work {
  readonly store: Store;
  readonly flags: DbFlags;
  readonly person: Person;
  /** Says which store it is. */
  readonly opened: (keeper: Keeper.Keeper) => void;
  /** Shows lines at once, before the report. */
  readonly tell: (...lines: ReadonlyArray<string>) => void;
  readonly paint: Paint;
}
