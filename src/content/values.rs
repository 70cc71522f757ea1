//! Small values that content is made of.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::markdown::RichDoc;

/// Rich text in canonical Markdown of the closed schema; empty if there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Markdown(pub String);

impl Markdown {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn document(&self) -> RichDoc {
        RichDoc::parse(&self.0)
    }
}

/// A number that is not negative, in hundredths, so that equal amounts are written alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(i64);

impl Amount {
    const LARGEST: f64 = 1_000_000_000.0;

    /// `None` if it is negative, too large or has more than two decimal places.
    #[expect(clippy::as_conversions, reason = "in range, and whole after rounding")]
    pub fn from_number(number: f64) -> Option<Self> {
        let hundredths = (number * 100.0).round();
        let exact = (hundredths - number * 100.0).abs() < 1e-3;
        ((0.0..=Self::LARGEST).contains(&number) && exact).then_some(Self(hundredths as i64))
    }

    #[expect(clippy::as_conversions, reason = "far below 2^53")]
    fn number(self) -> f64 {
        self.0 as f64 / 100.0
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 % 100 == 0 {
            write!(formatter, "{}", self.0 / 100)
        } else {
            write!(formatter, "{}.{:02}", self.0 / 100, self.0 % 100)
        }
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 100 == 0 { serializer.serialize_i64(self.0 / 100) } else { serializer.serialize_f64(self.number()) }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = f64::deserialize(deserializer)?;
        Self::from_number(number).ok_or_else(|| de::Error::custom("an amount out of range"))
    }
}
