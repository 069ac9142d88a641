import { DatabaseError } from "../DatabaseError.ts";

const HOLDER = /Conflicting lock is held in (.+?)(?: by user \S+)? \(PID (\d+)\)/;

/** The base name of a program: `/usr/bin/python3.12` is `python3.12`. */
const programOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

const locked = (path: string, message: string): string => {
  const [, program, pid] = HOLDER.exec(message) ?? [];
  const holder = program === undefined || pid === undefined
    ? "another program"
    : `${programOf(program)} (PID ${pid})`;
  return `${path} is open in ${holder}, and DuckDB lets one program at a time work on a file: close it there ` +
    `(a notebook, the duckdb command line, another run), or wait until it is done`;
};

/** What a failure to open a file means for whoever named it. */
export const explainOpen = (path: string, error: DatabaseError): DatabaseError => {
  const meaning = (fault: DatabaseError["fault"], message: string) =>
    new DatabaseError({ kind: error.kind, fault, message });
  switch (error.kind) {
    case "locked":
      return meaning("conflict", locked(path, error.message));
    case "foreign":
      return meaning(
        "schema",
        `${path} is no database that DuckDB can read (another file, or an encrypted one), and was left as it is: ` +
          `name another file, or move this one away`,
      );
    case "version":
      return meaning(
        "schema",
        `${path} was written by a version of DuckDB that this one cannot read, and was left as it is: ` +
          `${error.message}`,
      );
    case "corrupt":
      return meaning("schema", `${path} is damaged: ${error.message}`);
    case "DuckDB":
    case "own":
      break;
  }
  if (/permission denied|access is denied/i.test(error.message)) {
    return meaning("connection", `${path} may not be read and written by this user: ${error.message}`);
  }
  if (/read-only file system/i.test(error.message)) {
    return meaning("connection", `${path} lies on a disk that may only be read`);
  }
  return meaning(error.fault, `${path} cannot be opened: ${error.message}`);
};
