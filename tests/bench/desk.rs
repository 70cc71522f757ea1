//! A feedback desk of any size for benchmarks: two years of reports and cases, written as rows, in every state there is and
//! unevenly spread over pages, as they are in life. The event log tells of them as if people had done it all.

use entity::{
    case, case_label, case_note, counter, document, event, live_document, page_view, report, report_addition,
    report_contact,
};
use rolebook::{
    feedback::similarity::fingerprint,
    kernel::{Ctx, Timestamp, Transaction},
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, sea_query::Expr};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::support::{Client, TestApp};

/// How long all of it took to come in.
const SPAN: i64 = 2 * 365 * Timestamp::DAY;
/// What was closed so long ago has no text any more.
const TEXT_KEPT: i64 = 540 * Timestamp::DAY;
/// Of a hundred reports so many are suspected of being spam.
const SPAM: usize = 8;
/// Rows that are written at once.
const ROWS: usize = 400;
/// The version that is live on every page.
const VERSION: i32 = 2;

/// What there is to look for.
pub struct Desk {
    pub cases: Vec<Uuid>,
    /// The case with the most reports.
    pub largest: Uuid,
    /// The page with the most cases.
    pub page: Uuid,
    /// Of every page.
    pub block: Uuid,
}

const WORDS: &str = "the page says that nurses work in hospitals and at home but band five is not right any more because pay \
    changed this year link to course finder does not open when I press it on my telephone entry requirements list two A \
    levels while college asks for three picture of uniform has no words under heading where training takes place could you \
    explain what apprenticeship means for people who are already working part time it would help if hours were shown as well \
    thank you clear useful sentence about registration repeated twice table of salaries hard to read with large letters \
    please check date closing interview places north south west region ambulance theatre dental midwife porter cook driver \
    laboratory pharmacy children mental health degree foundation access diploma experience volunteer shifts nights weekends \
    pension leave promotion manager team leader assistant technician engineer scientist radiographer dietitian";
const LABELS: [&str; 12] = [
    "pay",
    "links",
    "pictures",
    "wording",
    "entry",
    "ask the college",
    "law",
    "design",
    "quick",
    "spring",
    "campaign",
    "pdf",
];
const CATEGORIES: [&str; 10] = [
    "factual_error",
    "out_of_date",
    "missing_content",
    "unclear",
    "typo",
    "broken_link",
    "accessibility",
    "technical",
    "praise",
    "other",
];

/// A small source of chance that always says the same (Numerical Recipes, 7.1).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn of_hundred(&mut self, part: usize) -> bool {
        self.below(100) < part
    }

    fn any<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// Low numbers far more often than high ones.
    fn low(&mut self, end: usize) -> usize {
        self.below(end) * self.below(end) / end * self.below(end) / end
    }

    fn time(&mut self, within: i64) -> i64 {
        i64::try_from(self.below(usize::try_from(within.max(1)).unwrap())).unwrap()
    }

    fn sentence(&mut self, words: &[&str]) -> String {
        let length = 6 + self.below(40);
        (0..length).map(|_| self.any(words)).collect::<Vec<_>>().join(" ")
    }
}

/// An event without its place in the log.
struct Happened {
    at: i64,
    kind: &'static str,
    document: Uuid,
    subject: (&'static str, Uuid),
    /// `None` for a visitor.
    actor: Option<Uuid>,
    payload: Value,
    /// The case that it says is fixed, by its place.
    fixes: Option<usize>,
}

/// Fills the desk. The clock stands at the end of it all afterwards. `people` are those who triage.
pub async fn fill(
    app: &TestApp,
    reader: &Client,
    pages: &[Uuid],
    reports: usize,
    cases: usize,
    people: &[Uuid],
) -> Desk {
    let shown = reader.get(&format!("/api/v1/role-pages/{}", pages[0])).await.ok();
    let blocks: Vec<Uuid> = shown["sections"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|section| section["blocks"].as_array().unwrap())
        .map(|block| block["id"].as_str().unwrap().parse().unwrap())
        .collect();
    let start = app.system().now().0;
    app.clock.advance(SPAN + Timestamp::DAY);
    let ctx = app.system();
    let tx = ctx.write().await.unwrap();
    areas(&tx, pages).await;
    let (mut dice, words) = (Dice(7), WORDS.split_whitespace().collect::<Vec<_>>());
    let mut log = Vec::new();
    let mut rows: Vec<case::Model> =
        (0..cases).map(|number| a_case(&mut dice, &ctx, &mut log, pages, people, (start, number, cases))).collect();
    let said: Vec<String> = rows.iter().map(|_| dice.sentence(&words)).collect();
    let passages: Vec<Option<Uuid>> =
        rows.iter().map(|_| dice.of_hundred(60).then(|| blocks[dice.low(blocks.len())])).collect();
    let mut all: Vec<report::Model> = Vec::with_capacity(reports);
    for number in 0..reports {
        let spam = number >= cases && dice.of_hundred(SPAM);
        // One of each case first; of the others half belong to a few, and one case in particular has very many.
        let place = match number {
            number if number < cases => number,
            number if number % 50 == 0 => cases / 2,
            _ if dice.of_hundred(50) => dice.below(cases / 50) * 50,
            _ => dice.below(cases),
        };
        let row = a_report(&mut dice, &ctx, (&words, &said[place]), &rows[place], passages[place], spam, start + SPAN);
        log.push(received(&row));
        if !spam && number >= cases {
            let case = &mut rows[place];
            case.report_count += 1;
            case.last_report_at = case.last_report_at.max(row.received_at);
        }
        all.push(row);
    }
    log.sort_by_key(|happened| happened.at);
    let first = number(&tx, "event").await;
    for (place, happened) in log.iter().enumerate() {
        if let Some(fixed) = happened.fixes {
            rows[fixed].fixed_sequence = Some(first + 1 + i64::try_from(place).unwrap());
        }
    }
    count(&tx, "event", first + i64::try_from(log.len()).unwrap()).await;
    count(&tx, "case", i64::try_from(cases).unwrap()).await;
    let largest = rows.iter().max_by_key(|row| row.report_count).unwrap().id;
    let ids = rows.iter().map(|row| row.id).collect();
    for chunk in rows.chunks(ROWS) {
        let rows = chunk.iter().map(|row| row.clone().into_active_model());
        case::Entity::insert_many(rows).exec_without_returning(&*tx).await.unwrap();
    }
    for chunk in all.chunks(ROWS) {
        let rows = chunk.iter().map(|row| row.clone().into_active_model());
        report::Entity::insert_many(rows).exec_without_returning(&*tx).await.unwrap();
    }
    beside(&tx, &ctx, &mut dice, &words, (&rows, &all), people).await;
    views(&tx, pages, &mut dice, start).await;
    for (place, chunk) in log.chunks(ROWS).enumerate() {
        let rows = chunk.iter().zip(first + 1 + i64::try_from(place * ROWS).unwrap()..);
        let rows = rows.map(|(happened, sequence)| logged(happened, sequence).into_active_model());
        event::Entity::insert_many(rows).exec_without_returning(&*tx).await.unwrap();
    }
    tx.commit(()).await.unwrap();
    Desk { cases: ids, largest, page: pages[0], block: blocks[0] }
}

/// The first of every fifty pages has the others below it.
async fn areas(tx: &Transaction, pages: &[Uuid]) {
    for pages in pages.chunks(50) {
        let (area, below) = pages.split_first().unwrap();
        document::Entity::update_many()
            .col_expr(document::Column::ParentId, Expr::value(*area))
            .filter(document::Column::Id.is_in(below.iter().copied()))
            .exec(&**tx)
            .await
            .unwrap();
        live_document::Entity::update_many()
            .col_expr(live_document::Column::ParentId, Expr::value(*area))
            .filter(live_document::Column::DocumentId.is_in(below.iter().copied()))
            .exec(&**tx)
            .await
            .unwrap();
    }
}

/// The states of cases, most of those of the last weeks still open.
fn state(dice: &mut Dice, number: usize, cases: usize) -> &'static str {
    let newest = number * 10 >= cases * 9;
    let parts: [(&str, usize); 6] = match newest {
        true => [("new", 40), ("open", 20), ("in_progress", 20), ("waiting", 10), ("resolved", 7), ("dismissed", 3)],
        false => [("resolved", 75), ("dismissed", 17), ("open", 4), ("in_progress", 2), ("waiting", 1), ("new", 1)],
    };
    let mut thrown = dice.below(100);
    for (state, part) in parts {
        match thrown.checked_sub(part) {
            Some(rest) => thrown = rest,
            None => return state,
        }
    }
    "open"
}

/// A case without its reports, the first one counted, and what has been done to it.
fn a_case(
    dice: &mut Dice,
    ctx: &Ctx,
    log: &mut Vec<Happened>,
    pages: &[Uuid],
    people: &[Uuid],
    (start, number, cases): (i64, usize, usize),
) -> case::Model {
    let began = start + SPAN / i64::try_from(cases).unwrap() * i64::try_from(number).unwrap();
    let state = state(dice, number, cases);
    let (page, id) = (pages[dice.low(pages.len())], ctx.new_id());
    let who = dice.any(people);
    let (is_new, is_closed) = (state == "new", matches!(state, "resolved" | "dismissed"));
    let acted = began + dice.time(3 * Timestamp::DAY);
    let closed = acted + dice.time(20 * Timestamp::DAY);
    let runs = !is_closed && state != "waiting";
    let due = runs.then(|| began + (5 + dice.time(30)) * Timestamp::DAY);
    let resolution = (state == "resolved").then(|| dice.any(&["fixed", "fixed", "fixed", "answered", "wont_change"]));
    let regressed = !is_closed && !is_new && dice.of_hundred(5);
    let mut step = |at: i64, kind, actor: Option<Uuid>, payload: Value, fixes| {
        let mut said = Map::from_iter([("number".to_owned(), json!(number + 1))]);
        said.extend(payload.as_object().unwrap().clone());
        log.push(Happened { at, kind, document: page, subject: ("case", id), actor, payload: said.into(), fixes });
    };
    if !is_new {
        let fix = number % 3 == 0;
        let taken = json!({ "action": "start", "from": "new", "to": "in_progress" });
        let mended = json!({ "action": "start", "from": "new", "to": "in_progress", "fix": true });
        step(acted, "case_changed", Some(who), if fix { mended } else { taken }, None);
        step(acted + 1, "case_changed", Some(who), json!({ "action": "classify", "from": "in_progress" }), None);
    }
    if regressed {
        let fixed = json!({ "action": "resolve", "from": "in_progress", "resolution": "fixed" });
        step(acted + 2, "case_resolved", Some(who), fixed, None);
        step(acted + 3, "case_reopened", None, json!({ "action": "regress", "from": "resolved", "to": "open" }), None);
    }
    match (state, resolution) {
        ("resolved", Some(resolution)) => {
            let said = json!({ "action": "resolve", "from": "in_progress", "resolution": resolution });
            step(closed, "case_resolved", Some(who), said, (resolution == "fixed").then_some(number));
        }
        ("dismissed", _) => {
            let said = json!({ "action": "dismiss", "from": "in_progress", "to": "dismissed" });
            step(closed, "case_changed", Some(who), said, None);
        }
        _ => {}
    }
    let fixed = resolution == Some("fixed");
    case::Model {
        id,
        number: i64::try_from(number + 1).unwrap(),
        title: format!("Case {} about {}", number + 1, LABELS[number % LABELS.len()]),
        document_id: page,
        state: state.to_owned(),
        resolution: resolution.map(str::to_owned),
        reason: (state == "dismissed").then(|| "no_detail".to_owned()),
        assignee_id: (!is_new && dice.of_hundred(80)).then_some(who),
        waiting_until: (state == "waiting").then_some(start + SPAN + 7 * Timestamp::DAY),
        fixed_document_id: fixed.then_some(page),
        fixed_version: fixed.then_some(VERSION),
        fixed_sequence: None,
        merged_into: None,
        state_before_merge: None,
        regressed,
        report_count: 1,
        first_report_at: began,
        last_report_at: began,
        row_version: 2,
        created_at: began,
        updated_at: if is_closed { closed } else { acted },
        severity: dice.any(&["normal", "normal", "normal", "low", "high", "urgent"]).to_owned(),
        category: dice.any(&CATEGORIES).to_owned(),
        clock_from: began,
        clock_stopped_at: (!runs).then_some(closed),
        pauses: "[]".to_owned(),
        acted_at: (!is_new).then_some(acted),
        action_due_at: due.filter(|_| is_new),
        fix_due_at: due,
        due_at: due,
        closed_at: is_closed.then_some(closed),
    }
}

fn a_report(
    dice: &mut Dice,
    ctx: &Ctx,
    (words, said): (&[&str], &str),
    case: &case::Model,
    block: Option<Uuid>,
    spam: bool,
    end: i64,
) -> report::Model {
    let id = ctx.new_id();
    let received = (case.first_report_at + dice.time(60 * Timestamp::DAY)).min(end);
    let purged = case.closed_at.map(|at| at + TEXT_KEPT).filter(|at| *at <= end && !spam);
    let wrong = format!("{said} {}", (0..3).map(|_| dice.any(words)).collect::<Vec<_>>().join(" "));
    let doing = dice.of_hundred(40).then(|| format!("I was looking for {} {}", dice.any(words), dice.below(2_000)));
    let digest = |text: &[u8]| text.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    report::Model {
        id,
        reference: format!("RB-{}", id.simple()),
        document_id: case.document_id,
        page_id: case.document_id,
        version: Some(VERSION),
        seen_sequence: None,
        block_id: block,
        kind: dice.any(&["problem", "problem", "problem", "problem", "comment", "accessibility", "praise"]).to_owned(),
        fingerprint: digest(&fingerprint(&wrong)),
        doing: doing.filter(|_| purged.is_none()),
        wrong: purged.is_none().then_some(wrong),
        removed: "{}".to_owned(),
        reasons: if spam { "[\"honeypot\"]".to_owned() } else { "[]".to_owned() },
        score: if spam { 10 } else { 0 },
        quarantined: spam,
        case_id: (!spam).then_some(case.id),
        case_before_merge: None,
        received_at: received,
        door: "json".to_owned(),
        receipt_digest: digest(&Sha256::digest(id.as_bytes())),
        text_purged_at: purged,
        flags: if dice.of_hundred(2) { "[\"name\"]".to_owned() } else { "[]".to_owned() },
        quarantined_at: spam.then_some(received),
        purge_rule: purged.map(|_| "closed_text".to_owned()),
        device: dice.of_hundred(80).then(|| dice.any(&["phone", "desktop", "tablet"]).to_owned()),
        has_contact: purged.is_none() && dice.of_hundred(10),
    }
}

fn received(row: &report::Model) -> Happened {
    let mut payload = json!({
        "reference": row.reference, "kind": row.kind, "document": row.document_id, "page": row.page_id,
        "version": row.version, "quarantined": row.quarantined, "reasons": [],
    });
    let optional = [("block", row.block_id), ("case", row.case_id)];
    payload
        .as_object_mut()
        .unwrap()
        .extend(optional.into_iter().filter_map(|(key, id)| Some((key.to_owned(), json!(id?)))));
    Happened {
        at: row.received_at,
        kind: "report_received",
        document: row.document_id,
        subject: ("report", row.id),
        actor: None,
        payload,
        fixes: None,
    }
}

fn logged(happened: &Happened, sequence: i64) -> event::Model {
    event::Model {
        sequence,
        at: happened.at,
        kind: happened.kind.to_owned(),
        document_id: Some(happened.document),
        subject_kind: happened.subject.0.to_owned(),
        subject_id: happened.subject.1.to_string(),
        actor_kind: if happened.actor.is_some() { "user" } else { "visitor" }.to_owned(),
        actor_id: happened.actor,
        actor_name: if happened.actor.is_some() { "Somebody" } else { "" }.to_owned(),
        door: if happened.actor.is_some() { "admin" } else { "public" }.to_owned(),
        public: false,
        payload: happened.payload.to_string(),
        affected: "[]".to_owned(),
        request_id: None,
    }
}

/// Labels, notes, what visitors added, and their addresses.
async fn beside(
    tx: &Transaction,
    ctx: &Ctx,
    dice: &mut Dice,
    words: &[&str],
    (cases, reports): (&[case::Model], &[report::Model]),
    people: &[Uuid],
) {
    let (mut labels, mut notes, mut added, mut contacts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for case in cases {
        if dice.of_hundred(30) {
            let label = LABELS[dice.low(LABELS.len())].to_owned();
            labels.push(case_label::Model { case_id: case.id, label }.into_active_model());
        }
        if dice.of_hundred(30) {
            notes.push(
                case_note::Model {
                    id: ctx.new_id(),
                    case_id: case.id,
                    text: dice.sentence(words),
                    removed: "{}".to_owned(),
                    author_id: Some(people[0]),
                    author_name: "Somebody".to_owned(),
                    created_at: case.updated_at,
                }
                .into_active_model(),
            );
        }
    }
    for report in reports {
        if report.has_contact {
            let (email, delete_after) = (format!("{}@visitor.example", report.id.simple()), i64::MAX);
            contacts.push(report_contact::Model { report_id: report.id, email, delete_after }.into_active_model());
        }
        if dice.of_hundred(3) {
            added.push(
                report_addition::Model {
                    id: ctx.new_id(),
                    report_id: report.id,
                    text: dice.sentence(words),
                    removed: "{}".to_owned(),
                    received_at: report.received_at + Timestamp::HOUR,
                }
                .into_active_model(),
            );
        }
    }
    insert_all(tx, labels).await;
    insert_all(tx, notes).await;
    insert_all(tx, added).await;
    insert_all(tx, contacts).await;
}

/// A year of views of a few hundred pages.
async fn views(tx: &Transaction, pages: &[Uuid], dice: &mut Dice, start: i64) {
    let mut views = Vec::new();
    for page in pages.iter().take(200) {
        for week in 0..52 {
            let day = Timestamp(start + SPAN).plus(-week * 7 * Timestamp::DAY).date();
            let count = i64::try_from(dice.below(5_000)).unwrap();
            views.push(page_view::Model { document_id: *page, day, views: count }.into_active_model());
        }
    }
    insert_all(tx, views).await;
}

async fn insert_all<A: ActiveModelTrait>(tx: &Transaction, rows: Vec<A>) {
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let some: Vec<A> = rows.by_ref().take(ROWS).collect();
        A::Entity::insert_many(some).exec_without_returning(&**tx).await.unwrap();
    }
}

async fn number(tx: &Transaction, name: &str) -> i64 {
    let values = counter::Entity::find_by_id(name).select_only().column(counter::Column::Value);
    values.into_tuple::<i64>().one(&**tx).await.unwrap().unwrap()
}

async fn count(tx: &Transaction, name: &str, value: i64) {
    counter::Entity::update_many()
        .col_expr(counter::Column::Value, Expr::value(value))
        .filter(counter::Column::Name.eq(name))
        .exec(&**tx)
        .await
        .unwrap();
}
