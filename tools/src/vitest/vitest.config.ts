import { defineConfig } from "vitest/config";

/**
 * How every package of the workspace runs its tests. `--root` names the package.
 *
 * Times are generous because integration tests start real servers, on machines that may have two cores and other work.
 */
export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**", "**/.*/**"],
    setupFiles: [new URL("./no-user-settings.ts", import.meta.url).pathname],
    // Worker threads need parts of node:worker_threads that Deno does not have.
    pool: "forks",
    // Tests of whole programs mostly wait: one file at a time would leave half of a small machine idle.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
    passWithNoTests: true,
  },
});
