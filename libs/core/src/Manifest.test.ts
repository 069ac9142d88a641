import { describe, expect, it } from "@effect/vitest";
import { Result } from "effect";
import * as Manifest from "./Manifest.ts";

const field = {
  kind: "source",
  id: "kite",
  entry: "./src/plugin.ts",
  core: Manifest.coreVersion,
  summary: "Zerodha Kite Connect",
};

const read = (value: unknown) => Manifest.read("@candlewick/source-kite", "/libs/source-kite", value);

const problem = (value: unknown): string => {
  const result = read(value);
  return Result.isFailure(result) ? result.failure : expect.unreachable("expected a problem");
};

describe("Manifest.read", () => {
  it("reads what a package declares", () => {
    const manifest = { ...field, net: ["api.kite.trade:443"], env: ["KITE_*"], after: ["instruments"] };
    expect(read(manifest)).toEqual(Result.succeed({
      packageName: "@candlewick/source-kite",
      folder: "/libs/source-kite",
      manifest,
    }));
  });

  it("is nothing where a package declares no plugin", () => {
    for (const value of [undefined, null, "source", 1, {}, { note: "not a plugin" }]) {
      expect(read(value)).toEqual(Result.succeed(undefined));
    }
  });

  const wrong: ReadonlyArray<readonly [what: string, change: object, named: string]> = [
    ["an unknown kind", { kind: "sauce" }, "kind"],
    ["an id that is no plain word", { id: "Kite!" }, "id"],
    ["an entry that is no path", { entry: "src/plugin.ts" }, "entry"],
    ["an entry outside the package", { entry: "./../other/plugin.ts" }, "entry"],
    ["a summary that is no text", { summary: 5 }, "summary"],
    ["hosts that are no list", { net: "api.kite.trade" }, "net"],
    ["a field that is misspelt", { nett: ["api.kite.trade:443"] }, "nett"],
  ];
  for (const [what, change, named] of wrong) {
    it(`names package and field of ${what}`, () => {
      const message = problem({ ...field, ...change });
      expect(message).toContain("@candlewick/source-kite");
      expect(message).toContain(named);
    });
  }

  it("names the field that is missing", () => {
    for (const name of ["id", "entry", "core", "summary"] as const) {
      const { [name]: _, ...rest } = field;
      expect(problem(rest)).toContain(name);
    }
  });

  it("says which interface a plugin was made for, whatever else that interface knows", () => {
    const message = problem({ ...field, core: 7, colour: "blue" });
    expect(message).toContain("@candlewick/source-kite");
    expect(message).toContain('"kite"');
    expect(message).toContain("interface 7");
    expect(message).toContain(`interface ${Manifest.coreVersion}`);
  });

  it("wants a sandbox to say what it stands in for", () => {
    expect(problem({ ...field, kind: "sandbox" })).toContain('"for"');
    expect(Result.isSuccess(read({ ...field, kind: "sandbox", for: "kite" }))).toBe(true);
  });
});

describe("Manifest.clashes", () => {
  const declared = (packageName: string, kind: Manifest.PluginKind, id: string): Manifest.Declared => ({
    packageName,
    folder: `/libs/${packageName}`,
    manifest: { ...field, kind, id },
  });

  it("names all packages that claim one id", () => {
    const found = Manifest.clashes([
      declared("a", "source", "kite"),
      declared("b", "source", "kite"),
      declared("c", "source", "yahoo"),
      declared("d", "source", "kite"),
    ]);
    expect(found.length).toBe(1);
    for (const part of ["source", '"kite"', "a", "b", "d"]) expect(found[0]).toContain(part);
    expect(found[0]).not.toContain("c and");
  });

  it("lets a source and its sandbox share an id", () => {
    expect(Manifest.clashes([declared("a", "source", "kite"), declared("b", "sandbox", "kite")])).toEqual([]);
  });
});
