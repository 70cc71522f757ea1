//! The period that the trends are shown for: the last 4, 12 or 52 weeks, or whole weeks of one's own choice.

use crate::{
    feedback::{self, Period},
    kernel::Result,
};

use super::super::request::PanelRequest;

named! {
    /// What people choose.
    Span {
        Four = "4",
        Twelve = "12",
        Year = "52",
        Own = "own",
    }
}

impl Span {
    pub fn words(self) -> &'static str {
        match self {
            Self::Four => "4 weeks",
            Self::Twelve => "12 weeks",
            Self::Year => "52 weeks",
            Self::Own => "From one day to another",
        }
    }

    fn weeks(self) -> u64 {
        match self {
            Self::Four => 4,
            Self::Twelve | Self::Own => 12,
            Self::Year => 52,
        }
    }
}

/// What was chosen.
pub struct Chosen {
    pub span: Span,
    /// As they were typed.
    pub from: String,
    pub to: String,
    pub period: Period,
}

impl Chosen {
    /// Reads what was asked for.
    ///
    /// # Errors
    /// [`crate::kernel::Error::Malformed`] for days that are none, or the wrong way round.
    pub fn read(request: &mut PanelRequest) -> Result<Self> {
        let span = request.query.choice("weeks").unwrap_or(Span::Twelve);
        let from = request.query.text("from").unwrap_or_default();
        let to = request.query.text("to").unwrap_or_default();
        let (zone, now) = (request.chrome.zone.name(), request.now());
        let own = if span == Span::Own { Period::between(zone, &from, &to) } else { None };
        if span == Span::Own && own.is_none() {
            request.query.fault("from", "not-a-period", feedback::not_a_period());
        }
        let period = own.unwrap_or_else(|| Period::last(zone, now, span.weeks()));
        Ok(Self { span, from, to, period })
    }

    /// What leads to the same period.
    pub fn query(&self) -> Vec<(&'static str, String)> {
        let mut query = vec![("weeks", self.span.name().to_owned())];
        if self.span == Span::Own {
            query.extend([("from", self.from.clone()), ("to", self.to.clone())]);
        }
        query
    }
}
