import { Dataset, Plugin, PluginError, Setting, Sink } from "@candlewick/core";
import { Effect, Stream } from "effect";

const settings = {
  broken: Setting.flag({ description: "Refuse every write" }),
};

const refused = new PluginError.PluginError({
  plugin: "notes",
  operation: "write",
  reason: new PluginError.Store({ message: "the notebook is closed", fault: "schema" }),
});

/** Appends each written batch to `<state>/notes.jsonl`, with `{ closed: true }` when the run lets go of it. */
export default Plugin.sink({
  id: "notes",
  summary: "Appends rows to a file",
  settings,
  make: ({ broken }, { directory, data }) =>
    Effect.gen(function* () {
      Deno.mkdirSync(directory, { recursive: true });
      const file = `${directory}/notes.jsonl`;
      const note = (entry: unknown) =>
        Effect.sync(() => Deno.writeTextFileSync(file, `${JSON.stringify(entry)}\n`, { append: true }));
      yield* Effect.addFinalizer(() => note({ closed: true }));
      const write = (dataset: Dataset.Dataset, rows: unknown) =>
        broken
          ? Effect.fail(refused)
          : Effect.as(note({ dataset: dataset.name, data, rows }), { ...Sink.noWrites, inserted: 1 });
      return Sink.Sink.of({
        id: "notes",
        location: file,
        ensure: () => broken ? Effect.fail(refused) : Effect.void,
        ensureView: () => Effect.void,
        upsert: write,
        replace: (dataset, _slice, rows) => write(dataset, rows),
        select: () => Stream.empty,
        transaction: (effect) => effect,
        tryLock: () => Effect.succeed({ lost: Effect.never }),
      });
    }),
});
