//! Documents as people work on them.

use super::{
    super::schemas::{choice, described, id, text, whole, with},
    Operation, id_or,
};
use crate::content::{DraftState, LiveState, Sort};

const VERSION_MAXIMUM: u64 = 1_000_000_000;

pub fn operations() -> Vec<Operation> {
    let operation = |method, path| Operation::new(method, path, "documents");
    let get = |path| operation("get", path);
    vec![
        get("/manage/v1/{collection}")
            .query("sort", with(choice::<Sort>(), "default", Sort::UpdatedDown.name().into()))
            .query("draft_state", choice::<DraftState>())
            .query("live_state", choice::<LiveState>())
            .query("parent", described(id(), "Only documents right below this one."))
            .query("owner", described(id(), "Only documents of this user."))
            .query("q", described(text(), "Words in the slug or the text of the version that is shown; all of them have to be there. They are \
                found in every form, without accents and with mistakes; the last may be the beginning of one, and words in quotes stand one after \
                the other. With a slash in front: the steps of a path."))
            .query("trashed", serde_json::json!({
                "type": "boolean", "default": false, "description": "What is in the trash, instead of what is not.",
            }))
            .paged(20, 100)
            .answers("ListedDocumentList"),
        operation("post", "/manage/v1/{collection}")
            .says("Incomplete content is accepted; what has to be put right before publishing stands in `checks`.")
            .repeatable()
            .takes("{Kind}Input")
            .makes("{Kind}"),
        get("/manage/v1/{collection}/{id}")
            .says("The draft, else the live version, else the latest.")
            .path_parameter("id", id_or("The id or the slug of the document."))
            .answers_version_of("{Kind}"),
        operation("put", "/manage/v1/{collection}/{id}")
            .says("A save that changes nothing makes no version. A stale one is answered with the merge or its conflicts.")
            .of_seen_version()
            .takes("{Kind}Input")
            .answers_version_of("{Kind}")
            .problem(409),
        operation("patch", "/manage/v1/{collection}/{id}")
            .says("These stand beside the content and make no version.")
            .of_seen_version()
            .may_take("OwnershipInput")
            .answers_version_of("{Kind}")
            .problem(409),
        get("/manage/v1/{collection}/{id}/versions").paged_by_number(20).answers("VersionSummaryList"),
        get("/manage/v1/{collection}/{id}/versions/{version}").answers("{Kind}Version"),
        get("/manage/v1/{collection}/{id}/compare")
            .says("Thing by thing and word by word.")
            .needed_query("from", whole(1, VERSION_MAXIMUM))
            .needed_query("to", whole(1, VERSION_MAXIMUM))
            .answers("Comparison"),
        get("/manage/v1/{collection}/{id}/used-by").answers("UseList"),
        get("/manage/v1/{collection}/{id}/events").says("Newest first.").paged_by_number(50).answers("EventList"),
        get("/manage/v1/{collection}/{id}/publications").says("Newest first.").answers("PublicationList"),
        operation("post", "/manage/v1/{collection}/{id}/publications/{publication}/suppress")
            .says("The version that was seen is that of the document.")
            .of_seen_version()
            .repeatable()
            .takes("ReasonInput")
            .answers_nothing()
            .problem(409),
    ]
}
