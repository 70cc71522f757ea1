//! Reports as files: whole, harmless in a spreadsheet, without what nobody asked for, and noted in the log.

use axum::http::Method;
use rolebook::kernel::{Role, Timestamp};
use serde_json::{Value, json};

use crate::{
    intake::send_from,
    support::{Client, TestApp},
};

const EXPORT: &str = "/manage/v1/reports/export";

async fn site() -> (TestApp, Client) {
    let app = TestApp::new().await;
    let ada = app.administrator().await;
    let content = json!({ "title": "Porter", "summary": "Moves things.", "sections": [
        { "heading": "Work", "blocks": [{ "kind": "text", "markdown": "Porters move beds." }] }] });
    ada.publish_new("role-pages", &json!({ "slug": "porter", "content": content })).await;
    ada.set(&json!({ "contact_email": true })).await.ok();
    (app, ada)
}

async fn send(app: &TestApp, sender: &str, report: Value) -> String {
    let mut whole = json!({ "document": "porter", "kind": "problem" });
    whole.as_object_mut().unwrap().extend(report.as_object().unwrap().clone());
    send_from(app, sender, &whole).await.ok()["reference"].as_str().unwrap().to_owned()
}

/// The cells of a CSV file as a program reads them (RFC 4180).
fn cells(csv: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut rest = csv.chars().peekable();
    while let Some(next) = rest.next() {
        match (quoted, next) {
            (true, '"') if rest.peek() == Some(&'"') => cell.push(rest.next().unwrap()),
            (_, '"') => quoted = !quoted,
            (false, ',') => row.push(std::mem::take(&mut cell)),
            (false, '\r') if rest.peek() == Some(&'\n') => {
                rest.next();
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            _ => cell.push(next),
        }
    }
    assert!(row.is_empty() && cell.is_empty() && !quoted, "the file ends with a whole line");
    rows
}

#[tokio::test]
async fn a_file_holds_every_report_of_the_filter_and_no_formula() {
    let (app, ada) = site().await;
    let wrong = ["=HYPERLINK(\"http://evil.example\",\"x\")", "＝1+1", "The \"pay\"\nis, old", "+1 more room"];
    for (number, wrong) in wrong.iter().enumerate() {
        app.clock.advance(Timestamp::MINUTE);
        let report = json!({ "wrong": wrong, "contact_email": "ana@mail.example" });
        send(&app, &format!("203.0.113.{number}"), report).await;
    }
    send(&app, "198.51.100.1", json!({ "wrong": "Pills", "website": "https://spam.example" })).await;
    let erased = send(&app, "198.51.100.2", json!({ "wrong": "Once said" })).await;
    let erased = format!("/manage/v1/reports/{erased}");
    ada.seeing(&erased, Method::POST, &format!("{erased}/erase"), &json!({})).await;

    let file = ada.get(&format!("{EXPORT}?format=csv")).await;
    assert_eq!(file.status.as_u16(), 200, "{file:?}");
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"reports-2026-11-22.csv\"");
    let rows = cells(&file.text());
    let column = |name: &str| rows[0].iter().position(|cell| cell == name).unwrap();
    let said: Vec<&str> = rows[1..].iter().map(|row| row[column("wrong")].as_str()).collect();
    let expected = ["'+1 more room", "The \"pay\"\nis, old", "'＝1+1", "'=HYPERLINK(\"http://evil.example\",\"x\")"];
    assert_eq!(said, expected);
    assert_eq!(rows[1][column("page")], "Porter");
    assert_eq!((rows[1][column("case")].as_str(), rows[4][column("case")].as_str()), ("4", "1"));
    assert!(!file.text().contains("mail.example"), "an address is in no file");

    let json = ada.get(EXPORT).await.ok();
    let references = |json: &Value| json["data"].as_array().unwrap().len();
    assert_eq!(references(&json), 4);
    assert_eq!(json["data"][3]["wrong"], wrong[0], "JSON holds what was said, unchanged");
    assert!(json["data"][0].get("contact").is_none());
    assert_eq!(references(&ada.get(&format!("{EXPORT}?purged=true")).await.ok()), 5);
    let spam = ada.get(&format!("{EXPORT}?quarantined=true&kind=problem")).await.ok();
    assert_eq!((references(&spam), &spam["data"][0]["wrong"]), (1, &json!("Pills")));
    assert_eq!(ada.get(&format!("{EXPORT}?kind=praise")).await.ok(), json!({ "data": [] }));
    ada.get(&format!("{EXPORT}?kinds=praise")).await.problem(400);

    let events = ada.get("/manage/v1/events?kind=feedback_exported").await.ok();
    assert_eq!(events["total"], 5);
    assert_eq!(events["data"][1]["payload"]["filter"], json!({ "quarantined": "true", "kind": "problem" }));
    assert!(!events.to_string().contains("Pills"), "{events}");
}

#[tokio::test]
async fn a_long_list_is_one_file_without_gaps_and_twice_the_same() {
    let (app, ada) = site().await;
    // Several reports of one moment, on both sides of where one piece ends and the next begins.
    for number in 0..1_010_u32 {
        if number % 20 == 0 {
            app.clock.advance(20 * Timestamp::MINUTE);
        }
        let wrong = format!("Sentence {number} could be shorter");
        send(&app, &format!("10.9.{}.{}", number / 250, number % 250), json!({ "wrong": wrong })).await;
    }
    let file = ada.get(&format!("{EXPORT}?format=csv")).await.text();
    let rows = cells(&file);
    let mut references: Vec<&String> = rows[1..].iter().map(|row| &row[0]).collect();
    references.sort_unstable();
    references.dedup();
    assert_eq!((rows.len(), references.len()), (1_011, 1_010));
    assert_eq!(ada.get(&format!("{EXPORT}?format=csv")).await.text(), file);
    assert_eq!(ada.get(EXPORT).await.ok()["data"].as_array().unwrap().len(), 1_010);
}

#[tokio::test]
async fn the_list_of_reports_offers_its_filter_as_a_file_to_those_who_may() {
    let (app, _ada) = site().await;
    send(&app, "203.0.113.1", json!({ "wrong": "The pay is old" })).await;
    let mut tia = app.signed_in("Tia", &[Role::Triager]).await;
    let page = tia.page("/admin/reports?kind=problem").await;
    assert!(page.contains("/admin/reports/export?format=csv&amp;kind=problem"), "{page}");
    let file = tia.get("/admin/reports/export?format=csv&kind=problem").await;
    assert_eq!(cells(&file.text()).len(), 2);
    assert!(tia.page("/admin/reports?quarantined=true").await.contains("Nothing is in quarantine"));
    let inbox = tia.page("/admin/cases?view=all&kind=problem").await;
    let address =
        inbox.split_once("href=\"/admin/cases/export").unwrap().1.split('"').next().unwrap().replace("&amp;", "&");
    let cases = cells(&tia.get(&format!("/admin/cases/export{address}")).await.text());
    assert_eq!((cases.len(), cases[1][1].as_str()), (2, "The pay is old"), "{address}");
    assert_eq!(cells(&tia.get("/admin/cases/export?view=resolved").await.text()).len(), 1, "the names of the columns");
    assert!(inbox.contains("view=all&amp;kind=problem&amp;format=json"), "{inbox}");
    let file = tia.get("/admin/cases/export?view=all&kind=problem&format=json").await;
    assert_eq!(file.header("content-type"), "application/json");
    assert_eq!(file.ok()["data"][0]["title"], "The pay is old");
    assert_eq!(tia.get("/admin/cases/export?format=xml").await.status.as_u16(), 400);
    let mut ed = app.signed_in("Ed", &[Role::Editor]).await;
    assert!(!ed.page("/admin/reports").await.contains("/admin/reports/export"));
    let mut eve = app.signed_in("Eve", &[Role::Administrator]).await;
    let log = eve.page("/admin/audit-log").await;
    assert!(log.contains("took feedback out as a file: reports as CSV, filtered by kind problem"), "{log}");
}

#[tokio::test]
async fn cases_are_taken_out_with_the_filter_of_their_list_as_json_or_as_csv_without_formulas() {
    let (app, ada) = site().await;
    for (number, wrong) in ["=1+1 is on the page", "The pay is old"].into_iter().enumerate() {
        app.clock.advance(Timestamp::MINUTE);
        let report = json!({ "wrong": wrong, "contact_email": "ana@mail.example" });
        send(&app, &format!("203.0.113.{number}"), report).await;
    }
    send(&app, "198.51.100.1", json!({ "wrong": "Pills", "website": "https://spam.example" })).await;
    let path = "/manage/v1/cases/export";
    let all = ada.get(path).await.ok();
    let list = ada.get("/manage/v1/cases").await.ok();
    assert_eq!(all["data"], list["data"], "the same cases in the same order, as the list has them");
    let rows = cells(&ada.get(&format!("{path}?format=csv&q=page")).await.text());
    assert_eq!((rows.len(), rows[1][1].as_str()), (2, "'=1+1 is on the page"));
    let case = format!("/manage/v1/cases/{}", list["data"][0]["id"].as_str().unwrap());
    ada.step(&case, "dismiss", &json!({ "reason": "spam" })).await.ok();
    let filter = "state=new,open&has_contact=true&sort=due_at&due=later&regressed=false";
    let open = ada.get(&format!("{path}?{filter}")).await.ok();
    assert_eq!(open["data"], ada.get(&format!("/manage/v1/cases?{filter}")).await.ok()["data"]);
    assert_eq!(open["data"].as_array().unwrap().len(), 1, "{open}");
    assert!(!all.to_string().contains("mail.example") && !all.to_string().contains("Pills"));
    for wrong in ["states=new", "state=none", "format=xml", "limit=5", "cursor=x", "assignee=somebody"] {
        ada.get(&format!("{path}?{wrong}")).await.problem(400);
    }
    let log = ada.get("/manage/v1/events?kind=feedback_exported").await.ok();
    assert_eq!(log["total"], 3, "what was refused is no export: {log}");
    let payload = &log["data"][0]["payload"];
    assert_eq!((&payload["what"], &payload["format"]), (&json!("cases"), &json!("json")));
    assert_eq!(payload["filter"]["state"], "new,open", "{payload}");
}
