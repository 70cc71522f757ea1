//! The cases of a view as a file.

use url::form_urlencoded;

use crate::{
    feedback::{self, ExportFormat, Exported},
    web::{Answer, download},
};

use super::{
    super::request::PanelRequest,
    view::{self, View},
};

/// Takes the query of the inbox.
pub async fn export(mut request: PanelRequest) -> Answer {
    std::mem::take(&mut request.query);
    let view = View::read(&request.query_text, &request.ctx.actor)?;
    let listing = view::asked(&request, &view).await?;
    let query = view.query();
    let asked: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    let filter: Vec<(&str, String)> = asked.iter().map(|(name, value)| (&**name, value.to_string())).collect();
    download(feedback::export(&request.ctx, Exported::Cases(Box::new(listing)), ExportFormat::Csv, &filter).await?)
}
