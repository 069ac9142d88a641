import type { Exporter, Manifest } from "@candlewick/core";
import { Effect } from "effect";
import { existsSync, statSync } from "node:fs";
import { dirname, extname, resolve } from "node:path";
import { didYouMean } from "../config/Suggest.ts";
import { load } from "../project/Load.ts";
import { ofKind } from "../project/Discovery.ts";
import type { Project } from "../project/Project.ts";
import { type Refusal, refuse } from "../Refusal.ts";
import type { ExportValues } from "./Options.ts";

/** The format of a file, and the plugin that writes it. */
export interface Writer {
  readonly format: string;
  readonly plugin: Manifest.Declared;
}

type Asked = Pick<ExportValues, "out" | "format">;

const formatsOf = ({ manifest }: Manifest.Declared): ReadonlyArray<string> => manifest.formats ?? [];

/**
 * Who writes a file: the format is the one asked for, else that of the file's ending; where several plugins know it,
 * the chosen sink comes first, then the first by id.
 */
export const writerOf = (
  sinks: ReadonlyArray<Manifest.Declared>,
  chosen: string | undefined,
  { format: asked, out }: Asked,
): Writer | { readonly problem: string } => {
  const known = [...new Set(sinks.flatMap(formatsOf))].sort();
  if (known.length === 0) {
    return { problem: `no plugin writes files: the manifest of one that does names its "formats"` };
  }
  const ending = extname(out).slice(1).toLowerCase();
  const format = asked ?? ending;
  const rank = ({ manifest }: Manifest.Declared) => `${manifest.id === chosen ? 0 : 1}${manifest.id}`;
  const plugin = sinks.filter((sink) => formatsOf(sink).includes(format))
    .toSorted((left, right) => rank(left) < rank(right) ? -1 : 1)[0];
  if (plugin !== undefined) return { format, plugin };
  if (asked !== undefined) {
    return {
      problem: `--format=${asked}: ${didYouMean(asked, known).slice(2) || `there is ${known.join(", ")}`}`,
    };
  }
  const what = ending === "" ? "the file has no ending" : `".${ending}" is the ending of no known format`;
  return {
    problem: `--out=${out}: ${what}: take ${known.map((name) => `.${name}`).join(" or ")}, or give --format`,
  };
};

/** The absolute path of the file; refuses a folder that is not there, and a file that may not be replaced. */
export const pathOf = (
  { out, overwrite }: Pick<ExportValues, "out" | "overwrite">,
  cwd: string,
): Effect.Effect<string, Refusal> =>
  Effect.suspend(() => {
    const path = resolve(cwd, out);
    const folder = dirname(path);
    if (!existsSync(folder) || !statSync(folder).isDirectory()) {
      return refuse(`--out=${out}: there is no folder ${folder}`);
    }
    if (existsSync(path)) {
      if (!statSync(path).isFile()) return refuse(`--out=${out}: ${path} is no file`);
      if (!overwrite) return refuse(`--out=${out}: the file is there already; --overwrite replaces it`);
    }
    return Effect.succeed(path);
  });

/** Finds who writes the file, without loading code of plugins. */
export const findWriter = (
  project: Project,
  chosen: string | undefined,
  asked: Asked,
): Effect.Effect<Writer, Refusal> => {
  const found = writerOf(ofKind(project.declared, "sink"), chosen, asked);
  return "problem" in found ? Effect.fail(refuse(found.problem)) : Effect.succeed(found);
};

export const loadExporter = ({ plugin }: Writer): Effect.Effect<Exporter.Exporter, Refusal> =>
  Effect.flatMap(load("sink", plugin), ({ exporter }) =>
    exporter === undefined
      ? refuse(
        `package ${plugin.packageName}: sink "${plugin.manifest.id}" lists "formats" in its manifest and has no exporter`,
      )
      : Effect.succeed(exporter));
