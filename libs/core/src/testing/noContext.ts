import { inMemory } from "../Login.ts";
import type { SourceContext } from "../Plugin.ts";

/** A place to run in for tests of sources: logins are kept in memory, and there is none yet. */
export const noContext: SourceContext = { login: inMemory() };
