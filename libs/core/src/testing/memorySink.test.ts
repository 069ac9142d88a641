import { memorySink } from "./memorySink.ts";
import { sinkContract } from "./sinkContract.ts";

sinkContract({ name: "memory", make: memorySink() });
