import { describe, expect, it } from "vitest";
import { decide, decideAfter, FAREWELL, SILENCE } from "./decisions.ts";

describe("a server that is looked for", () => {
  it.each(
    [
      ["that answers is used, whoever else uses it", "ready", false, 0, "use"],
      ["that starts or stops is waited for", "notYet", true, FAREWELL, "wait"],
      ["that no pid file names is started", "unrecorded", true, 0, "start"],
      ["is also started when others wait for it", "unrecorded", false, 0, "start"],
      ["that was killed is started", "nobody", true, 0, "start"],
      ["that others use out of reach is not started", "nobody", false, 0, "wait"],
      ["that others keep using out of reach is given up", "nobody", false, FAREWELL, "outOfReach"],
      ["whose port went to another PostgreSQL is started", "wrongPassword", true, 0, "start"],
    ] as const,
  )("%s", (_, answer, alone, elapsed, decision) => {
    expect(decide({ answer, alone, elapsed })).toBe(decision);
  });

  it.each(
    [
      ["reason unknown: the run fails", undefined, "unrecorded", 0, "fail"],
      ["the port is taken: another is tried", "port", "unrecorded", 0, "otherPort"],
      ["processes of the killed server still end: they are waited for", "memory", "nobody", SILENCE, "wait"],
      [
        "the pid file names a process: that is given time to answer",
        "pidFile",
        "nobody",
        SILENCE - 1,
        "wait",
      ],
      ["and does not answer: it is no server", "pidFile", "nobody", SILENCE, "removePidFile"],
      [
        "a server with another password runs: its pid file stays",
        "pidFile",
        "wrongPassword",
        SILENCE,
        "wrongPassword",
      ],
    ] as const,
  )("a start that failed; %s", (_, hindrance, answer, elapsed, decision) => {
    expect(decideAfter({ answer, alone: true, elapsed }, hindrance)).toBe(decision);
  });
});
