import { relative, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { pack } from "./pack.ts";

/** `nx run tools:pack source-my-broker`, `nx run tools:pack source-my-broker --name=@me/candlewick-my-broker` */
const { positionals: [library], values: { name } } = parseArgs({
  args: Deno.args,
  allowPositionals: true,
  options: { name: { type: "string" } },
});

if (library === undefined) {
  console.error("name the library to pack: nx run tools:pack source-my-broker");
  process.exitCode = 2;
} else {
  const workspace = process.cwd();
  const archive = pack({
    workspace,
    library: library.replace(/^libs\//, ""),
    ...(name === undefined ? {} : { name }),
  });
  console.log(
    `${relative(workspace, resolve(archive))} is ready: npm publish it, or npm install it elsewhere.`,
  );
}
