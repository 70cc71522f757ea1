//! Settings, redirects and the event log.

use super::{super::schemas::choice, Operation};
use crate::events::EventKind;

pub fn operations() -> Vec<Operation> {
    let operation = |method, path| Operation::new(method, path, "site");
    let get = |path| operation("get", path);
    vec![
        get("/manage/v1/redirects").says("By path.").paged(20, 100).answers("RedirectList"),
        operation("post", "/manage/v1/redirects")
            .says("For addresses that never belonged to a document here. A live document at the path goes before it.")
            .repeatable()
            .takes("RedirectInput")
            .makes("Redirect")
            .problem(409),
        get("/manage/v1/redirects/{id}").answers_version_of("Redirect"),
        operation("delete", "/manage/v1/redirects/{id}").of_seen_version().answers_nothing(),
        get("/manage/v1/settings").answers_version_of("Settings"),
        operation("put", "/manage/v1/settings")
            .says("What is left out goes back to its default.")
            .of_seen_version()
            .may_take("SettingsInput")
            .answers_version_of("Settings"),
        operation("patch", "/manage/v1/settings")
            .says("What is left out stays as it is.")
            .of_seen_version()
            .may_take("SettingsInput")
            .answers_version_of("Settings"),
        get("/manage/v1/events")
            .says("Newest first. Nobody can change it.")
            .query("kind", choice::<EventKind>())
            .paged_by_number(50)
            .answers("EventList"),
    ]
}
