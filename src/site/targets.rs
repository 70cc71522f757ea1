//! How soon cases are to be looked at and answered, in working days, and on which days nobody works. What a case makes of
//! it is the feedback's part.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::kernel::{Fault, is_date};

/// The most working days of a target: about a year.
pub const LONGEST_TARGET: u32 = 250;
/// The most holidays that can be listed.
pub const MOST_HOLIDAYS: usize = 500;
/// The longest name of a holiday, in characters.
pub const HOLIDAY_NAME_LIMIT: usize = 100;

/// Working days within which something is to be done; 0 is the same day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Until somebody does something about a case.
    pub first_action: u32,
    /// Until it is resolved or dismissed; not less than for the first action.
    pub fix: u32,
}

/// The targets of cases, by severity; and of those about accessibility, which have the nearer one of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Targets {
    pub urgent: Target,
    pub high: Target,
    pub normal: Target,
    pub low: Target,
    #[serde(default = "default_accessibility")]
    pub accessibility: Target,
}

fn default_accessibility() -> Target {
    Target { first_action: 2, fix: 5 }
}

/// A day on which nobody works, though it is one from Monday to Friday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// What it is called, for people.
    #[serde(default)]
    pub name: String,
}

impl Targets {
    /// Each with its name: the severities, the most urgent first, and accessibility.
    pub fn each(&self) -> [(&'static str, Target); 5] {
        [
            ("urgent", self.urgent),
            ("high", self.high),
            ("normal", self.normal),
            ("low", self.low),
            ("accessibility", self.accessibility),
        ]
    }

    /// What is out of range, with its place.
    pub(super) fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (name, target) in self.each() {
            for (part, days) in [("first_action", target.first_action), ("fix", target.fix)] {
                if days > LONGEST_TARGET {
                    let detail = format!("A target has 0 to {LONGEST_TARGET} working days.");
                    faults.push(Fault::new(format!("/targets/{name}/{part}"), "out-of-range", detail));
                }
            }
            if target.fix < target.first_action {
                let detail = "The first action comes before the fix, so its target can't be the later one.";
                faults.push(Fault::new(format!("/targets/{name}/fix"), "out-of-order", detail));
            }
        }
        faults
    }
}

impl Default for Targets {
    fn default() -> Self {
        let target = |first_action, fix| Target { first_action, fix };
        Self {
            urgent: target(0, 1),
            high: target(1, 3),
            normal: target(2, 10),
            low: target(5, 20),
            accessibility: default_accessibility(),
        }
    }
}

/// What is wrong with a list of holidays, each fault with its place.
pub(super) fn holiday_faults(holidays: &[Holiday]) -> Vec<Fault> {
    let mut faults = Vec::new();
    if holidays.len() > MOST_HOLIDAYS {
        let detail = format!("At most {MOST_HOLIDAYS} holidays can be listed.");
        faults.push(Fault::new("/holidays", "too-many", detail));
    }
    let mut dates = BTreeSet::new();
    for (position, holiday) in holidays.iter().enumerate() {
        let mut fault = |part: &str, code: &str, detail: String| {
            faults.push(Fault::new(format!("/holidays/{position}/{part}"), code, detail));
        };
        if !is_date(&holiday.date) {
            fault("date", "not-a-date", format!("{:?} is no date such as 2026-12-25.", holiday.date));
        } else if !dates.insert(holiday.date.as_str()) {
            fault("date", "twice", format!("{} is listed already.", holiday.date));
        }
        let is_long = holiday.name.chars().count() > HOLIDAY_NAME_LIMIT;
        if is_long || holiday.name.chars().any(char::is_control) {
            fault(
                "name",
                "too-long",
                format!("A holiday has a name of one line, up to {HOLIDAY_NAME_LIMIT} characters."),
            );
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_in_range_and_in_order() {
        assert_eq!(Targets::default().faults(), []);
        let wrong = Targets { low: Target { first_action: 251, fix: 9 }, ..Targets::default() };
        let places: Vec<(String, String)> =
            wrong.faults().into_iter().map(|fault| (fault.pointer, fault.code)).collect();
        let place = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
        assert_eq!(
            places,
            [place("/targets/low/first_action", "out-of-range"), place("/targets/low/fix", "out-of-order")]
        );
    }

    #[test]
    fn a_holiday_is_a_date_that_stands_once() {
        let holiday = |date: &str| Holiday { date: date.to_owned(), name: "Rest".to_owned() };
        let good = [holiday("2026-12-25"), holiday("2026-12-28")];
        assert_eq!(holiday_faults(&good), []);
        let wrong = [holiday("2026-12-25"), holiday("2026-02-30"), holiday("2026-12-25")];
        let places: Vec<String> = holiday_faults(&wrong).into_iter().map(|fault| fault.pointer).collect();
        assert_eq!(places, ["/holidays/1/date", "/holidays/2/date"]);
    }
}
