//! What is sent, what it says, and what becomes of what is not taken.

use std::time::Duration;

use axum::http::StatusCode;
use rolebook::{
    accounts::{Purpose, links, mailed_links},
    config::{MailEncryption, Secret},
    kernel::{Error, MailId, Timestamp},
    mail::{self, MailState, Recipient},
    outbound::{Letter, Mailer, Patience, Setback},
};

use super::{
    Site,
    server::{AUTHORITY, Manner, QUICK, Reply, Server},
};
use crate::support::{TestApp, TestDatabase};

fn letter(subject: &str) -> Letter {
    Letter {
        name: Some("Zoë Stone".to_owned()),
        address: "zoe@visitors.test".to_owned(),
        subject: subject.to_owned(),
        body: "Hello.\n".to_owned(),
        message_id: "one".to_owned(),
        at: Timestamp::parse("2026-11-22T09:00:00Z").unwrap(),
    }
}

#[tokio::test]
async fn an_invitation_arrives_with_a_link_that_works_and_is_kept_nowhere() {
    let site = Site::open().await;
    let mia = site.invited("Mia").await;
    assert!(site.server.received().is_empty(), "a command does not speak to the network");
    assert_eq!(site.app.send_mail().await, 1);
    let received = site.server.received();
    let message = &received[0];
    assert_eq!(message.to, ["RCPT TO:<mia@rolebook.test>"]);
    assert!(message.from.starts_with("MAIL FROM:<careers@rolebook.test>"), "{}", message.from);
    assert_eq!(message.header("from").unwrap(), "Careers <careers@rolebook.test>");
    assert_eq!(message.header("subject").unwrap(), "Your account at Rolebook");
    assert_eq!(message.header("auto-submitted").unwrap(), "auto-generated");
    assert_eq!(message.header("date").unwrap(), "Sun, 22 Nov 2026 09:00:00 +0000");
    assert_eq!(message.header("content-type").unwrap(), "text/plain; charset=utf-8");
    assert!(message.body().contains("until 29 November 2026 at 09:00 (GMT)"), "{}", message.body());

    let letter = &site.log().await[0];
    assert_eq!((letter.state, letter.attempts), (MailState::Sent, 1));
    assert!(matches!(&letter.to, Recipient::User { id, .. } if *id == mia));
    assert_eq!(message.header("message-id").unwrap(), format!("<{}@rolebook.test>", letter.id));
    let attempts = mail::attempts(&site.app.system(), letter.id).await.unwrap();
    assert_eq!((attempts[0].status, attempts[0].answer.as_deref()), (Some(250), Some("taken")));
    assert_eq!(site.app.send_mail().await, 0, "once");

    let secret = message.link().rsplit('/').next().unwrap().to_owned();
    assert!(!format!("{:?}{attempts:?}", site.log().await).contains(&secret));
    let mut browser = site.app.browser();
    let page = browser.page(&message.link()).await;
    assert!(page.contains("You have been invited"), "{page}");
    let fields = [("name", "Mia"), ("password", crate::panel::PASSWORD)];
    assert_eq!(browser.post(&message.link(), &fields).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_the_server_cant_take_at_the_moment_is_tried_again_with_another_link_and_the_same_id() {
    let site = Site::open().await;
    site.invited("Mia").await;
    site.server.answers([Reply::ToMessage("451 later"), Reply::ToRecipient("452 full")]);
    site.app.send_mail().await;
    let first = site.server.received().remove(0);
    let letter = site.log().await.remove(0);
    assert_eq!((letter.state, letter.attempts), (MailState::Waiting, 1));
    assert_eq!(letter.error.as_deref(), Some("The mail server can't take it at the moment (451)."));
    assert_eq!(site.app.send_mail().await, 0, "not before its time");
    site.app.clock.advance(30 * Timestamp::SECOND);
    assert_eq!(site.app.send_mail().await, 1);
    site.app.clock.advance(119 * Timestamp::SECOND);
    assert_eq!(site.app.send_mail().await, 0, "the second pause is longer");
    site.app.clock.advance(Timestamp::SECOND);
    site.app.send_mail().await;
    let last = site.server.received().remove(0);
    assert_eq!((site.log().await[0].state, site.log().await[0].attempts), (MailState::Sent, 3));
    assert_eq!(first.header("message-id"), last.header("message-id"));
    let mut browser = site.app.browser();
    assert_eq!(browser.get(&first.link()).await.status, StatusCode::NOT_FOUND, "the older link has ended");
    browser.page(&last.link()).await;
}

#[tokio::test]
async fn a_final_refusal_is_given_up_and_a_day_of_trouble_too_and_both_can_be_sent_again() {
    let site = Site::open().await;
    site.invited("Mia").await;
    site.server.answers([Reply::ToRecipient("550 no such person")]);
    site.app.send_mail().await;
    let letter = site.log().await.remove(0);
    assert_eq!((letter.state, letter.next_attempt_at), (MailState::Failed, None));
    assert_eq!(letter.error.as_deref(), Some("The mail server refused it (550)."));

    let stale = mail::send_again(&site.app.system(), letter.id, "0").await;
    assert!(matches!(stale, Err(Error::Stale(_))));
    mail::send_again(&site.app.system(), letter.id, &letter.revision).await.unwrap();
    let mut tries = 0;
    for _ in 0..60 {
        site.server.answers([Reply::ToMessage("421 closing")]);
        tries += site.app.send_mail().await;
        site.app.clock.advance(30 * Timestamp::MINUTE);
    }
    let letter = site.log().await.remove(0);
    assert_eq!((letter.state, usize::try_from(letter.attempts).unwrap()), (MailState::Failed, tries));
    assert!((8..=11).contains(&tries), "{tries}");
    mail::send_again(&site.app.system(), letter.id, &letter.revision).await.unwrap();
    site.server.received();
    site.server.recovers();
    site.app.send_mail().await;
    assert_eq!(site.log().await[0].state, MailState::Sent);
}

#[tokio::test]
async fn a_server_that_is_away_or_says_nothing_is_tried_again() {
    let server = Server::open().await;
    let patience = Patience { connect: Duration::from_millis(200), whole: Duration::from_millis(200) };
    let mailer = Mailer::with(server.settings(MailEncryption::None), None, patience).unwrap();
    server.answers([Reply::Nothing]);
    let posted = mailer.post(&letter("Hello")).await;
    assert!(matches!(&posted.setback, Some(Setback::Passing(why)) if why.contains("did not answer")), "{posted:?}");
    drop(server);
    let closed = Server::open().await;
    let settings = closed.settings(MailEncryption::None);
    drop(closed);
    let posted = Mailer::with(settings, None, QUICK).unwrap().post(&letter("Hello")).await;
    assert!(matches!(&posted.setback, Some(Setback::Passing(_))), "{posted:?}");
    assert_eq!(posted.status, None);
}

#[tokio::test]
async fn where_encryption_is_asked_for_nothing_is_said_without_it() {
    let plain = Server::with(Manner { offers_tls: false, password: Some("rolebook hunter2") }).await;
    let mut settings = plain.settings(MailEncryption::StartTls);
    settings.credentials = Some(("rolebook".to_owned(), "hunter2".parse::<Secret>().unwrap()));
    let posted = Mailer::with(settings.clone(), Some(AUTHORITY), QUICK).unwrap().post(&letter("Hello")).await;
    assert!(matches!(posted.setback, Some(Setback::Passing(_))), "{posted:?}");
    assert!(plain.received().is_empty());
    let said = plain.said();
    assert!(said.iter().all(|line| line.starts_with("EHLO") || line == "QUIT"), "{said:?}");

    let server = Server::with(Manner { offers_tls: true, password: Some("rolebook hunter2") }).await;
    settings.port = server.port;
    let posted = Mailer::with(settings.clone(), Some(AUTHORITY), QUICK).unwrap().post(&letter("Hello")).await;
    assert_eq!(posted.setback, None);
    let message = server.received().remove(0);
    assert!(message.encrypted);
    assert_eq!(message.credentials.as_deref(), Some("rolebook hunter2"));

    // A certificate that nobody known has signed.
    let posted = Mailer::with(settings.clone(), None, QUICK).unwrap().post(&letter("Hello")).await;
    assert!(matches!(posted.setback, Some(Setback::Passing(_))), "{posted:?}");
    assert!(server.received().is_empty());

    // A wrong password can be mended, so the letter is not lost over it.
    settings.credentials = Some(("rolebook".to_owned(), "wrong".parse::<Secret>().unwrap()));
    let posted = Mailer::with(settings, Some(AUTHORITY), QUICK).unwrap().post(&letter("Hello")).await;
    assert!(matches!(&posted.setback, Some(Setback::Passing(why)) if why.contains("535")), "{posted:?}");
    assert!(!format!("{posted:?}").contains("wrong"), "{posted:?}");
}

#[tokio::test]
async fn no_text_adds_a_header_or_a_recipient() {
    let server = Server::open().await;
    let mailer = server.mailer();
    let evil = Letter {
        name: Some("Zoë\r\nBcc: <all@example.org>".to_owned()),
        body: "Hello.\n.\nMAIL FROM:<x@y.test>\r\n.\r\nRCPT TO:<all@example.org>\n".to_owned(),
        ..letter("Hello\r\nBcc: all@example.org\r\n\r\nmore")
    };
    assert_eq!(mailer.post(&evil).await.setback, None);
    let messages = server.received();
    assert_eq!(messages.len(), 1, "one message");
    let message = &messages[0];
    assert_eq!(message.to, ["RCPT TO:<zoe@visitors.test>"]);
    assert_eq!((message.header("bcc"), message.header("cc")), (None, None));
    assert_eq!(message.header("subject").unwrap(), "Hello Bcc: all@example.org more");
    for address in ["zoe@visitors.test>\r\nRCPT TO:<all@example.org", "no address", "a@b.test, c@d.test", ""] {
        let posted = mailer.post(&Letter { address: address.to_owned(), ..letter("Hello") }).await;
        assert!(matches!(posted.setback, Some(Setback::Final(_))), "{address:?}: {posted:?}");
    }
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn several_instances_send_each_letter_once() {
    let site = Site::open().await;
    for name in ["Mia", "Bob", "Amina", "Kofi", "Ines", "Lars"] {
        site.invited(name).await;
    }
    let other = TestApp::mailing(site.server.mailer(), site.app.database.same()).await;
    let third = TestApp::mailing(site.server.mailer(), site.app.database.same()).await;
    let (a, b, c) = tokio::join!(site.app.send_mail(), other.send_mail(), third.send_mail());
    assert_eq!(a + b + c, 6);
    let mut to: Vec<String> = site.server.received().into_iter().flat_map(|message| message.to).collect();
    to.sort();
    to.dedup();
    assert_eq!(to.len(), 6);
    assert!(site.log().await.iter().all(|letter| letter.state == MailState::Sent && letter.attempts == 1));
}

#[tokio::test]
async fn a_letter_whose_sender_ended_midway_is_sent_by_another_when_the_claim_is_over() {
    let site = Site::open().await;
    site.invited("Mia").await;
    let id: MailId = site.log().await[0].id;
    let lost = mail::claim(&site.app.system(), id).await.unwrap().unwrap();
    assert!(mail::claim(&site.app.system(), id).await.unwrap().is_none(), "nobody else has it meanwhile");
    assert_eq!(site.app.send_mail().await, 0);
    site.app.clock.advance(mail::CLAIM);
    assert_eq!(site.app.send_mail().await, 1);
    // The first comes back: what it has to say is no longer asked for.
    let ended = mail::Ended::Moot("It broke off.".to_owned());
    mail::record(&site.app.system(), &lost, site.app.app.clock.now(), &ended).await.unwrap();
    assert_eq!((site.log().await[0].state, site.log().await[0].attempts), (MailState::Sent, 1));
}

#[tokio::test]
async fn what_has_become_pointless_is_not_sent_and_the_newest_link_counts() {
    let site = Site::open().await;
    let mia = site.invited("Mia").await;
    let shown = links::invite(&site.app.system(), mia).await.unwrap();
    assert_eq!(site.app.send_mail().await, 0, "a link that was shown takes the place of the letter");
    let letter = site.log().await.remove(0);
    assert_eq!((letter.state, letter.error.as_deref()), (MailState::Failed, Some("A newer link has taken its place.")));

    mailed_links::send_invitation(&site.app.system(), mia).await.unwrap();
    mailed_links::send_invitation(&site.app.system(), mia).await.unwrap();
    let passwords = &site.app.app.passwords;
    links::accept(&site.app.system(), passwords, &shown.secret, crate::panel::PASSWORD, None).await.unwrap();
    assert_eq!(site.app.send_mail().await, 1, "of two invitations that wait the newer one is looked at");
    assert!(site.server.received().is_empty());
    let errors: Vec<String> = site.log().await.into_iter().filter_map(|letter| letter.error).collect();
    assert_eq!(errors.len(), 3, "none was sent: {errors:?}");
    assert!(errors.iter().any(|error| error.contains("has a password already")), "{errors:?}");
    assert!(matches!(
        links::look(&site.app.system(), Purpose::Invitation, &shown.secret).await,
        Err(Error::Gone { .. })
    ));
}

#[tokio::test]
async fn old_letters_are_forgotten_after_thirty_days() {
    let site = Site::open().await;
    site.invited("Mia").await;
    site.app.send_mail().await;
    site.app.clock.advance(mail::KEPT);
    assert_eq!(mail::thin(&site.app.system()).await.unwrap(), 0);
    site.app.clock.advance(1);
    assert_eq!(mail::thin(&site.app.system()).await.unwrap(), 1);
    assert!(site.log().await.is_empty());
}

#[tokio::test]
async fn a_copy_of_a_site_writes_to_nobody() {
    use rolebook::{
        kernel::Ctx,
        kernel::Database,
        media::Store,
        operations::{backup, restore},
    };

    let site = Site::open().await;
    site.invited("Mia").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("site.backup");
    backup::backup(&site.app.system(), &site.app.app.store, &file).await.unwrap();
    let target = TestDatabase::empty().await;
    let database = Database::connect(&target.url, 2, true).await.unwrap();
    let ctx = Ctx { database: database.clone(), ..site.app.system() };
    restore::restore(&ctx, &file, &Store::in_memory()).await.unwrap();
    database.close().await.unwrap();
    let copy = TestApp::mailing(site.server.mailer(), target).await;
    assert_eq!(copy.send_mail().await, 0);
    assert_eq!(site.app.send_mail().await, 1, "the site itself does");
}
