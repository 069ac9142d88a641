/**
 * Trading on days that a weekend or a holiday list calls closed. Hours are IST, `hh:mm-hh:mm`; several
 * periods are joined by a comma; `full` is an ordinary session. Before 2015, when minute candles begin,
 * only the date matters.
 *
 * Source: exchange circulars on Muhurat (Diwali Laxmi Pujan) trading, on Saturdays and Sundays opened for a
 * Union Budget, and on live trading from the disaster recovery site.
 */
export const SPECIAL_SESSIONS: Readonly<Record<string, string>> = {
  // Muhurat
  "1997-10-30": "full",
  "1998-10-19": "full",
  "1999-11-07": "full",
  "2000-10-26": "full",
  "2001-11-14": "full",
  "2002-11-04": "full",
  "2003-10-25": "full",
  "2004-11-12": "full",
  "2005-11-01": "full",
  "2006-10-21": "full",
  "2007-11-09": "full",
  "2008-10-28": "full",
  "2009-10-17": "full",
  "2010-11-05": "full",
  "2011-10-26": "full",
  "2012-11-13": "full",
  "2013-11-03": "full",
  "2014-10-23": "full",
  "2015-11-11": "17:45-18:45",
  "2016-10-30": "18:30-19:30",
  "2017-10-19": "18:30-19:30",
  "2018-11-07": "17:30-18:30",
  "2019-10-27": "18:15-19:15",
  "2020-11-14": "18:15-19:15",
  "2021-11-04": "18:15-19:15",
  "2022-10-24": "18:15-19:15",
  "2023-11-12": "18:15-19:15",
  "2024-11-01": "18:00-19:00",
  "2025-10-21": "13:45-14:45",
  "2026-11-08": "18:00-19:00",
  // Union Budget
  "2015-02-28": "full",
  "2020-02-01": "full",
  "2025-02-01": "full",
  "2026-02-01": "full",
  // Saturdays for tests of systems, and one in place of a Monday
  "2012-01-07": "full",
  "2012-03-03": "full",
  "2012-09-08": "full",
  "2013-05-11": "full",
  "2014-03-22": "full",
  "2024-01-20": "full",
  "2024-03-02": "09:15-10:00,11:30-12:30",
  "2024-05-18": "09:15-10:00,11:45-12:40",
};
