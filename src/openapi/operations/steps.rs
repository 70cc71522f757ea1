//! The steps in a document's life.

use super::Operation;

pub fn operations() -> Vec<Operation> {
    vec![
        step("/manage/v1/{collection}/{id}/look-at")
            .says("A finding that was looked at stays so until the text changes that it is about. It makes no version.")
            .takes("LookAtInput"),
        step("/manage/v1/{collection}/{id}/submit").may_take("NoteInput"),
        step("/manage/v1/{collection}/{id}/approve").says("By somebody who did not write it.").may_take("NoteInput"),
        step("/manage/v1/{collection}/{id}/request-changes").takes("RequestChangesInput"),
        step("/manage/v1/{collection}/{id}/publish")
            .says("Refused while anything is `must-fix`, or a requirement section that it embeds is not live.")
            .may_take("PublishInput"),
        step("/manage/v1/{collection}/{id}/force-publish")
            .says("A review by somebody else stays open.")
            .takes("ForcePublishInput"),
        step("/manage/v1/{collection}/{id}/schedule")
            .says("The version that was seen, whatever is saved later. A new schedule takes the place of the old.")
            .takes("ScheduleInput"),
        step("/manage/v1/{collection}/{id}/unschedule").may_take("UnscheduleInput"),
        step("/manage/v1/{collection}/{id}/confirm")
            .says("Says that the live version is still correct. It makes no version.")
            .may_take("ConfirmInput"),
        step("/manage/v1/{collection}/{id}/withdraw").takes("WithdrawInput"),
        step("/manage/v1/{collection}/{id}/reinstate").may_take("NoStepInput"),
        step("/manage/v1/{collection}/{id}/unpublish")
            .says(
                "Refused while live pages embed it, or live documents stand below it and nothing is said about those.",
            )
            .takes("UnpublishInput"),
        step("/manage/v1/{collection}/{id}/discard").may_take("NoStepInput"),
        step("/manage/v1/{collection}/{id}/restore").takes("RestoreInput"),
        step("/manage/v1/{collection}/{id}/trash").may_take("NoStepInput"),
        step("/manage/v1/{collection}/{id}/untrash").may_take("NoStepInput"),
        on_document("/manage/v1/{collection}/{id}/purge").may_take("NoStepInput").answers_nothing(),
        Operation::new("post", "/manage/v1/publish", "steps")
            .says("All of them or none. The versions that are named stand in for If-Match.")
            .repeatable()
            .takes("PublishTogetherInput")
            .answers("DocumentList")
            .problem(404)
            .problem(409)
            .problem(412),
    ]
}

/// A step that answers the document.
fn step(path: &'static str) -> Operation {
    on_document(path).answers_version_of("{Kind}")
}

fn on_document(path: &'static str) -> Operation {
    Operation::new("post", path, "steps").of_seen_version().repeatable().problem(409)
}
