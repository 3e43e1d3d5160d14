//! Days and moments. The domain has no clock: every moment is handed in by who calls it.
//!
//! The business day is the civil day in the department's time zone, a fixed offset from UTC
//! (China keeps no summer time), so that nothing depends on the machine's own zone.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveDateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::money::NotA;

/// A point in time, in microseconds since 1970 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Moment(i64);

/// A civil day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(NaiveDate);

/// A civil month (月份).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

/// The department's fixed offset from UTC, in minutes east (480 for Asia/Shanghai).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Zone(pub i16);

/// Asia/Shanghai, the zone of every statement file.
pub const CHINA: Zone = Zone(480);

impl Zone {
    fn offset(self) -> FixedOffset {
        FixedOffset::east_opt(i32::from(self.0) * 60).expect("zones are kept within a day")
    }
}

impl Moment {
    /// A moment from microseconds since 1970 UTC.
    pub const fn from_micros(micros: i64) -> Moment {
        Moment(micros)
    }

    /// Microseconds since 1970 UTC.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// The moment `seconds` later (earlier where negative), held at the ends of the range.
    pub const fn plus_seconds(self, seconds: i64) -> Moment {
        Moment(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// The moment `hours` later.
    pub const fn plus_hours(self, hours: i64) -> Moment {
        self.plus_seconds(hours * 3_600)
    }

    /// Whole seconds from `earlier` to here, rounded down; negative where `earlier` is later.
    pub const fn seconds_since(self, earlier: Moment) -> i64 {
        (self.0 - earlier.0).div_euclid(1_000_000)
    }

    fn civil(self, zone: Zone) -> DateTime<FixedOffset> {
        DateTime::<Utc>::from_timestamp_micros(self.0).unwrap_or_default().with_timezone(&zone.offset())
    }

    /// The civil day of the moment in `zone`.
    pub fn day(self, zone: Zone) -> Day {
        Day(self.civil(zone).date_naive())
    }

    /// The moment as `11-23 14:05`.
    pub fn short(self, zone: Zone) -> String {
        self.civil(zone).format("%m-%d %H:%M").to_string()
    }

    /// The moment as `2026-11-23 14:05:07`.
    pub fn full(self, zone: Zone) -> String {
        self.civil(zone).format("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// The time of day as `14:05:07`.
    pub fn clock(self, zone: Zone) -> String {
        self.civil(zone).format("%H:%M:%S").to_string()
    }

    /// A civil time such as `2026-11-23 14:05:07` in `zone`. `None` where it cannot be represented.
    pub fn from_civil(time: NaiveDateTime, zone: Zone) -> Option<Moment> {
        Some(Moment(time.and_local_timezone(zone.offset()).single()?.timestamp_micros()))
    }

    /// RFC 3339 in `zone`, with microseconds only where there are any.
    pub fn rfc3339(self, zone: Zone) -> String {
        self.civil(zone).to_rfc3339_opts(SecondsFormat::AutoSi, false)
    }
}

impl fmt::Display for Moment {
    /// RFC 3339 in China's zone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339(CHINA))
    }
}

impl FromStr for Moment {
    type Err = NotA;
    fn from_str(text: &str) -> Result<Moment, NotA> {
        let read = DateTime::parse_from_rfc3339(text).ok().map(|t| Moment(t.timestamp_micros()));
        read.ok_or_else(|| NotA::new(text, "a time in RFC 3339"))
    }
}

impl Day {
    /// A civil day; `None` where there is no such day.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Day> {
        NaiveDate::from_ymd_opt(year, month, day).map(Day)
    }

    /// Midnight at the day's start, in `zone`.
    pub fn start(self, zone: Zone) -> Moment {
        Moment::from_civil(self.0.and_hms_opt(0, 0, 0).expect("midnight exists"), zone).expect("offsets are fixed")
    }

    /// The following day.
    pub fn next(self) -> Day {
        Day(self.0.checked_add_days(Days::new(1)).unwrap_or(self.0))
    }

    /// The day before.
    pub fn previous(self) -> Day {
        Day(self.0.checked_sub_days(Days::new(1)).unwrap_or(self.0))
    }

    /// The last day of the day's month.
    pub fn month_end(self) -> Day {
        let last = self.0.num_days_in_month();
        Day(self.0.with_day(u32::from(last)).unwrap_or(self.0))
    }

    /// The day within its month, from 1.
    pub fn day_of_month(self) -> u32 {
        self.0.day()
    }

    /// The day's month as `yymm`, such as 2611: the head of the numbers given in it. It tells the months of one century
    /// apart, and is for numbers alone.
    pub fn month_number(self) -> u32 {
        (self.0.year().rem_euclid(100) as u32) * 100 + self.0.month()
    }

    /// The day's month.
    pub fn month(self) -> Month {
        Month(self.0.year() * 12 + self.0.month0() as i32)
    }

    /// Days since the first day of the year 1.
    pub fn ordinal(self) -> i32 {
        self.0.num_days_from_ce()
    }

    /// The day of that number; `None` where the calendar ends.
    pub fn from_ordinal(days: i32) -> Option<Day> {
        NaiveDate::from_num_days_from_ce_opt(days).map(Day)
    }
}

impl Month {
    /// The month before it; there is none before the year 0.
    pub fn previous(self) -> Month {
        Month((self.0 - 1).max(0))
    }

    /// The month after it.
    pub fn next(self) -> Month {
        Month(self.0 + 1)
    }

    /// Its first day.
    pub fn first_day(self) -> Day {
        self.day(1).expect("every month has a first day")
    }

    /// Its last day.
    pub fn last_day(self) -> Day {
        self.next().first_day().previous()
    }

    /// A day of it, from 1; `None` where it has no such day.
    pub fn day(self, day: u32) -> Option<Day> {
        Day::new(self.0.div_euclid(12), self.0.rem_euclid(12) as u32 + 1, day)
    }

    /// Months since the year 0, as tables keep it.
    pub const fn ordinal(self) -> i32 {
        self.0
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

impl FromStr for Month {
    type Err = NotA;
    fn from_str(text: &str) -> Result<Month, NotA> {
        let first = NaiveDate::parse_from_str(&format!("{}-01", text.trim()), "%Y-%m-%d").ok();
        let written = first.filter(|day| (0..=9_999).contains(&day.year()));
        written.map(|day| Day(day).month()).ok_or_else(|| NotA::new(text, "a month such as 2026-11"))
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() { to.collect_str(self) } else { to.serialize_i32(self.0) }
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Month, D::Error> {
        if !from.is_human_readable() {
            return i32::deserialize(from).map(Month);
        }
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d"))
    }
}

impl FromStr for Day {
    type Err = NotA;
    fn from_str(text: &str) -> Result<Day, NotA> {
        NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d")
            .map(Day)
            .map_err(|_| NotA::new(text, "a day such as 2026-11-23"))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() { to.collect_str(self) } else { to.serialize_i64(self.0) }
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Moment, D::Error> {
        if !from.is_human_readable() {
            return i64::deserialize(from).map(Moment);
        }
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() { to.collect_str(self) } else { to.serialize_i32(self.ordinal()) }
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Day, D::Error> {
        if !from.is_human_readable() {
            let ordinal = i32::deserialize(from)?;
            return NaiveDate::from_num_days_from_ce_opt(ordinal)
                .map(Day)
                .ok_or_else(|| serde::de::Error::custom("no such day"));
        }
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

super::text_schema!(Moment, "A time in RFC 3339, such as \"2026-11-23T14:05:07+08:00\"", r"^\d{4}-\d\d-\d\dT");
super::text_schema!(Month, "A month, such as \"2026-11\"", r"^\d{4}-\d\d$");
super::text_schema!(Day, "A civil day, such as \"2026-11-23\"", r"^\d{4}-\d\d-\d\d$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_business_day_is_chinas_not_greenwichs() {
        let late: Moment = "2026-03-31T16:30:00Z".parse().unwrap();
        assert_eq!(late.day(CHINA).to_string(), "2026-04-01");
        assert_eq!(late.full(CHINA), "2026-04-01 00:30:00");
        assert_eq!(late.to_string(), "2026-04-01T00:30:00+08:00");
        assert_eq!(late.day(CHINA).start(CHINA).to_string(), "2026-04-01T00:00:00+08:00");
    }

    #[test]
    fn twenty_four_hours_cross_month_ends() {
        let paid: Moment = "2026-02-28T23:59:59+08:00".parse().unwrap();
        assert_eq!(paid.plus_hours(24).to_string(), "2026-03-01T23:59:59+08:00");
        assert_eq!(paid.plus_hours(24).seconds_since(paid), 86_400);
    }
}
