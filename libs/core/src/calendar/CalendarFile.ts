import { Schema } from "effect";

/** A time of day at the exchange, `hh:mm`. */
const Time = Schema.String;
/** A day, `YYYY-MM-DD`. */
const Day = Schema.String;

/** The ordinary hours of an era. */
export const Hours = Schema.Struct({
  /** First day of the era; it lasts until the next one begins. */
  from: Day,
  open: Time,
  /** End of continuous trading. */
  close: Time,
  /** End of the closing auction, where there is one. */
  closingAuction: Schema.optionalKey(Time),
  note: Schema.optionalKey(Schema.String),
});
export type Hours = typeof Hours.Type;

/** A day with hours of its own. */
export const Special = Schema.Struct({
  name: Schema.NonEmptyString,
  /** `hh:mm-hh:mm` each, in order. Without them the hours are not known, and the ordinary ones are presumed. */
  periods: Schema.optionalKey(Schema.Array(Schema.String)),
});
export type Special = typeof Special.Type;

export const WEEK = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;

/**
 * What one file says of one exchange. The files that come with the program and those of a user have the same
 * form; of a user's file about an exchange that is known already, only what it changes.
 */
export const CalendarFile = Schema.Struct({
  /** The code that instruments have: `NSE`. */
  exchange: Schema.String,
  name: Schema.optionalKey(Schema.NonEmptyString),
  /** IANA zone: `Asia/Kolkata`. */
  timeZone: Schema.optionalKey(Schema.String),
  /** Who says so: a circular, a page of the exchange. */
  source: Schema.NonEmptyString,
  /** When the source was consulted. */
  asOf: Day,
  /** First and last day for which closed days are known. */
  from: Schema.optionalKey(Day),
  to: Schema.optionalKey(Day),
  /** An exchange whose days and hours it shares, but for what stands here. */
  like: Schema.optionalKey(Schema.String),
  /** Days of the week without trading; Saturday and Sunday unless it says otherwise. */
  weekend: Schema.optionalKey(Schema.Array(Schema.String)),
  hours: Schema.optionalKey(Schema.Array(Hours)),
  /** Closed days with their names. */
  closed: Schema.optionalKey(Schema.Record(Schema.String, Schema.NonEmptyString)),
  /** Days with ordinary hours although they are weekends, or closed by a file below; with the reason. */
  open: Schema.optionalKey(Schema.Record(Schema.String, Schema.NonEmptyString)),
  special: Schema.optionalKey(Schema.Record(Schema.String, Special)),
  /** What a reader should know of the data. */
  notes: Schema.optionalKey(Schema.Array(Schema.NonEmptyString)),
});
export type CalendarFile = typeof CalendarFile.Type;

/** A file and where it stands. */
export interface Placed {
  /** The file's path, or `built in`. */
  readonly where: string;
  readonly file: CalendarFile;
}
