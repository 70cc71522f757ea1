//! The figures of the trends, and the notes in which the caller is named.

use serde_json::{Map, Value, json as value};

use crate::{
    feedback::{self, Counted, Median, Period, Titled, TrendWeek, Trends},
    kernel::CaseId,
    site,
    web::{Answer, Call, json, no_content},
};

use super::lists;

/// Weeks that are shown if nothing is said.
const USUAL: u64 = 12;

/// Of the last weeks, or of those in which the days from one to another lie.
pub async fn trends(mut call: Call) -> Answer {
    let weeks = call.query.number("weeks", USUAL, 1, feedback::MOST_WEEKS);
    let (from, to) = (call.query.text("from"), call.query.text("to"));
    let settings = site::settings(&*call.app.database.read().await?).await?;
    let (zone, now) = (settings.time_zone.as_str(), call.ctx.now());
    let period = match (from, to) {
        (None, None) => Some(Period::last(zone, now, weeks)),
        (from, to) => Period::between(zone, &from.unwrap_or_default(), &to.unwrap_or_default()),
    };
    if period.is_none() {
        call.query.fault("from", "not-a-period", feedback::not_a_period());
    }
    std::mem::take(&mut call.query).finish()?;
    let period = period.unwrap_or_else(|| Period::last(zone, now, weeks));
    let trends = feedback::trends(&call.ctx, &call.app.trends, &period).await?;
    json(&figures(&period, &trends, period.ends > now))
}

fn figures(period: &Period, trends: &Trends, running: bool) -> Value {
    let (from, to) = &period.days;
    value!({
        "from": from,
        "to": to,
        "running": running,
        "received": trends.received,
        "closed": trends.closed,
        "untouched": trends.untouched,
        "regressions": trends.regressions,
        "views": trends.views,
        "first_action": median(trends.first_action),
        "fix": median(trends.fix),
        "weeks": trends.weeks.iter().map(week).collect::<Vec<_>>(),
        "kinds": counted(&trends.kinds, |kind| vec![("kind", value!(kind.name()))]),
        "areas": counted(&trends.areas, |area| vec![("area", area.as_ref().map_or(Value::Null, titled))]),
        "pages": counted(&trends.pages, |page| vec![("page", titled(page))]),
        "passages": counted(&trends.passages, |passage| {
            vec![
                ("document", titled(&passage.document)),
                ("block", value!(passage.block)),
                ("report", value!(passage.report)),
            ]
        }),
    })
}

fn median(Median { median, cases }: Median) -> Value {
    value!({ "median_milliseconds": median, "cases": cases })
}

fn week(week: &TrendWeek) -> Value {
    value!({
        "begins": week.begins,
        "received": week.received,
        "closed": week.closed,
        "first_action_milliseconds": week.first_action,
        "fix_milliseconds": week.fix,
        "regressions": week.regressions,
    })
}

/// The counts of a list, each with what is counted.
fn counted<T>(all: &[Counted<T>], named: impl Fn(&T) -> Vec<(&'static str, Value)>) -> Vec<Value> {
    let one = |one: &Counted<T>| {
        let mut row: Map<String, Value> =
            named(&one.of).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        row.insert("reports".to_owned(), one.reports.into());
        row.insert("regressions".to_owned(), one.regressions.into());
        row.insert("views".to_owned(), one.views.into());
        Value::Object(row)
    };
    all.iter().map(one).collect()
}

fn titled(document: &Titled) -> Value {
    value!({ "id": document.id, "kind": document.kind, "title": document.title })
}

/// The notes in which the caller is named and that they have not seen, newest first.
pub async fn mentions(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let mentions = feedback::mentions(&call.ctx).await?;
    lists::answer(&mentions, None, u64::try_from(mentions.len()).unwrap_or_default())
}

/// Says that the caller has read the notes of a case.
pub async fn mentions_seen(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let id: CaseId = call.id("id")?;
    call.fields()?.finish()?;
    feedback::case(&call.ctx, id).await?;
    feedback::mentions_seen(&call.ctx, id).await?;
    no_content()
}
