//! Help: what each list of the panel is for, in a few sentences. THE list of topics; an empty list leads to its own.

use maud::{Markup, html};

use crate::web::Answer;

use super::{request::PanelRequest, ui::shell::Area};

const ADDRESS: &str = "/admin/help";

/// What there is to know about a list.
pub struct Topic {
    anchor: &'static str,
    title: &'static str,
    sentences: &'static [&'static str],
}

pub const ROLE_PAGES: Topic = Topic {
    anchor: "role-pages",
    title: "Role pages",
    sentences: &[
        "A role page says what a role, or a whole area of roles, is like and how to get in. It is made of sections, and a section of blocks: text, pictures, summaries of roles, requirements, links.",
        "What you save is a draft with a version of its own, so nothing is lost and any two versions can be compared. Readers see the version that was published, and no other.",
        "Checks run on every save. What must be fixed stands in the way of publishing; the rest is for you to judge.",
    ],
};

pub const REQUIREMENT_SECTIONS: Topic = Topic {
    anchor: "requirement-sections",
    title: "Requirement sections",
    sentences: &[
        "A requirement section says what is asked of people, once for all the pages that embed it. A change to it reaches each of them as soon as it is published, and before that you see which pages change.",
        "Its requirements are a tree: all of these, one of these, at least so many of these. Readers get it as plain sentences; programs can also filter by it.",
    ],
};

pub const TRASH: Topic = Topic {
    anchor: "trash",
    title: "The trash",
    sentences: &[
        "What is not public can be put into the trash, and taken out again as it was. Nothing leaves it by itself.",
        "Administrators can remove something from it for good. Its address says from then on that it is gone, and the audit log keeps what happened to it.",
    ],
};

pub const SCHEDULES: Topic = Topic {
    anchor: "schedules",
    title: "Schedules",
    sentences: &[
        "A version can be set to go live, or a page to be unpublished, at a time of your choice. A schedule names exactly one version, so later saves do not change what goes live.",
        "If it can't be carried out, nothing is lost: the draft is marked, and the first page says why.",
    ],
};

pub const MEDIA: Topic = Topic {
    anchor: "media",
    title: "Media",
    sentences: &[
        "Pictures are added once and used on as many pages as you like. Each needs alternative text: words for those who can't see it. A page can say something else about it where the purpose differs.",
        "Where a photo was taken, and whatever else a camera writes into it, is removed on upload. A picture that readers have seen is kept as long as the page that showed it.",
    ],
};

pub const CASES: Topic = Topic {
    anchor: "cases",
    title: "Cases",
    sentences: &[
        "Each report from a visitor belongs to a case. Several reports about the same problem make one case; similar ones are proposed, and you confirm.",
        "Take a new case up or dismiss it with a reason. Start a fix from it, and publishing the page closes it. If somebody who saw the fix reports the same again, the case comes back as regressed.",
    ],
};

pub const REPORTS: Topic = Topic {
    anchor: "reports",
    title: "Reports and the quarantine",
    sentences: &[
        "A report is what a visitor sent about a page. Addresses, numbers and names that could identify somebody are taken out before it is stored.",
        "What looks like spam waits in the quarantine with the reasons. Release what is meant seriously; the rest bothers nobody.",
    ],
};

pub const CONNECTING: Topic = Topic {
    anchor: "connecting",
    title: "Connecting a site",
    sentences: &[
        "Your front-end site reads published pages as JSON, without a key, and shows the report form on each of them. Programs that write, or that read drafts, need a key.",
        "What to fetch and what to paste stands at Connect a site, under Administration.",
    ],
};

pub const API_KEYS: Topic = Topic {
    anchor: "api-keys",
    title: "API keys",
    sentences: &[
        "With a key a program acts for the person who owns it, within the scopes that were ticked. It never allows more than its owner may do at the time.",
        "A key is shown once. One that was lost is revoked, which works at once, and a new one made.",
    ],
};

pub const WEBHOOKS: Topic = Topic {
    anchor: "webhooks",
    title: "Webhooks",
    sentences: &[
        "A webhook is an address of yours that is told of every public change within a second, signed with a secret. What does not get through is tried again for a day.",
        "Each delivery is kept for thirty days with what was sent and what came back, and can be sent again.",
    ],
};

pub const MAIL: Topic = Topic {
    anchor: "mail",
    title: "Mail",
    sentences: &[
        "If the server was started with a mail server, Rolebook sends invitations, links for new passwords, answers to visitors and news of new cases by itself. What does not get through is tried again for a day. Without one, links are shown to copy.",
        "The log says to whom, what and when, and what became of it, for thirty days. What a letter says is not kept.",
    ],
};

pub const REDIRECTS: Topic = Topic {
    anchor: "redirects",
    title: "Redirects",
    sentences: &[
        "When a page moves, its old addresses lead to the new one by themselves. Redirects made by hand are for addresses that never belonged to a page here, such as those of the site before.",
    ],
};

pub const PREVIEW_LINKS: Topic = Topic {
    anchor: "preview-links",
    title: "Preview links",
    sentences: &[
        "A preview link shows one version to people without an account, as a plain page, for as long as you say. It can be revoked at any time and leads nowhere else.",
    ],
};

pub const WHERE_USED: Topic = Topic {
    anchor: "where-used",
    title: "Where used",
    sentences: &[
        "Here stand the pages that embed a document, show its card or link to it, in drafts and in what is live. Look here before you unpublish or remove something.",
    ],
};

pub const HISTORY: Topic = Topic {
    anchor: "history",
    title: "History and publications",
    sentences: &[
        "The history of a document holds every version, who saved it, and what happened to it. Any two versions can be compared, and any can be made the draft again.",
        "A publication is the time during which one version was what readers saw.",
    ],
};

pub const SAVED_VIEWS: Topic = Topic {
    anchor: "saved-views",
    title: "Saved views",
    sentences: &[
        "Filter a list, then press Save this view: the filters become a tab above the list. A view is yours alone or shared with everybody.",
    ],
};

pub const QUARANTINED_TEXTS: Topic = Topic {
    anchor: "quarantined-texts",
    title: "Quarantined texts",
    sentences: &[
        "Each text from the editor carries a checksum. One that arrives damaged is not saved over the good one, but kept here, so that what somebody typed can still be read. There should be none.",
    ],
};

pub const AUDIT_LOG: Topic = Topic {
    anchor: "audit-log",
    title: "Audit log",
    sentences: &[
        "The audit log says who did what, and when, to the second. Nobody can change it, and removing a page does not remove what is written there about it.",
    ],
};

pub const SAMPLES: Topic = Topic {
    anchor: "samples",
    title: "Sample content",
    sentences: &[
        "A new site can be given sample content to look around in: a few published pages and three reports. It bears the badge Sample and goes with one button. What you have used in content of your own stays and is yours.",
    ],
};

const TOPICS: &[Topic] = &[
    ROLE_PAGES,
    REQUIREMENT_SECTIONS,
    TRASH,
    SCHEDULES,
    HISTORY,
    PREVIEW_LINKS,
    WHERE_USED,
    SAVED_VIEWS,
    MEDIA,
    CASES,
    REPORTS,
    CONNECTING,
    API_KEYS,
    WEBHOOKS,
    MAIL,
    REDIRECTS,
    AUDIT_LOG,
    QUARANTINED_TEXTS,
    SAMPLES,
];

pub async fn show(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let main = html! {
        div.main { div.reading.stack {
            h1 { "Help" }
            nav aria-label="Topics" {
                ul { @for topic in TOPICS { li { a href={ "#" (topic.anchor) } { (topic.title) } } } }
            }
            @for topic in TOPICS {
                section.stack-s aria-labelledby=(topic.anchor) {
                    h2 id=(topic.anchor) { (topic.title) }
                    @for sentences in topic.sentences { p { (sentences) } }
                }
            }
            p { "The keys of the panel stand on " a href="/admin/shortcuts" { "a page of their own" } ", and what programs can do in " a href="/api/docs" { "the contract" } "." }
        } }
    };
    Ok(request.page(Area::None, "Help", main))
}

/// What stands below the sentence of an empty list: what to do, and where to read more.
pub fn beside(action: Markup, topic: &Topic) -> Markup {
    html! { (action) p.small { a.tap href={ (ADDRESS) "#" (topic.anchor) } { "Help: " (topic.title) } } }
}
