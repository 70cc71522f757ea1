//! Every address that the public can type.

use super::site::Site;
use crate::support::id_of;

/// Names of fields to ask for.
const FIELDS: &[&str] = &[
    "title",
    "slug",
    "path",
    "summary",
    "sections",
    "facts",
    "breadcrumbs",
    "related_roles",
    "learn_more",
    "lead_image",
    "routes",
    "requirements",
    "used_by",
    "skills",
    "introduction",
    "meta_description",
    "alternative_titles",
    "notice",
    "feedback",
    "links",
    "search_terms",
    "note",
    "owner",
    "draft",
    "content",
    "schedule",
];

impl Site {
    fn documents(&self) -> impl Iterator<Item = String> {
        self.readable.iter().chain(&self.unreadable).map(|path| id_of(path))
    }

    /// Every address that the public can type, with whatever it can say about it.
    pub fn addresses(&self) -> Vec<String> {
        let mut all: Vec<String> = [
            "/healthz",
            "/readyz",
            "/metrics",
            "/api/v1/openapi.json",
            "/api/docs",
            "/api/v1/search?q=hiddenq",
            "/api/v1/paths",
            "/api/v1/paths?limit=1",
            "/api/v1/changes",
            "/api/v1/changes?limit=1",
            "/api/v1/changes?wait=0",
            "/api/v1/media",
            "/api/v1/reports",
            "/api/v1/users",
            "/api/v1/cases",
            "/preview/v1/role-pages",
            "/manage/v1/role-pages",
            "/admin",
            "/media",
            "/media/",
            "/api/v1/content",
            "/api/v1/content/",
            "/api/v1/schedules",
            "/api/v1/events",
            "/",
        ]
        .map(str::to_owned)
        .to_vec();
        let ids: Vec<String> = self.documents().collect();
        let named: Vec<String> = ids.iter().chain(&self.slugs).chain(&self.ids).cloned().collect();
        for collection in ["role-pages", "requirement-sections"] {
            let list = format!("/api/v1/{collection}");
            for sort in ["title", "-title", "updated_at", "-updated_at"] {
                all.push(format!("{list}?sort={sort}&limit=100"));
                all.push(format!("{list}?sort={sort}&limit=1"));
            }
            for state in ["draft", "in_review", "live", "unpublished"] {
                all.push(format!("{list}?draft_state={state}"));
                all.push(format!("{list}?live_state={state}"));
            }
            all.extend(
                ["?trashed=true", "?q=hiddenq", "?preview=true", "?version=1", "?draft=1", "?token=x", "?as_of=now"]
                    .map(|query| format!("{list}{query}")),
            );
            all.push(format!("{list}?ids={}", ids.join(",")));
            for id in &ids {
                all.push(format!("{list}?parent={id}&limit=100"));
                all.push(format!("{list}?ids={id}&fields=sections,slug"));
            }
            for time in &self.times {
                all.push(format!("{list}?updated_since={time}"));
            }
            for field in FIELDS {
                all.push(format!("{list}?fields={field}&limit=100"));
            }
            for name in &named {
                all.push(format!("{list}/{name}"));
                for parameter in
                    ["version=1", "version=2", "draft=true", "preview=true", "token=x", "fields=content,note", "as_of="]
                {
                    all.push(format!("{list}/{name}?{parameter}"));
                }
                for rest in
                    ["versions", "versions/1", "draft", "publications", "events", "compare?from=1&to=2", "json-ld"]
                {
                    all.push(format!("{list}/{name}/{rest}"));
                }
            }
        }
        for (position, id) in ids.iter().enumerate() {
            let collection =
                if self.readable.iter().chain(&self.unreadable).nth(position).unwrap().contains("role-pages") {
                    "role-pages"
                } else {
                    "requirement-sections"
                };
            for time in &self.times {
                all.push(format!("/api/v1/{collection}/{id}?as_of={time}"));
            }
            for field in FIELDS {
                all.push(format!("/api/v1/{collection}/{id}?fields={field}"));
            }
        }
        for path in self.paths.iter().cloned().chain(self.slugs.iter().map(|slug| format!("/{slug}"))) {
            all.extend([
                format!("/api/v1/content{path}"),
                format!("/api/v1/content{path}/"),
                format!("/api/v1/content{}", path.to_uppercase()),
            ]);
        }
        for key in self.shown_keys.iter().chain(&self.hidden_keys) {
            all.extend([format!("/media/{key}"), format!("/media/{key}?public=true"), format!("/media/%2e%2e/{key}")]);
        }
        for id in &self.ids {
            all.extend([
                format!("/media/{id}"),
                format!("/api/v1/reports/{id}"),
                format!("/api/v1/reports/{id}/{}", "0".repeat(32)),
            ]);
        }
        all.extend(self.receipts.iter().cloned());
        all
    }
}
