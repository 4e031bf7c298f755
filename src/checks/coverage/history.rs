//! The patient's earlier services: how many sessions there were in twelve months, and how long ago the last was.
//!
//! Twelve months are counted by the calendar: from the day after the same day of the year before. Services of the
//! day itself are of the same session and do not count.

use std::collections::BTreeSet;

use crate::model::{Date, EarlierService, SpineHalf};

/// The services before a day in one half of the spine.
pub(super) struct History<'a> {
    services: &'a [EarlierService],
    day: Date,
    half: SpineHalf,
}

impl<'a> History<'a> {
    pub(super) const fn new(services: &'a [EarlierService], day: Date, half: SpineHalf) -> Self {
        Self { services, day, half }
    }

    /// The days before on which there was a service that `counts`.
    pub(super) fn days(&self, counts: impl Fn(&EarlierService) -> bool) -> BTreeSet<Date> {
        let is_here = |service: &&EarlierService| {
            service.day < self.day && service.region.map(SpineHalf::from) == Some(self.half)
        };
        self.services.iter().filter(is_here).filter(|service| counts(service)).map(|s| s.day).collect()
    }

    /// How many of them lie in the twelve months that end with the day.
    pub(super) fn sessions_in_a_year(&self, counts: impl Fn(&EarlierService) -> bool) -> u32 {
        let year_before = back(self.day, 12);
        self.days(counts).into_iter().filter(|day| *day > year_before).count() as u32
    }

    /// The last of them that is less than so many months before the day.
    pub(super) fn within_months(
        &self,
        months: u32,
        counts: impl Fn(&EarlierService) -> bool,
    ) -> Option<Date> {
        let before = back(self.day, months);
        self.days(counts).into_iter().next_back().filter(|day| *day > before)
    }

    /// The last of them that is less than so many days before the day.
    pub(super) fn within_days(&self, days: u32, counts: impl Fn(&EarlierService) -> bool) -> Option<Date> {
        let last = self.days(counts).into_iter().next_back()?;
        let passed = self.day.since(last).ok()?.get_days();
        (u32::try_from(passed).ok()? < days).then_some(last)
    }
}

/// The same day so many months before, or the last of that month; the first day of all where there is none.
fn back(day: Date, months: u32) -> Date {
    day.checked_sub(jiff::Span::new().months(i64::from(months.min(1200)))).unwrap_or(Date::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ProcedureFamily, Region};

    fn services(days: &[&str]) -> Vec<EarlierService> {
        let service = |day: &&str| EarlierService {
            day: day.parse().unwrap(),
            family: ProcedureFamily::CaudalEsi,
            region: Some(Region::Sacral),
            level: None,
            side: None,
            is_diagnostic: None,
        };
        days.iter().map(service).collect()
    }

    fn history<'a>(services: &'a [EarlierService], day: &str) -> History<'a> {
        History::new(services, day.parse().unwrap(), SpineHalf::LumbarSacral)
    }

    #[test]
    fn twelve_months_begin_the_day_after_the_same_day_a_year_before() {
        for (earlier, day, sessions) in [
            (&["2023-03-10"][..], "2024-03-10", 0),
            (&["2023-03-11"], "2024-03-10", 1),
            (&["2023-02-28"], "2024-02-29", 0),
            (&["2023-03-01"], "2024-02-29", 1),
            (&["2024-02-29"], "2025-02-28", 1),
            (&["2024-02-28"], "2025-02-28", 0),
            (&["2024-03-10"], "2024-03-10", 0),
            (&["2024-04-01"], "2024-03-10", 0),
            (&["2024-01-02", "2024-01-02", "2024-02-02"], "2024-03-10", 2),
            (&[], "2024-03-10", 0),
        ] {
            let earlier = services(earlier);
            assert_eq!(history(&earlier, day).sessions_in_a_year(|_| true), sessions, "{earlier:?} {day}");
        }
    }

    #[test]
    fn other_halves_and_other_services_do_not_count() {
        let mut earlier = services(&["2024-01-02", "2024-02-02", "2024-03-02"]);
        earlier[0].region = Some(Region::Cervical);
        earlier[1].region = None;
        let history = history(&earlier, "2024-04-01");
        assert_eq!(history.sessions_in_a_year(|_| true), 1);
        assert_eq!(history.sessions_in_a_year(|s| s.family == ProcedureFamily::InterlaminarEsi), 0);
    }

    #[test]
    fn intervals_end_with_the_same_day_of_the_month() {
        let earlier = services(&["2023-08-31"]);
        for (day, months, found) in [
            ("2024-02-29", 6, true),
            ("2024-03-01", 6, false),
            ("2023-09-13", 1, true),
            ("2023-10-01", 1, false),
        ] {
            assert_eq!(history(&earlier, day).within_months(months, |_| true).is_some(), found, "{day}");
        }
        for (day, days, found) in
            [("2023-09-13", 14, true), ("2023-09-14", 14, false), ("2023-08-31", 14, false)]
        {
            assert_eq!(history(&earlier, day).within_days(days, |_| true).is_some(), found, "{day}");
        }
    }

    #[test]
    fn the_first_days_of_the_calendar_are_harmless() {
        let earlier = services(&["-009999-01-01"]);
        assert_eq!(history(&earlier, "-009999-01-02").sessions_in_a_year(|_| true), 0);
    }
}
