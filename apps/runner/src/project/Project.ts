import type { Manifest } from "@candlewick/core";
import { Effect, Result } from "effect";
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { choose, configured } from "../../launch/choice.mjs";
import { namedPlugins } from "../../launch/packages.mjs";
import { files, readDotEnv, readJson } from "../../launch/project.mjs";
import { type ConfigFile, emptyConfig, parseConfig } from "../config/ConfigFile.ts";
import { type DagSection, parseDagSection } from "../config/DagSection.ts";
import { parseJsonText } from "../config/JsonText.ts";
import { didYouMean } from "../config/Suggest.ts";
import { Secrets } from "../log/Secrets.ts";
import { make as makeVariables, type Variables } from "../config/Variables.ts";
import { type Refusal, refuse } from "../Refusal.ts";
import { catalogue, type DagEntry } from "./DagCatalogue.ts";
import { discover, ofKind } from "./Discovery.ts";

/** A project as its files describe it; no plugin is loaded yet. */
export interface Project {
  readonly folder: string;
  /** Where logs, credentials and the embedded database lie. */
  readonly state: string;
  readonly config: ConfigFile;
  readonly variables: Variables;
  readonly declared: ReadonlyArray<Manifest.Declared>;
  readonly dags: ReadonlyArray<DagEntry>;
  /** What no output may show; grows as settings are decoded. */
  readonly secrets: Secrets;
  /** The same project with its variables and its configuration as the files have them now. */
  readonly reread: () => Project;
}

/** JSON of a file that exists; a problem names the file and the place. */
const parseJson = (path: string, name: string): Result.Result<unknown, string> =>
  Result.mapError(parseJsonText(readFileSync(path, "utf8")), (fault) => `${name} is no JSON: ${fault}`);

/** The `config.json` beside a DAG, with what is wrong with it. */
export const readDagConfig = (
  project: string,
  dag: Manifest.Declared,
): { readonly section: DagSection; readonly problems: ReadonlyArray<string> } | undefined => {
  const path = join(dag.folder, "config.json");
  if (!existsSync(path)) return undefined;
  const fromProject = relative(project, path);
  const name = fromProject.startsWith("..") ? path : fromProject;
  const json = parseJson(path, name);
  return Result.isFailure(json)
    ? { section: { where: name, parameters: {} }, problems: [json.failure] }
    : parseDagSection(name, json.success, ["$schema"]);
};

/** Ids in the configuration that belong to no plugin. */
const unknownIds = (config: ConfigFile, declared: ReadonlyArray<Manifest.Declared>): ReadonlyArray<string> =>
  (["source", "sink", "dag"] as const).flatMap((kind) => {
    const known = ofKind(declared, kind).map(({ manifest }) => manifest.id);
    return Object.keys(config[`${kind}s`]).filter((id) => !known.includes(id)).map((id) =>
      `${files.config}: ${kind}s: there is no ${kind} "${id}"` +
      (didYouMean(id, known) || `; there is ${known.join(", ") || "none"}`)
    );
  });

/** Reads everything of a project that a run may need to know before plugins are loaded. */
export const open = (
  folder: string,
  environment: (name: string) => string | undefined,
): Effect.Effect<Project, Refusal> =>
  Effect.gen(function* () {
    const path = join(folder, files.config);
    const dotEnv = readDotEnv(folder);
    const json = existsSync(path) ? parseJson(path, files.config) : undefined;
    if (json !== undefined && Result.isFailure(json)) return yield* refuse(json.failure);
    const parsed = json === undefined
      ? { config: emptyConfig, problems: [] }
      : parseConfig(files.config, json.success);
    const found = discover(folder, namedPlugins(parsed.config));
    const besideProblems: Array<string> = [];
    const { dags, problems } = catalogue(ofKind(found.declared, "dag"), parsed.config.dags, (dag) => {
      const beside = readDagConfig(folder, dag);
      besideProblems.push(...beside?.problems ?? []);
      return beside?.section;
    });
    const all = [
      ...parsed.problems,
      ...found.problems,
      ...problems,
      ...besideProblems,
      ...unknownIds(parsed.config, found.declared),
    ];
    if (all.length > 0) return yield* refuse(...all);
    const project: Project = {
      folder,
      state: join(folder, files.state),
      config: parsed.config,
      variables: makeVariables(environment, dotEnv),
      declared: found.declared,
      dags,
      secrets: new Secrets(),
      reread: () => ({
        ...project,
        config: configNow(path) ?? project.config,
        variables: makeVariables(withoutFile(environment, dotEnv), readDotEnv(folder)),
      }),
    };
    return project;
  });

/** The environment as it was before the launcher put variables of `.env` into it. */
const withoutFile =
  (environment: (name: string) => string | undefined, dotEnv: Readonly<Record<string, string>>) =>
  (name: string): string | undefined => {
    const value = environment(name);
    return Object.hasOwn(dotEnv, name) && dotEnv[name] === value ? undefined : value;
  };

/** The configuration if it is whole now: it may be read while somebody writes it. */
const configNow = (path: string): ConfigFile | undefined => {
  const parsed = parseConfig(files.config, readJson(path));
  return parsed.problems.length === 0 ? parsed.config : undefined;
};

/** The source or sink a run uses, or what keeps it from being known. */
export const chosen = (
  project: Project,
  kind: "source" | "sink",
  asked: string | undefined,
): Result.Result<Manifest.Declared, string> => {
  const known = ofKind(project.declared, kind);
  const ids = known.map(({ manifest }) => manifest.id);
  const choice = choose(kind, ids, asked, configured(kind, project.folder, project.config));
  return "id" in choice
    ? Result.succeed(known.find(({ manifest }) => manifest.id === choice.id)!)
    : Result.fail(choice.problem + (asked === undefined ? "" : didYouMean(asked, ids)));
};
