//! What a desk with many reports shows at a glance: how many there are of what, what stands beside each other, and spam that
//! came in one burst.

use axum::http::StatusCode;
use rolebook::kernel::Role;
use serde_json::json;

use super::feedback::Site;

/// The option of a filter, as the inbox says it.
fn option<'a>(page: &'a str, words: &str) -> Option<&'a str> {
    page.split("<option").skip(1).filter_map(|one| one.split("</option>").next()).find(|one| one.contains(words))
}

#[tokio::test]
async fn every_filter_says_how_many_cases_it_would_leave() {
    let mut site = Site::new().await;
    let mut cases = Vec::new();
    for words in ["The salary is wrong", "A link is broken here", "Nothing is said about nights"] {
        cases.push(site.report(words).await);
    }
    let me = site.tia.user.unwrap().to_string();
    for (case, severity, category) in [(&cases[0], "urgent", "out_of_date"), (&cases[1], "urgent", "broken_link")] {
        let version = site.version(case).await;
        let fields = [("version", version.as_str()), ("severity", severity), ("category", category), ("labels", "pay")];
        site.tia.submit(&super::feedback::below(case, "classify"), &fields).await;
    }
    let version = site.version(&cases[0]).await;
    site.tia.submit(&super::feedback::below(&cases[0], "assign"), &[("version", &version), ("assignee", &me)]).await;

    let inbox = site.tia.page("/admin/cases?view=open").await;
    for words in [
        "Urgent (2)",
        "Normal (1)",
        "High (0)",
        "Out of date (1)",
        "Broken link (1)",
        "pay (2)",
        "Nobody (2)",
        "Tia (1)",
        "Porter (3)",
        "Overdue (0)",
    ] {
        assert!(option(&inbox, words).is_some(), "{words}: {inbox}");
    }
    assert!(option(&inbox, "Resolved").is_none(), "a view offers no state that it can't have");
    for tab in ["New (3)", "Mine (1)", "Open (3)", "Resolved (0)", "Dismissed (0)", "All (3)"] {
        assert!(inbox.contains(tab), "{tab}");
    }

    // Beside another filter; the filter itself says what its other values would leave.
    let urgent = site.tia.page("/admin/cases?view=open&severity=urgent").await;
    for words in ["Urgent (2)", "Normal (1)", "Out of date (1)", "Nobody (1)", "Tia (1)", "Porter (2)", "pay (2)"] {
        assert!(option(&urgent, words).is_some(), "{words}: {urgent}");
    }
    let mine = site.tia.page(&format!("/admin/cases?view=open&assignee={me}&category=broken_link")).await;
    for words in ["Tia (0)", "Nobody (1)", "Out of date (1)", "Urgent (0)", "Porter (0)", "pay (0)"] {
        assert!(option(&mine, words).is_some(), "{words}: {mine}");
    }

    // Weeks later all of it is late.
    site.app.clock.advance(20 * 24 * 3_600_000);
    let mut una = site.app.signed_in("Una", &[Role::Triager]).await;
    let late = una.page("/admin/cases?view=open").await;
    assert!(option(&late, "Overdue (3)").is_some(), "{late}");
    let chosen = una.page("/admin/cases?view=open&due=overdue&severity=normal").await;
    for words in ["Overdue (1)", "Urgent (2)", "Today (0)"] {
        assert!(option(&chosen, words).is_some(), "{words}: {chosen}");
    }
}

#[tokio::test]
async fn a_row_warns_of_names_and_leads_to_what_else_is_said_of_the_passage() {
    let mut site = Site::new().await;
    let alone = site.report("Beds have wheels").await;
    let inbox = site.tia.page("/admin/cases").await;
    assert!(!inbox.contains("about this passage") && !inbox.contains("May name somebody"), "{inbox}");

    site.report("My name is Alice Brown and the beds are heavy").await;
    let inbox = site.tia.page("/admin/cases").await;
    assert!(inbox.contains("May name somebody"), "{inbox}");
    let (_, link) = inbox.split_once("/admin/cases?view=open&amp;block=").unwrap();
    let block = link.split('"').next().unwrap();
    assert!(link.contains("2 about this passage"), "{inbox}");
    let beside = site.tia.page(&format!("/admin/cases?view=open&block={block}")).await;
    assert!(beside.contains("Beds have wheels") && beside.contains("Alice Brown"), "{beside}");
    assert!(beside.contains("Passage: Work"), "{beside}");

    let page = site.tia.page(&format!("/admin/cases/{alone}")).await;
    assert!(page.contains(&format!("/admin/cases?view=all&amp;block={block}")), "{page}");
}

/// Spam with a link to this host, as the form sends it.
async fn advertise(site: &Site, host: &str, number: u32) {
    let wrong = format!("Offer {number}: https://{host}/{number} https://{host}/prices www.{host} <a href=x>buy</a>");
    let spam = json!({ "document": "porter", "kind": "comment", "wrong": wrong, "website": "https://spam.example" });
    site.app.nobody().post("/api/v1/reports", &spam).await.ok();
    site.app.clock.advance(25_000);
}

#[tokio::test]
async fn a_burst_of_spam_is_one_row_that_is_released_and_put_back_as_one() {
    let mut site = Site::new().await;
    for number in 0..4 {
        advertise(&site, "watches.example", number).await;
    }
    advertise(&site, "pills.example", 9).await;
    let quarantine = site.tia.page("/admin/reports?quarantined=true").await;
    assert!(quarantine.contains("Burst of 4 reports") && quarantine.contains("Show all 4 reports"), "{quarantine}");
    assert_eq!(quarantine.matches("Release all…").count(), 1, "{quarantine}");
    assert!(quarantine.contains("5 reports") && quarantine.contains("pills.example"), "{quarantine}");
    // Each of the burst is still there to be looked at.
    for number in 0..4 {
        assert!(quarantine.contains(&format!("watches.example/{number}")), "{number}: {quarantine}");
    }
    // What comes hours later is another burst.
    site.app.clock.advance(3 * 3_600_000);
    advertise(&site, "watches.example", 7).await;
    assert!(site.tia.page("/admin/reports?quarantined=true").await.contains("Burst of 4 reports"));

    let (_, form) = quarantine.split_once("/admin/reports/bulk").unwrap();
    let (form, _) = form.split_once("</form>").unwrap();
    let reports: Vec<&str> =
        form.split("name=\"report\" value=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(reports.len(), 4, "{form}");
    let mut fields: Vec<(&str, &str)> = reports.iter().map(|report| ("report", *report)).collect();
    fields.push(("action", "release"));
    let asked = site.tia.post("/admin/reports/bulk", &fields).await.text();
    assert!(asked.contains("Release: 4 reports") && asked.contains("Release 4 reports"), "{asked}");
    assert!(site.tia.page("/admin/cases").await.contains("No new cases."), "nothing is done before it is confirmed");

    // One of them is dealt with meanwhile, so that it is left out and said so.
    let first = reports[0].split_once(':').unwrap();
    site.tia.submit(&format!("/admin/reports/{}/release", first.0), &[("version", first.1)]).await;
    fields.push(("confirmed", "true"));
    let done = site.tia.post("/admin/reports/bulk", &fields).await.text();
    assert!(done.contains("3 of 4 reports released.") && done.contains("Somebody changed it meanwhile."), "{done}");
    assert!(site.tia.page("/admin/cases").await.contains("watches.example"));

    let back: Vec<String> = done
        .split("name=\"report\" value=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect();
    assert_eq!(back.len(), 3, "{done}");
    let mut fields: Vec<(&str, &str)> = back.iter().map(|report| ("report", report.as_str())).collect();
    fields.extend([("action", "quarantine"), ("confirmed", "true")]);
    let undone = site.tia.post("/admin/reports/bulk", &fields).await.text();
    assert!(undone.contains("3 of 3 reports put into quarantine."), "{undone}");
    assert!(site.tia.page("/admin/reports?quarantined=true").await.contains("Burst of 3 reports"));

    let nothing = site.tia.submit("/admin/reports/bulk", &[("action", "release")]).await;
    assert!(nothing.contains("No report was chosen"), "{nothing}");
    let unknown = site.tia.post("/admin/reports/bulk", &[("action", "burn"), ("report", reports[0])]).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
}
