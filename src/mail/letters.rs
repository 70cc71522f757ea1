//! The words of letters, a function each: plain text, lines of their own, no more than is needed. Whoever calls has made the
//! links. What people typed stands in subjects and names as one line.

use crate::{kernel::Timestamp, outbound::one_line};

/// What a letter says.
#[derive(Clone, PartialEq, Eq)]
pub struct Words {
    pub subject: String,
    pub body: String,
}

fn words(subject: &str, paragraphs: &[&str], site: &str) -> Words {
    let body = paragraphs.iter().filter(|text| !text.is_empty()).copied().collect::<Vec<_>>().join("\n\n");
    Words { subject: one_line(subject), body: format!("{body}\n\n-- \n{}\n", one_line(site)) }
}

/// Says how to get in.
pub fn invitation(site: &str, name: &str, link: &str, until: &str) -> Words {
    let (site, name) = (one_line(site), one_line(name));
    words(
        &format!("Your account at {site}"),
        &[
            &format!("Hello {name},"),
            &format!("you have been invited to work on {site}. Open this link to choose your password:"),
            link,
            &format!(
                "The link works once, until {until}. Please don't pass this message on: whoever opens the link first has the account."
            ),
            "If you don't know what this is about, you need do nothing.",
        ],
        &site,
    )
}

/// Says how to set another password.
pub fn password_reset(site: &str, name: &str, link: &str, until: &str) -> Words {
    let (site, name) = (one_line(site), one_line(name));
    words(
        &format!("A new password for {site}"),
        &[
            &format!("Hello {name},"),
            &format!("with this link you can set a new password for your account at {site}:"),
            link,
            &format!("The link works once, until {until}. Until you use it, your present password stays good."),
            "If you did not ask for it, you need do nothing. Please don't pass this message on.",
        ],
        &site,
    )
}

/// Says that mail works.
pub fn test(site: &str, name: &str) -> Words {
    let (site, name) = (one_line(site), one_line(name));
    words(
        &format!("A test from {site}"),
        &[&format!("Hello {name},"), &format!("this is the test that you asked for. Mail from {site} gets through.")],
        &site,
    )
}

/// What people have answered to a visitor, with the way to their receipt.
pub fn reply(site: &str, reference: &str, text: &str, receipt: &str) -> Words {
    let (site, reference) = (one_line(site), one_line(reference));
    let has_receipt = text.contains("{receipt}");
    let text = text.replace('\r', "").replace("{receipt}", receipt);
    let way = format!("To see how far it is, or to add something, open\n{receipt}");
    words(
        &format!("Your report {reference}"),
        &[
            text.trim(),
            if has_receipt { "" } else { &way },
            "This message was sent because you left your address with the report.",
        ],
        &site,
    )
}

/// That somebody has reported something about a page. What they said is not in it.
pub fn new_case(site: &str, name: &str, page: &str, waiting: u64, link: &str) -> Words {
    let (site, name, page) = (one_line(site), one_line(name), one_line(page));
    let all = match waiting {
        0 | 1 => String::new(),
        number => format!("There are {number} new cases about pages of yours."),
    };
    words(
        &format!("A report about “{page}”"),
        &[
            &format!("Hello {name},"),
            &format!("a visitor of {site} has reported something about “{page}”, which is yours:"),
            link,
            &all,
            "You are told because you asked to be. That can be changed in your account, under Preferences.",
        ],
        &site,
    )
}

/// That a note names somebody. What it says is not in it, nor what the case is about.
pub fn mention(site: &str, name: &str, by: &str, number: i64, waiting: u64, link: &str) -> Words {
    let (site, name, by) = (one_line(site), one_line(name), one_line(by));
    let all = match waiting {
        0 | 1 => String::new(),
        notes => format!("There are {notes} notes that name you and that you have not read."),
    };
    words(
        &format!("A note on case {number} names you"),
        &[
            &format!("Hello {name},"),
            &format!("{by} has named you in a note on case {number} of {site}:"),
            link,
            &all,
            "You are told because you asked to be. That can be changed in your account, under Preferences.",
        ],
        &site,
    )
}

/// A day and a time in words, in the time zone of the site.
pub fn day_and_time(zone: &str, at: Timestamp) -> String {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let instant = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
    instant.to_zoned(zone).strftime("%-d %B %Y at %H:%M (%Z)").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "https://careers.example/admin/invitation/abc";

    #[test]
    fn an_invitation_says_what_it_is_how_long_it_works_and_what_to_do_with_it() {
        let words = invitation("Careers", "Mia Stone", LINK, "29 November 2026 at 09:00 (GMT)");
        insta::assert_snapshot!(format!("{}\n\n{}", words.subject, words.body), @r"
        Your account at Careers

        Hello Mia Stone,

        you have been invited to work on Careers. Open this link to choose your password:

        https://careers.example/admin/invitation/abc

        The link works once, until 29 November 2026 at 09:00 (GMT). Please don't pass this message on: whoever opens the link first has the account.

        If you don't know what this is about, you need do nothing.

        -- 
        Careers
        ");
    }

    #[test]
    fn a_reset_says_that_the_present_password_stays_good() {
        let words = password_reset("Careers", "Mia Stone", LINK, "23 November 2026 at 09:00 (GMT)");
        assert_eq!(words.subject, "A new password for Careers");
        assert!(
            words.body.contains(&format!("\n\n{LINK}\n\n")) && words.body.contains("your present password stays good")
        );
    }

    #[test]
    fn nothing_that_people_typed_makes_another_line_of_a_subject_or_a_greeting() {
        let evil = "Careers\r\nBcc: everybody@example.org\r\n\r\nBuy this";
        for words in [
            invitation(evil, evil, LINK, "tomorrow"),
            password_reset(evil, evil, LINK, "tomorrow"),
            test(evil, evil),
            reply(evil, evil, "Thank you.", LINK),
            new_case(evil, evil, evil, 3, LINK),
            mention(evil, evil, evil, 7, 2, LINK),
        ] {
            assert!(!words.subject.contains(['\r', '\n']), "{}", words.subject);
            assert!(
                !words.body.contains('\r') && !words.body.lines().any(|line| line.starts_with("Bcc:")),
                "{}",
                words.body
            );
        }
    }

    #[test]
    fn an_answer_has_its_receipt_once_and_news_of_a_report_say_nothing_of_it() {
        let plain = reply("Careers", "RB-1", "Thank you.\r\nIt is mended.", LINK).body;
        assert!(plain.starts_with("Thank you.\nIt is mended.\n\nTo see how far it is"), "{plain}");
        assert_eq!(plain.matches(LINK).count(), 1);
        let placed = reply("Careers", "RB-1", "Look: {receipt}", LINK).body;
        assert!(placed.starts_with(&format!("Look: {LINK}\n\nThis message")), "{placed}");
        let news = new_case("Careers", "Mia", "Adult nurse", 3, LINK);
        assert_eq!(news.subject, "A report about “Adult nurse”");
        assert!(news.body.contains("There are 3 new cases about pages of yours."), "{}", news.body);
        assert!(!new_case("Careers", "Mia", "Adult nurse", 1, LINK).body.contains("new cases"));
    }

    #[test]
    fn a_time_is_said_in_the_zone_of_the_site() {
        let at = Timestamp::parse("2026-07-22T09:05:00Z").unwrap();
        assert_eq!(day_and_time("Europe/London", at), "22 July 2026 at 10:05 (BST)");
        assert_eq!(day_and_time("Nowhere/Land", at), "22 July 2026 at 09:05 (UTC)");
    }
}
