/** What `candlewick db --help` shows. */
export const dbHelp =
  `Keeps the store in order. Only tables that runs made are touched, never others in the same database.

Usage: nx run runner:db -- status                what the store holds, the last run, the backups
       nx run runner:db -- backup                saves all tables, as they are at one moment
       nx run runner:db -- restore [NAME]        makes all tables what they are in a backup, by default the newest
       nx run runner:db -- truncate [TABLES]     empties tables, by default all; with those that would be wrong then

Options:
  --sink=ID                         the store
  --source=ID, --sandbox,           whose data, as in a run: the same options lead to the same store
  --no-sandbox
  --tables=a,b                      tables to empty
  --yes                             restore or empty without asking
  --if-running=WORD                 while a run is at work on the store: leave (default), or wait for its end
  --json                            print the result as one JSON object on stdout
  --help                            show this help

Backups lie in .candlewick/backups/.

Exit codes (of the program; Nx turns every failure into 1):
  0 done   1 failed, or you said no   2 wrong usage or configuration, or nobody could be asked
  5 a run is at work on the store   130 interrupted
`;
