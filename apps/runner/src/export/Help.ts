/** What `candlewick export --help` shows. */
export const exportHelp =
  `Writes candles of the store into a file for other programs, and says what of them is missing.

Usage: nx run runner:export --out=FILE [options]

Options:
  --out=FILE                        file to write; its ending tells the format: .parquet or .csv
  --format=NAME                     the format, where the ending does not tell
  --symbols=NSE:INFY,NSE:TCS        instruments; without a choice all of which the store has candles
  --exchanges=NSE,BSE               instruments of these exchanges
  --instrument-types=EQ,FUT         instruments of these types
  --interval=WORD                   length of a candle (default day)
  --from=YYYY-MM-DD                 first day (default: the first that is stored)
  --to=YYYY-MM-DD                   last day, inclusive (default: today)
  --prices=double|exact             prices as doubles (default), or with their exact digits
  --final                           leave out candles that the vendor may still change
  --overwrite                       replace the file when it is there
  --source=ID, --sandbox,           whose data, as in a run: the same options lead to the same store
  --no-sandbox
  --sink=ID                         the store
  --if-running=WORD                 while a run has the store to itself: wait (default) for its end, or leave
  --log-level=LEVEL                 what the console shows: debug, info (default), warn or error
  --json                            print the result as one JSON object on stdout
  --help                            show this help

Exit codes (of the program; Nx turns every failure into 1):
  0 done   1 failed, or nothing to export   2 wrong usage or configuration   3 a symbol is not there
  5 a run has the store   130 interrupted
`;
