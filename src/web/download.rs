//! A file that is sent as it is made.

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::Response,
};
use futures_util::stream;

use crate::{
    feedback::{Export, ExportFormat},
    kernel::Error,
};

use super::Answer;

/// Sends an export piece by piece. If a piece can't be made, the answer breaks off, so that nobody takes it for the whole.
pub fn download(export: Export) -> Answer {
    let media_type = match export.format() {
        ExportFormat::Csv => "text/csv; charset=utf-8; header=present",
        ExportFormat::Json => "application/json",
    };
    let disposition = format!("attachment; filename=\"{}\"", export.file_name());
    let pieces = stream::try_unfold(export, |mut export| async move {
        let piece = export.next().await.inspect_err(|error| tracing::error!(%error, "an export broke off"))?;
        Ok::<_, Error>(piece.map(|piece| (piece, export)))
    });
    let mut response = Response::new(Body::from_stream(pieces));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::try_from(disposition).map_err(Error::bug)?);
    Ok(response)
}
