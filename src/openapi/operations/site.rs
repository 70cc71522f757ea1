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
        operation("delete", "/manage/v1/redirects/{id}").answers_nothing(),
        get("/manage/v1/settings").answers("Settings"),
        operation("put", "/manage/v1/settings")
            .says("What is left out goes back to its default.")
            .may_take("SettingsInput")
            .answers("Settings"),
        operation("patch", "/manage/v1/settings")
            .says("What is left out stays as it is.")
            .may_take("SettingsInput")
            .answers("Settings"),
        get("/manage/v1/events")
            .says("Newest first. Nobody can change it.")
            .query("kind", choice::<EventKind>())
            .paged_by_number(50)
            .answers("EventList"),
    ]
}
