//! A text with what was put in and taken out, in its paragraphs, lists and tables, and with what its links led to.

use maud::{Markup, html};

use crate::content::{Around, Run, Shape, TextLine, What, WordOp};

use super::compared::Drawing;

/// Which version of a text is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Both, one over the other.
    Both,
    Before,
    After,
}

/// So many lines before and after a change are shown with it.
const NEAR: usize = 1;
/// A text of no more lines than these is shown whole.
const SHORT: usize = 6;

/// The lines of a text; of a long one only those near a change, unless all of it is asked for.
pub fn compared_text(lines: &[TextLine], side: Side, drawing: Drawing<'_>) -> Markup {
    let stands = |line: &&TextLine| match line.what {
        Some(What::Added) => side != Side::Before,
        Some(What::Removed) => side != Side::After,
        _ => true,
    };
    let all = drawing.whole || lines.len() <= SHORT || lines.iter().all(|line| line.what.is_none());
    let near = |place: usize| {
        let from = place.saturating_sub(NEAR);
        lines.iter().skip(from).take(place.saturating_sub(from) + NEAR + 1).any(|line| line.what.is_some())
    };
    let mut stretches: Vec<(bool, Vec<&TextLine>)> = Vec::new();
    for (place, line) in lines.iter().enumerate().filter(|(_, line)| stands(line)) {
        let shown = all || near(place);
        match stretches.last_mut() {
            Some((last, stretch)) if *last == shown => stretch.push(line),
            _ => stretches.push((shown, vec![line])),
        }
    }
    let drawn = Drawn { side, drawing };
    html! {
        @for (shown, stretch) in &stretches {
            @if *shown { (drawn.lines(stretch, 0)) }
            @else { p.document-note { "… " (stretch.len()) @if stretch.len() == 1 { " line" } @else { " lines" } " not changed …" } }
        }
    }
}

struct Drawn<'a> {
    side: Side,
    drawing: Drawing<'a>,
}

impl Drawn<'_> {
    /// Lines with the lists and quotes around them from a depth on.
    fn lines(&self, lines: &[&TextLine], depth: usize) -> Markup {
        let around = |line: &TextLine| line.within.get(depth).map(|within| within.around);
        let is_row = |line: &TextLine| matches!(line.shape, Shape::TableHead | Shape::TableRow);
        html! {
            @for same in lines.chunk_by(|one, next| around(one) == around(next) && is_row(one) == is_row(next)) {
                @match same.first().and_then(|line| around(line)) {
                    Some(Around::Bullets) => { ul { (self.items(same, depth)) } }
                    Some(Around::Numbers) => { ol { (self.items(same, depth)) } }
                    Some(Around::Quote) => { blockquote { (self.lines(same, depth + 1)) } }
                    None if same.first().is_some_and(|line| is_row(line)) => { div.table { table { tbody { @for line in same { (self.row(line)) } } } } }
                    None => { @for line in same { (self.block(line)) } }
                }
            }
        }
    }

    fn items(&self, lines: &[&TextLine], depth: usize) -> Markup {
        let begins = |line: &TextLine| line.within.get(depth).is_some_and(|within| within.begins);
        html! {
            @for item in lines.chunk_by(|_, next| !begins(next)) {
                li {
                    @match item {
                        [line] if line.within.len() == depth + 1 && line.shape == Shape::Paragraph => { (self.line(line)) }
                        _ => { (self.lines(item, depth + 1)) }
                    }
                }
            }
        }
    }

    fn block(&self, line: &TextLine) -> Markup {
        html! {
            @match line.shape {
                Shape::Heading(_) => { p { strong { (self.line(line)) } } }
                _ => { p { (self.line(line)) } }
            }
        }
    }

    fn row(&self, line: &TextLine) -> Markup {
        html! {
            tr { @for cell in &line.cells {
                @if line.shape == Shape::TableHead { th scope="col" { (self.runs(cell)) } } @else { td { (self.runs(cell)) } }
            } }
        }
    }

    fn line(&self, line: &TextLine) -> Markup {
        let unsaid = line.is_only_formatted() && line.runs().all(|run| run.was.is_none());
        html! {
            @for cell in &line.cells { (self.runs(cell)) }
            @if unsaid { " " span.moved { "formatting changed" } }
        }
    }

    fn runs(&self, runs: &[Run]) -> Markup {
        html! {
            @for run in runs {
                @match run.op {
                    WordOp::Equal => { (self.styled(run)) (self.restyled(run)) }
                    WordOp::Insert => @if self.side != Side::Before {
                        ins { span.vh { " added: " } (self.styled(run)) (self.target(run)) }
                    }
                    WordOp::Delete => @if self.side != Side::After {
                        del { span.vh { " removed: " } (self.styled(run)) (self.target(run)) }
                    }
                }
            }
        }
    }

    fn styled(&self, run: &Run) -> Markup {
        let words = self.words(run);
        let was = run.was.as_ref().filter(|_| self.side == Side::Before);
        let style = was.unwrap_or(&run.style);
        html! {
            @match (style.strong, style.emphasis) {
                (true, true) => { strong { em { (words) } } }
                (true, false) => { strong { (words) } }
                (false, true) => { em { (words) } }
                (false, false) => { (words) }
            }
        }
    }

    /// Ids that stand for something are shown by its name.
    fn words(&self, run: &Run) -> String {
        let link = run.style.link.as_deref().unwrap_or_default();
        match link.split_once(':') {
            Some(("ref" | "media", id)) if id == run.text => self.named(link),
            _ => run.text.clone(),
        }
    }

    fn named(&self, link: &str) -> String {
        let id = link.split_once(':').map(|(_, id)| id.split('#').next().unwrap_or(id)).unwrap_or_default();
        match self.drawing.titles.get(id) {
            Some(title) => format!("“{title}”"),
            None if link.starts_with("media:") => format!("image {}", id.get(..8).unwrap_or(id)),
            None if link.starts_with("ref:") => "a document that is gone".to_owned(),
            None => link.to_owned(),
        }
    }

    /// Where a link leads that came or went; names of documents say it themselves.
    fn target(&self, run: &Run) -> Markup {
        let names_it = |link: &&str| link.split_once(':').is_some_and(|(_, id)| id == run.text);
        html! {
            @if let Some(link) = run.style.link.as_deref().filter(|link| !names_it(link)) {
                " (link to " (self.named(link)) ")"
            }
        }
    }

    /// What became of how unchanged words look, and of where they lead.
    fn restyled(&self, run: &Run) -> Markup {
        let Some(was) = run.was.as_ref().filter(|_| self.side == Side::Both) else { return html! {} };
        let now = &run.style;
        let mut said = Vec::new();
        for (name, before, after) in [("bold", was.strong, now.strong), ("italic", was.emphasis, now.emphasis)] {
            match (before, after) {
                (false, true) => said.push(format!("now {name}")),
                (true, false) => said.push(format!("no longer {name}")),
                _ => {}
            }
        }
        let target = |link: &Option<String>| link.as_deref().map_or("no link".to_owned(), |link| self.named(link));
        html! {
            @if !said.is_empty() { " " span.moved { "formatting changed: " (said.join(", ")) } " " }
            @if was.link != now.link {
                " (link: " del { span.vh { "removed: " } (target(&was.link)) } " " ins { span.vh { "added: " } (target(&now.link)) } ") "
            }
        }
    }
}
