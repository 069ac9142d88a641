import { sinkContract } from "@candlewick/core/testing";
import { sharedSink } from "./testing/sinks.ts";

sinkContract({ name: "DuckDB", make: sharedSink() });
