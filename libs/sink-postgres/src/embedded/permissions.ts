import { Effect } from "effect";
import { join } from "node:path";
import { PASSWD, SETPRIV, UNSHARE } from "./account.ts";
import { copyFolder, packageFolder, programsIn } from "./binaries.ts";
import type { EmbeddedPostgresError } from "./EmbeddedPostgresError.ts";
import { layoutOf } from "./layout.ts";

/** Values of Deno's `--allow-*` flags. */
export interface Permissions {
  readonly read: ReadonlyArray<string>;
  readonly write: ReadonlyArray<string>;
  readonly run: ReadonlyArray<string>;
  readonly net: ReadonlyArray<string>;
  readonly env: ReadonlyArray<string>;
  readonly sys: ReadonlyArray<string>;
}

/** What a program needs to be allowed for the embedded server in `directory`; needs no permission itself. */
export const permissions = (directory: string): Effect.Effect<Permissions, EmbeddedPostgresError> =>
  Effect.map(packageFolder(), (folder) => {
    const layout = layoutOf(directory);
    const programs = [join(folder, "native"), copyFolder(layout)].map(programsIn);
    return {
      read: [layout.root, folder, PASSWD],
      write: [layout.root],
      run: [...programs.flatMap(({ initdb, pgCtl }) => [initdb, pgCtl]), SETPRIV, UNSHARE],
      net: ["127.0.0.1"],
      env: ["PG*"],
      sys: ["uid"],
    };
  });
