import { identifier } from "@candlewick/sql-store";

/** A table or view of the database file; temporary tables may have its name. */
export const stored = (name: string): string => `main.${identifier(name)}`;
