import { describe, expect, it } from "vitest";
import { makeProject } from "../../testing/project.ts";

const mine = {
  exchange: "NSE",
  source: "a circular",
  asOf: "2026-06-01",
  closed: { "2026-06-11": "state mourning" },
};

describe("the program, with the permissions it gets", () => {
  it("reads the user's calendars, and changes nothing", async () => {
    const project = makeProject();
    try {
      project.write("config/calendars/NSE.json", mine);
      const { code, out, err } = await project.run([
        "calendar",
        "--date=2026-06-11",
        "--exchange=NFO",
        "--json",
      ]);
      expect(err).toBe("");
      expect(code).toBe(0);
      expect(JSON.parse(out).exchanges[0]).toMatchObject({ trades: false, why: "state mourning" });
    } finally {
      project.remove();
    }
  });

  it.each([[["calendar"]], [["--dag=all"]], [["--dag=all", "--dry-run"]]])(
    "%j refuses a broken one before anything else happens",
    async (args) => {
      const project = makeProject();
      try {
        project.write("config/calendars/NSE.json", { ...mine, closed: { "2027-02-30": "x" } });
        const { code, err } = await project.run(args);
        expect(code).toBe(2);
        expect(err).toContain("config/calendars/NSE.json: closed.2027-02-30: there is no day 2027-02-30");
        expect(project.notes()).toEqual([]);
      } finally {
        project.remove();
      }
    },
  );
});
