//! Answers to visitors, mentions, the log of mail and the figures of the trends.

use super::{
    super::schemas::{choice, date, described, whole},
    Operation,
};
use crate::{feedback::MOST_WEEKS, mail::MailState};

pub fn operations() -> Vec<Operation> {
    let feedback = |method, path| Operation::new(method, path, "feedback");
    let mail = |method, path| Operation::new(method, path, "site");
    vec![
        feedback("get", "/manage/v1/cases/{id}/replies").says("Newest first, at most 100.").answers("ReplyList"),
        feedback("post", "/manage/v1/cases/{id}/replies")
            .says("To whoever left an address with a report. By mail it is put into the outbox. Otherwise the letter is answered, once, to be sent with a mail program.")
            .of_seen_version()
            .repeatable()
            .takes("ReplyInput")
            .answers_version_of("ReplyWritten")
            .problem(409),
        feedback("post", "/manage/v1/cases/{id}/mentions-seen")
            .says("Nothing of the case changes, so no version is named.")
            .may_take("NoStepInput")
            .answers_nothing(),
        feedback("get", "/manage/v1/mentions").says("Newest first, at most 50.").answers("MentionList"),
        feedback("get", "/manage/v1/saved-replies").says("By title.").answers("SavedReplyList"),
        feedback("post", "/manage/v1/saved-replies")
            .says("There can be 200.")
            .repeatable()
            .takes("SavedReplyInput")
            .makes("SavedReply")
            .problem(409),
        feedback("get", "/manage/v1/saved-replies/{id}").answers_version_of("SavedReply"),
        feedback("put", "/manage/v1/saved-replies/{id}")
            .of_seen_version()
            .takes("SavedReplyInput")
            .answers_version_of("SavedReply"),
        feedback("delete", "/manage/v1/saved-replies/{id}")
            .says("What was sent with it stays.")
            .of_seen_version()
            .answers_nothing(),
        feedback("get", "/manage/v1/trends")
            .says("Of whole weeks, from Monday to Sunday in the time of the site: the last ones, or those in which the days from one to another lie. Every number is made from the event log.")
            .query("weeks", described(whole(1, MOST_WEEKS), "The last so many; 12 without it."))
            .query("from", described(date(), "With `to`, in place of `weeks`."))
            .query("to", date())
            .answers("Trends"),
        mail("get", "/manage/v1/mail")
            .says("Newest first, of the last thirty days. What letters say is not kept.")
            .query("state", choice::<MailState>())
            .paged(20, 100)
            .answers("MailList"),
        mail("post", "/manage/v1/mail/test").repeatable().may_take("NoStepInput").makes("Mail").problem(409),
        mail("get", "/manage/v1/mail/{id}").answers_version_of("Mail"),
        mail("get", "/manage/v1/mail/{id}/attempts").says("Newest first, at most 100.").answers("MailAttemptList"),
        mail("post", "/manage/v1/mail/{id}/send-again")
            .says("In another round of tries. It is written anew, with a link of its own.")
            .of_seen_version()
            .repeatable()
            .may_take("NoStepInput")
            .answers_version_of("Mail")
            .problem(409),
    ]
}
