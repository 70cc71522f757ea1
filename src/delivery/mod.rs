//! The public door: published JSON, images, and the intake of reports. It reads publications and nothing else: no flag,
//! parameter or header under `/api/v1` shows anything that is not published; under `/preview/v1` the token of a preview link
//! shows the one version that it was made for. THE list of its routes stands below.

mod addresses;
mod changes;
mod devices;
mod documents;
mod filters;
mod fixes;
mod media;
mod previews;
mod report_pages;
mod reports;
mod search;

use crate::web::Access::{Public, Token};

crate::routes! {
    get "/api/v1/{collection}" Public, "List published pages of a kind" => documents::list;
    get "/api/v1/{collection}/{page}" Public, "One published page, by slug or id" => documents::show;
    get "/api/v1/role-pages/{page}/json-ld" Public, "A role page as structured data of schema.org" => documents::structured;
    get "/api/v1/{collection}/{page}/what-changed" Public, "What was changed because of reports" => fixes::list;
    get "/api/v1/content/{*path}" Public, "Whatever stands at a path" => addresses::show;
    get "/api/v1/paths" Public, "Every path that answers" => addresses::list;
    get "/api/v1/search" Public, "Search what is published" => search::search;
    get "/api/v1/changes" Public, "What changed, in order" => changes::feed;
    post "/api/v1/reports" Public, "Send a report about a page" => reports::receive;
    options "/api/v1/reports" Public, "Which sites may send reports from browsers" => reports::preflight;
    get "/api/v1/report-form.js" Public, "A form for reports that sites can put on their pages" => report_pages::form_script;
    get "/api/v1/reports.css" Public, "The style of the pages that answer forms" => report_pages::style;
    get "/api/v1/reports/{reference}/{secret}" Public, "The receipt of a report" => reports::receipt;
    post "/api/v1/reports/{reference}/{secret}" Public, "Add detail to a report" => reports::add_detail;
    get "/preview/v1/{collection}/{page}" Token, "A version of a page, with a preview token" => previews::show;
    get "/preview/v1/content/{*path}" Token, "A version of the page at a path, with a preview token" => previews::at_path;
    get "/media/{key}" Public, "A published image" => media::file;
}
