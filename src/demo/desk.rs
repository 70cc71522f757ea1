//! What fills a desk besides single reports: bursts of advertising, answers that are kept and sent, and what a site knows
//! of its own readers.

use crate::{
    feedback::{self, Case, DayOfViews, NewReply, saved_replies},
    kernel::{Ctx, Error, Result, Timestamp},
};

use super::{
    names::unknown,
    people::Part,
    stage::Stage,
    story::{Burst, Step, Views},
};

impl Stage<'_> {
    /// Plays a step that is about the desk.
    pub async fn keep_desk(&mut self, step: Step) -> Result<()> {
        match step {
            Step::Burst(burst) => self.burst(burst).await,
            Step::SavedReply { title, text } => {
                saved_replies::add(&self.person(Part::Publisher)?, &title, &text).await.map(|_| ())
            }
            Step::Views(views) => self.count_views(&views).await,
            other => Err(Error::bug(format!("nobody knows what {other:?} has to do with the desk"))),
        }
    }

    async fn burst(&mut self, burst: Burst) -> Result<()> {
        for number in 1..=burst.times {
            let mut report = burst.report.clone();
            let numbered = |text: Option<String>| text.map(|text| text.replace("{n}", &number.to_string()));
            (report.doing, report.wrong) = (numbered(report.doing), numbered(report.wrong));
            if number > 1 {
                report.name = format!("{}-{number}", report.name);
            }
            self.receive(report).await?;
            self.pass_seconds(burst.seconds);
        }
        Ok(())
    }

    /// Fewer at weekends, and never quite the same twice; the same for whoever looks at the same day.
    async fn count_views(&self, views: &Views) -> Result<()> {
        let (_, document) = self.names.document(&views.page)?;
        let of_day = |ago: i64| {
            let at = self.present.plus(-ago * Timestamp::DAY);
            let number = at.0.div_euclid(Timestamp::DAY);
            // The first day of all was a Thursday.
            let weekend = matches!(number.rem_euclid(7), 2 | 3);
            let share = if weekend { 45 } else { 90 + (number * 37).rem_euclid(21) };
            DayOfViews { document, day: at.date(), views: views.per_day * share / 100 }
        };
        let days = (1..=views.days).map(of_day).collect();
        feedback::supply_views(&self.person(Part::Administrator)?, days).await.map(|_| ())
    }

    /// Answers the visitor whose report began a case.
    pub(super) async fn reply(&self, ctx: &Ctx, case: &Case, text: String) -> Result<Case> {
        let detail = feedback::case(ctx, case.id).await?;
        let report = detail.reports.iter().find(|report| report.has_contact);
        let report = report.ok_or_else(|| unknown("visitor to answer in case", &case.number.to_string()))?;
        let new = NewReply { report: report.id, text, by_mail: false };
        feedback::reply(ctx, case.id, case.version, new).await.map(|(case, _)| case)
    }
}
