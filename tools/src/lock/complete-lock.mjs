// Completes package-lock.json after `npm install`: node tools/src/lock/complete-lock.mjs
//
// npm leaves an optional platform package out of the lock file when the registry in use lacks it, and `npm ci` then
// refuses the lock file everywhere. Such packages are written in without a checksum; only their own platform
// ever fetches them. Plain JavaScript, since it runs before anything is installed.
import { readFileSync, writeFileSync } from "node:fs";

const path = new URL("../../../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(path, "utf8"));
const packages = lock.packages;

const PLATFORM =
  /-(darwin|linux|win32|freebsd|android|openharmony|windows|sunos|netbsd|openbsd|aix)-(arm64|x64|ia32|arm|ppc64|s390x|riscv64|loong64)/;

const libcOf = (name) =>
  name.endsWith("-musl") ? ["musl"] : /-(gnu|gnueabihf)$/.test(name) ? ["glibc"] : undefined;

let added = 0;
for (const [at, entry] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (packages[`node_modules/${name}`] || packages[`${at}/node_modules/${name}`]) continue;
    const [, os, cpu] = PLATFORM.exec(name) ?? [];
    if (os === undefined) {
      console.error(`${at}: optional ${name} is missing and is no platform package`);
      continue;
    }
    const libc = os === "linux" ? libcOf(name) : undefined;
    packages[`node_modules/${name}`] = {
      version,
      cpu: [cpu],
      ...(entry.dev ? { dev: true } : {}),
      ...(libc ? { libc } : {}),
      ...(entry.license ? { license: entry.license } : {}),
      optional: true,
      os: [os === "windows" ? "win32" : os],
    };
    added++;
  }
}
const byName = ([left], [right]) => left.localeCompare(right, "en");
lock.packages = Object.fromEntries(Object.entries(packages).sort(byName));
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} added`);
