//! Lines over time, drawn as SVG: the finding in a sentence, the lines with their names at their ends, and every number in a
//! table. Colours come from the style sheet, lines differ by dashes and points as well, and nothing needs a script.

use maud::{Markup, html};

const WIDTH: u64 = 320;
const LEFT: u64 = 30;
const TOP: u64 = 12;
/// The room for the name of the unit above the topmost number.
const UNIT: u64 = 14;
/// The room for the names below the lines.
const BELOW: u64 = 34;
/// The height of what is drawn, from the greatest value to zero.
const DEPTH: u64 = 130;
/// How wide a letter is at most, about.
const LETTER: u64 = 9;
/// How far apart two names at the ends of lines stand at least.
const APART: u64 = 14;
/// How many values are named below, about.
const NAMED: usize = 4;
/// The height of a bar with its name.
const BAR: u64 = 34;
/// Letters of a name above a bar.
const NAME: usize = 44;
/// Hours of a day, and from how many on they are said in days.
const DAY: u64 = 24;
const LONG: u64 = 2 * DAY;
/// Half the size of a point, and of one of many.
const POINT: u64 = 3;
const SMALL_POINT: u64 = 2;
/// From more columns on points would touch each other.
const MANY: usize = 26;

/// One line.
#[derive(Clone, Debug)]
pub struct Series<'a> {
    pub name: &'a str,
    /// As many as there are columns; where there is no value, the line has a gap.
    pub values: Vec<Option<u64>>,
}

/// What the values of a chart are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Measure {
    #[default]
    Count,
    /// Times in hours. Long ones are drawn in days.
    Hours,
}

/// What a chart shows.
#[derive(Clone, Debug)]
pub struct Chart<'a> {
    /// Stands before its ids.
    pub id: &'a str,
    /// What it is about.
    pub title: &'a str,
    /// What it says, in a sentence.
    pub finding: &'a str,
    /// What a column is: "Week of".
    pub heading: &'a str,
    /// The columns, in short as below the lines, and in full as in the table.
    pub columns: &'a [(String, String)],
    /// Two at most, so that they can be told apart.
    pub series: &'a [Series<'a>],
    pub measure: Measure,
    /// Whether the last column is not over: it has points, but no line leads down to what will still grow.
    pub running: bool,
    /// Whether there is enough to draw; the table is always there.
    pub drawn: bool,
}

/// Lines with their table.
pub fn lines(chart: &Chart<'_>) -> Markup {
    html! {
        figure.chart {
            figcaption { (chart.finding) }
            @if chart.drawn { (drawing(chart)) }
            details {
                summary { "Show as a table" span.vh { ": " (chart.title) } }
                div.table { table {
                    caption.vh { (chart.title) }
                    thead { tr { th scope="col" { (chart.heading) } @for one in chart.series { th scope="col" { (one.name) } } } }
                    tbody { @for (position, (_, column)) in chart.columns.iter().enumerate() {
                        tr { th scope="row" { (column) } @for one in chart.series { td { (chart.measure.said(value(one, position))) } } }
                    } }
                } }
            }
        }
    }
}

/// Counts of things beside each other.
#[derive(Clone, Debug)]
pub struct Bars<'a> {
    /// Stands before its ids.
    pub id: &'a str,
    pub title: &'a str,
    /// What it says, in a sentence.
    pub finding: &'a str,
    /// What the things are, and what is counted.
    pub heading: &'a str,
    pub value: &'a str,
    pub rows: &'a [(String, u64)],
    /// Whether there is enough to draw; the table is always there.
    pub drawn: bool,
}

/// Bars from zero, each with its name above and its number at the end, and their table.
pub fn bars(chart: &Bars<'_>) -> Markup {
    let Bars { id, title, finding, heading, value, rows, drawn } = chart;
    let most = rows.iter().map(|(_, count)| *count).max().unwrap_or_default().max(1);
    let height = BAR * u64::try_from(rows.len()).unwrap_or_default();
    let down = |position: usize| BAR * u64::try_from(position).unwrap_or_default();
    html! {
        figure.chart {
            figcaption { (finding) }
            @if *drawn {
                svg viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-labelledby={ (id) "-title " (id) "-finding" } {
                    title id={ (id) "-title" } { (title) }
                    desc id={ (id) "-finding" } { (finding) }
                    @for (position, (name, count)) in rows.iter().enumerate() {
                        @let width = count * (WIDTH - LEFT - POINT) / most;
                        text x="0" y=(down(position) + 13) { (shortened(name)) }
                        g { rect x="0" y=(down(position) + 18) width=(width.max(1)) height="8" { title { (name) ": " (count) } } }
                        text x=(width + 2 * POINT) y=(down(position) + 27) { (count) }
                    }
                }
            }
            details {
                summary { "Show as a table" span.vh { ": " (title) } }
                div.table { table {
                    caption.vh { (title) }
                    thead { tr { th scope="col" { (heading) } th scope="col" { (value) } } }
                    tbody { @for (name, count) in *rows { tr { th scope="row" { (name) } td { (count) } } } }
                } }
            }
        }
    }
}

/// A name that fits above a bar.
fn shortened(name: &str) -> String {
    match name.char_indices().nth(NAME) {
        Some((cut, _)) => format!("{}…", name.get(..cut).unwrap_or_default()),
        None => name.to_owned(),
    }
}

fn value(series: &Series<'_>, position: usize) -> Option<u64> {
    series.values.get(position).copied().flatten()
}

impl Measure {
    /// A value as people read it.
    fn said(self, value: Option<u64>) -> String {
        match (self, value) {
            (_, None) => "–".to_owned(),
            (Self::Count, Some(value)) => value.to_string(),
            (Self::Hours, Some(hours)) if hours < LONG => super::count(hours, "hour", "hours"),
            (Self::Hours, Some(hours)) => super::count((hours + DAY / 2) / DAY, "day", "days"),
        }
    }

    /// How many there are of it in what the numbers beside the lines say, and what that is called.
    fn unit(self, most: u64) -> (u64, Option<&'static str>) {
        match self {
            Self::Count => (1, None),
            Self::Hours if most < LONG => (1, Some("hours")),
            Self::Hours => (DAY, Some("days")),
        }
    }
}

fn drawing(chart: &Chart<'_>) -> Markup {
    let Chart { id, title, finding, columns, series, .. } = chart;
    let most = series.iter().flat_map(|one| &one.values).copied().flatten().max().unwrap_or_default();
    let (unit, unit_name) = chart.measure.unit(most);
    let most = most.div_ceil(unit);
    let step = step(most);
    let top = step * most.div_ceil(step).max(1);
    let longest = series.iter().map(|one| one.name.chars().count()).max().unwrap_or_default();
    let room = LETTER * u64::try_from(longest).unwrap_or_default() + 2 * POINT + 4;
    let right = WIDTH.saturating_sub(room).max(WIDTH / 2);
    let last = u64::try_from(columns.len().saturating_sub(1)).unwrap_or_default().max(1);
    let across = |position: usize| LEFT + u64::try_from(position).unwrap_or_default() * (right - LEFT) / last;
    let above = if unit_name.is_some() { TOP + UNIT } else { TOP };
    let down = |value: u64| above + DEPTH - value * DEPTH / (top * unit);
    let every = columns.len().div_ceil(NAMED).max(1);
    let point = if columns.len() > MANY { SMALL_POINT } else { POINT };
    let over = if chart.running { columns.len().saturating_sub(1) } else { columns.len() };
    html! {
        svg viewBox={ "0 0 " (WIDTH) " " (above + DEPTH + BELOW) } role="img" aria-labelledby={ (id) "-title " (id) "-finding" } {
            title id={ (id) "-title" } { (title) }
            desc id={ (id) "-finding" } { (finding) }
            @for number in 0..=(top / step) {
                @let height = down(number * step * unit);
                line x1=(LEFT) x2=(right) y1=(height) y2=(height) {}
                text x=(LEFT - 6) y=(height + 4) text-anchor="end" { (number * step) }
            }
            @if let Some(name) = unit_name { text x="0" y=(TOP) { (name) } }
            @for (position, (short, _)) in columns.iter().enumerate().filter(|(position, _)| position % every == 0) {
                text x=(across(position)) y=(above + DEPTH + 20) text-anchor="middle" { (short) }
            }
            @for (number, one) in series.iter().enumerate() {
                @let points: Vec<Option<(u64, u64)>> = one.values.iter().enumerate().map(|(position, value)| Some((across(position), down((*value)?)))).collect();
                g class=(class(number)) {
                    @for stretch in points.get(..over).unwrap_or(&points).split(Option::is_none).filter(|stretch| !stretch.is_empty()) {
                        polyline points=(stretch.iter().flatten().map(|(x, y)| format!("{x},{y}")).collect::<Vec<_>>().join(" ")) {}
                    }
                    @for (position, (x, y)) in points.iter().enumerate().filter_map(|(position, point)| Some((position, (*point)?))) {
                        @let said = format!("{}, {}: {}", one.name, full(columns, position), chart.measure.said(value(one, position)));
                        @if number == 0 { circle cx=(x) cy=(y) r=(point) { title { (said) } } }
                        @else { rect x=(x - point) y=(y - point) width=(2 * point) height=(2 * point) { title { (said) } } }
                    }
                    text x=(right + 2 * POINT + 2) y=(end_of(series, number, over, &down) + 4) { (one.name) }
                }
            }
        }
    }
}

fn class(number: usize) -> &'static str {
    if number == 0 { "first" } else { "second" }
}

fn full(columns: &[(String, String)], position: usize) -> &str {
    columns.get(position).map(|(_, full)| full.as_str()).unwrap_or_default()
}

/// How far down the name of a line of so many columns stands: at its end, or below the name of the first where both would
/// meet.
fn end_of(series: &[Series<'_>], number: usize, over: usize, down: &dyn Fn(u64) -> u64) -> u64 {
    let end = |one: &Series<'_>| down(one.values.iter().take(over).rev().find_map(|value| *value).unwrap_or_default());
    let ends: Vec<u64> = series.iter().map(end).collect();
    let own = ends.get(number).copied().unwrap_or_default();
    let other = ends.iter().enumerate().find(|(position, _)| *position != number).map_or(own, |(_, other)| *other);
    let is_upper = own < other || own == other && number == 0;
    match own.abs_diff(other) {
        near if ends.len() > 1 && near < APART && !is_upper => other + APART,
        _ => own,
    }
}

/// The distance of the lines across: 1, 2 or 5 times a power of ten, so that there are five at most.
fn step(most: u64) -> u64 {
    let nice = (0..18).flat_map(|power| [1, 2, 5].map(|number: u64| number * 10_u64.pow(power)));
    nice.into_iter().find(|step| step.saturating_mul(4) >= most).unwrap_or(most.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(values: &[u64]) -> Vec<Option<u64>> {
        values.iter().copied().map(Some).collect()
    }

    #[test]
    fn times_are_drawn_in_days_when_they_are_long_and_a_week_without_any_is_a_gap() {
        let columns: Vec<(String, String)> =
            ["2 Nov", "9 Nov", "16 Nov"].map(|day| (day.to_owned(), format!("{day}ember"))).to_vec();
        let series = [Series { name: "To a fix", values: vec![Some(96), None, Some(40)] }];
        let chart = Chart {
            id: "times",
            title: "How long it took",
            finding: "It took days.",
            heading: "Week of",
            columns: &columns,
            series: &series,
            measure: Measure::Hours,
            running: false,
            drawn: true,
        };
        let drawn = lines(&chart).into_string();
        assert_eq!(drawn.matches("<polyline").count(), 2, "the line has a gap: {drawn}");
        for part in [
            ">days</text>",
            "text-anchor=\"end\">4</text>",
            "<title>To a fix, 2 November: 4 days</title>",
            "<title>To a fix, 16 November: 40 hours</title>",
            "<th scope=\"row\">9 November</th><td>–</td>",
        ] {
            assert!(drawn.contains(part), "{part}: {drawn}");
        }
        let short = [Series { name: "To a fix", values: vec![Some(3), Some(5), None] }];
        assert!(lines(&Chart { series: &short, ..chart }).into_string().contains(">hours</text>"));
    }

    #[test]
    fn lines_across_stand_at_nice_numbers() {
        let steps = [0, 1, 4, 5, 8, 9, 20, 21, 37, 41, 1_000].map(step);
        assert_eq!(steps, [1, 1, 1, 2, 2, 5, 5, 10, 10, 20, 500]);
    }

    #[test]
    fn bars_begin_at_zero_and_have_their_numbers() {
        let rows = [("Problem".to_owned(), 8), ("P".repeat(60), 2), ("Praise".to_owned(), 0)];
        let chart = Bars {
            id: "kinds",
            title: "Reports by kind",
            finding: "Most: Problem.",
            heading: "Kind",
            value: "Reports",
            rows: &rows,
            drawn: true,
        };
        let drawn = bars(&chart).into_string();
        for part in [
            "viewBox=\"0 0 320 102\" role=\"img\" aria-labelledby=\"kinds-title kinds-finding\"",
            "<g><rect x=\"0\" y=\"18\" width=\"287\" height=\"8\"><title>Problem: 8</title></rect></g>",
            "<text x=\"293\" y=\"27\">8</text>",
            "width=\"71\"",
            "width=\"1\"",
            "PPPP…</text>",
            "<th scope=\"row\">Praise</th><td>0</td>",
        ] {
            assert!(drawn.contains(part), "{part}: {drawn}");
        }
        assert!(!bars(&Bars { drawn: false, ..chart }).into_string().contains("<svg"));
    }

    #[test]
    fn a_chart_is_a_drawing_with_names_and_a_table() {
        let columns: Vec<(String, String)> =
            ["2 Nov", "9 Nov", "16 Nov"].map(|day| (day.to_owned(), format!("{day}ember"))).to_vec();
        let series = [
            Series { name: "Received", values: counts(&[2, 8, 4]) },
            Series { name: "Closed", values: counts(&[0, 3, 4]) },
        ];
        let chart = Chart {
            id: "reports",
            title: "Reports a week",
            finding: "Reports rose.",
            heading: "Week of",
            columns: &columns,
            series: &series,
            measure: Measure::Count,
            running: false,
            drawn: true,
        };
        let drawn = lines(&chart).into_string();
        for part in [
            "role=\"img\" aria-labelledby=\"reports-title reports-finding\"",
            "<g class=\"first\"><polyline points=\"30,110 134,12 238,77\">",
            "<g class=\"second\"><polyline points=\"30,142 134,94 238,77\">",
            "<title>Received, 9 November: 8</title>",
            // Both end at the same height: the second name stands below the first.
            "y=\"81\">Received</text>",
            "y=\"95\">Closed</text>",
            "<th scope=\"row\">9 November</th><td>8</td><td>3</td>",
        ] {
            assert!(drawn.contains(part), "{part}: {drawn}");
        }
        let running = lines(&Chart { running: true, ..chart.clone() }).into_string();
        for part in [
            "<g class=\"first\"><polyline points=\"30,110 134,12\">",
            "<title>Received, 16 November: 4</title>",
            "y=\"16\">Received</text>",
        ] {
            assert!(running.contains(part), "{part}: {running}");
        }
        let table = lines(&Chart { drawn: false, ..chart }).into_string();
        assert!(!table.contains("<svg") && table.contains("<td>8</td>"), "{table}");
    }
}
