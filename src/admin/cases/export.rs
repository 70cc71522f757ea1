//! The cases of a view as a file.

use url::form_urlencoded;

use crate::{
    feedback::{self, ExportFormat, Exported},
    web::{Answer, download},
};

use super::{
    super::{request::PanelRequest, ui::list},
    view::{self, View},
};

/// Takes the query of the inbox, and the format.
pub async fn export(mut request: PanelRequest) -> Answer {
    let format = request.query.choice("format").unwrap_or(ExportFormat::Csv);
    request.query.leave_others();
    request.end_of_query()?;
    let query = list::address("", &request.query_text, &[("format", None)]);
    let view = View::read(query.trim_start_matches('?'), &request.ctx.actor)?;
    let listing = view::asked(&request, &view, request.now()).await?;
    let query = view.query();
    let asked: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    let filter: Vec<(&str, String)> = asked.iter().map(|(name, value)| (&**name, value.to_string())).collect();
    download(feedback::export(&request.ctx, Exported::Cases(Box::new(listing)), format, &filter).await?)
}
