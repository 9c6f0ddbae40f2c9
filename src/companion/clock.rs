//! The time of day in the user's time zone, and the time a stepper has been running.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::ZonedDateTime;
use jiff::tz::TimeZone;

use crate::app::speaker::Clock;

/// The seconds since 1970.
pub fn seconds() -> u64 {
    since_1970().as_secs()
}

/// The clock now, of a stepper that began so many seconds after 1970.
pub fn clock(since: u64) -> Clock {
    let now = ZonedDateTime::now();
    Clock {
        time: [now.hour(), now.minute(), now.second()].map(|part| part.unsigned_abs()),
        elapsed: Duration::from_secs(seconds().saturating_sub(since)),
        rest: Duration::from_secs(1).saturating_sub(Duration::from_nanos(now.subsec_nanosecond().unsigned_abs().into())),
    }
}

/// The time of day at so many seconds after 1970, and the date before it where that is not today's.
pub fn written(since: u64) -> String {
    let now = ZonedDateTime::now();
    let seconds = i64::try_from(since).unwrap_or(i64::MAX);
    let Ok(then) = jiff::Timestamp::from_second(seconds) else { return "?".into() };
    let then = then.to_zoned_datetime(TimeZone::system());
    let format = if then.date() == now.date() { "%H:%M:%S" } else { "%Y-%m-%d %H:%M:%S" };
    then.strftime(format).to_string()
}

fn since_1970() -> Duration {
    // A clock set to before 1970 has no better answer.
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
