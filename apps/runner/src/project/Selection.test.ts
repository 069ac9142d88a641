import type { Manifest } from "@candlewick/core";
import { Result } from "effect";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDagSection } from "../config/DagSection.ts";
import { catalogue, inOrder } from "./DagCatalogue.ts";
import { select } from "./Selection.ts";

const declared = (
  id: string,
  after: ReadonlyArray<string> = [],
  more: Partial<Manifest.Manifest> = {},
): Manifest.Declared => ({
  packageName: `@mine/dag-${id}`,
  folder: `/${id}`,
  manifest: { kind: "dag", id, core: 1, entry: "./plugin.ts", summary: `The job ${id}`, after, ...more },
});

const section = (where: string, value: unknown) => parseDagSection(where, value).section;

describe("the catalogue of DAGs", () => {
  it("numbers them in the order in which they run", () => {
    const { dags, problems } = catalogue(
      [declared("historic", ["instruments"]), declared("actions", ["historic"]), declared("instruments")],
      {},
      () => undefined,
    );
    expect(problems).toEqual([]);
    expect(dags.map(({ number, id }) => [number, id])).toEqual([
      [1, "instruments"],
      [2, "historic"],
      [3, "actions"],
    ]);
  });

  it("takes what it says of each from config/config.json, the config.json beside it, its manifest", () => {
    const { dags } = catalogue(
      [declared("a"), declared("b"), declared("c")],
      { a: section("config/config.json: dags.a", { description: "Above", enabled: false }) },
      ({ manifest: { id } }) =>
        id === "c"
          ? undefined
          : section(`${id}/config.json`, { description: "Beside", schedule: "daily", enabled: id === "a" }),
    );
    expect(dags).toMatchObject([
      {
        description: "Above",
        schedule: "daily",
        enabled: false,
        disabledBy: "config/config.json: dags.a.enabled",
      },
      { description: "Beside", schedule: "daily", enabled: false, disabledBy: "b/config.json: enabled" },
      { description: "The job c", schedule: "", enabled: true },
    ]);
    expect(dags[0]!.sections.map(({ where }) => where)).toEqual([
      "config/config.json: dags.a",
      "a/config.json",
    ]);
  });

  it("names those that wait for each other, and their packages", () => {
    const { dags, problems } = catalogue(
      [declared("a", ["b"]), declared("b", ["c"]), declared("c", ["b"]), declared("d")],
      {},
      () => undefined,
    );
    expect(dags.map(({ id }) => id)).toEqual(["d"]);
    expect(problems).toEqual([
      'DAGs wait for each other: a, b, c; look at "after" in the manifests of ' +
      "@mine/dag-a, @mine/dag-b, @mine/dag-c",
    ]);
  });

  it("puts each after those it names, of any that can be put so, always in the same order", () =>
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { maxLength: 8 }).chain((ids) =>
          fc.tuple(
            ...ids.map((id, index) =>
              fc.record({
                id: fc.constant(id),
                after: fc.oneof(fc.subarray(ids.slice(0, index)), fc.constant(["not-installed"])),
              })
            ),
          )
        ),
        fc.nat(),
        (dags, seed) => {
          const { ids, circle } = inOrder(dags);
          expect(circle).toEqual([]);
          for (const { id, after } of dags) {
            for (const other of after) expect(ids.indexOf(other)).toBeLessThan(ids.indexOf(id));
          }
          const turned = dags.map((_, index) => dags[(index + seed) % dags.length]!);
          expect(inOrder(turned).ids).toEqual(ids);
        },
      ),
      { numRuns: 200 },
    ));
});

describe("--dag", () => {
  const { dags } = catalogue(
    [declared("instruments"), declared("historic", ["instruments"]), declared("actions", ["historic"])],
    { actions: section("config/config.json: dags.actions", { enabled: false }) },
    () => undefined,
  );
  const chosen = (text: string) => Result.getOrThrow(select(text, dags)).chosen.map(({ id }) => id);

  it.each([
    ["historic", ["historic"]],
    ["2", ["historic"]],
    ["historic,instruments", ["instruments", "historic"]],
    ["2,1", ["instruments", "historic"]],
    [" historic , 2,,historic", ["historic"]],
    ["all", ["instruments", "historic"]],
    ["all,historic", ["instruments", "historic"]],
  ])("%s names %j, in the order in which they run", (text, ids) => expect(chosen(text)).toEqual(ids));

  it("tells which of all are switched off", () => {
    expect(Result.getOrThrow(select("all", dags)).disabled.map(({ id }) => id)).toEqual(["actions"]);
  });

  it.each([
    ["", ["--dag names no DAG; there is 1 instruments, 2 historic, 3 actions"]],
    [" , ", ["--dag names no DAG; there is 1 instruments, 2 historic, 3 actions"]],
    ["hisotric", ['--dag=hisotric: there is no DAG "hisotric"; did you mean "historic"?']],
    ["4", ['--dag=4: there is no DAG "4"; there is 1 instruments, 2 historic, 3 actions']],
    ["actions", [
      '--dag=actions: "actions" is switched off by config/config.json: dags.actions.enabled; ' +
      "set it to true to run it",
    ]],
    ["4,al", [
      '--dag=4,al: there is no DAG "4"; there is 1 instruments, 2 historic, 3 actions',
      '--dag=4,al: there is no DAG "al"; did you mean "all"?',
    ]],
  ])("%j is refused", (text, problems) => expect(select(text, dags)).toEqual(Result.fail(problems)));

  it("a DAG that runs by name only is left out of all, unless a configuration enables it", () => {
    const jobs = [declared("historic"), declared("report", ["historic"], { onlyByName: true })];
    const choose = (text: string, enabled?: boolean) => {
      const sections = enabled === undefined ? {} : { report: section("file: dags.report", { enabled }) };
      return Result.map(
        select(text, catalogue(jobs, sections, () => undefined).dags),
        ({ chosen, disabled }) => [chosen, disabled].map((some) => some.map(({ id }) => id)),
      );
    };
    expect(choose("all")).toEqual(Result.succeed([["historic"], []]));
    expect(choose("report")).toEqual(Result.succeed([["report"], []]));
    expect(choose("all,report")).toEqual(Result.succeed([["historic", "report"], []]));
    expect(choose("all", true)).toEqual(Result.succeed([["historic", "report"], []]));
    expect(choose("all", false)).toEqual(Result.succeed([["historic"], ["report"]]));
    expect(Result.isFailure(choose("report", false))).toBe(true);
    const { dags: alone } = catalogue(jobs.slice(1), {}, () => undefined);
    expect(select("all", alone)).toEqual(Result.fail(["--dag=all: name one; there is 1 report"]));
  });

  it("all is refused where all are switched off, or there is none", () => {
    expect(select("all", dags.filter(({ enabled }) => !enabled))).toEqual(
      Result.fail(["--dag=all: all DAGs are switched off (actions)"]),
    );
    expect(select("all", [])).toEqual(Result.fail(["--dag=all: there is no DAG"]));
    expect(select("x", [])).toEqual(Result.fail(['--dag=x: there is no DAG "x"; there is none']));
  });
});
