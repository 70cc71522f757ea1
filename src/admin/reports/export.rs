//! Reports as a file, with the filter of the list.

use crate::{
    feedback::{self, Exported, ReportListing},
    kernel::DocumentId,
    web::{Answer, download},
};

use super::super::request::PanelRequest;

pub async fn export(mut request: PanelRequest) -> Answer {
    let format = request.query.choice("format");
    let listing = ReportListing {
        quarantined: request.query.boolean("quarantined"),
        document: request.query.id("document").map(DocumentId),
        kind: request.query.choice("kind"),
        flag: request.query.choice("flag"),
        device: request.query.choice("device"),
        ..ReportListing::default()
    };
    request.end_of_query()?;
    let filter = listing.words(false);
    let format = format.unwrap_or(feedback::ExportFormat::Csv);
    download(feedback::export(&request.ctx, Exported::Reports { listing, with_purged: false }, format, &filter).await?)
}
