import { type Cause, Effect, Queue, Stream } from "effect";
import process from "node:process";
import { createInterface } from "node:readline";

/** `127.0.0.1:7411/?...`, as some browsers show addresses. */
const WITHOUT_SCHEME = /^(?:localhost|[a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::\d+)?\//i;

/** The address in a line that a user pasted, whatever quotes and blanks are around it; `undefined` when it is none. */
export const addressIn = (line: string): URL | undefined => {
  const text = line.replaceAll(/^[\s"'<]+|[\s"'>]+$/g, "");
  const address = WITHOUT_SCHEME.test(text) ? `http://${text}` : text;
  return /^https?:\/\/\S+$/i.test(address) && URL.canParse(address) ? new URL(address) : undefined;
};

/** Lines typed or piped into the program, until its input ends. */
export const lines: Stream.Stream<string> = Stream.callback<string>((
  queue: Queue.Queue<string, Cause.Done>,
) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const reader = createInterface({ input: process.stdin });
      reader.on("line", (line) => Queue.offerUnsafe(queue, line));
      reader.on("close", () => Queue.endUnsafe(queue));
      return reader;
    }),
    (reader) => Effect.sync(() => reader.close()),
  )
);
