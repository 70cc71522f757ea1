//! The way from a case to the editor: who starts a fix takes the case up and goes on at the passage.

use crate::{
    content::Kind,
    feedback::{self, CaseDetail},
    kernel::{CaseId, Error, NodeId, Permission, ReportId, Result},
    web::{Answer, see_other, session::Tone},
};

use super::{super::request::PanelRequest, address, framing, steps};

pub async fn fix(mut request: PanelRequest) -> Answer {
    let id: CaseId = request.id("id")?;
    request.end_of_query()?;
    request.ctx.authorise(Permission::FeedbackTriage)?;
    let mut fields = request.form.fields(&[]);
    let seen = fields.text("version", 20).and_then(|text| text.parse().ok()).unwrap_or_default();
    let from = fields.raw_text("from").unwrap_or_default();
    let report = fields.id("report").map(ReportId);
    fields.finish()?;
    let detail = feedback::case(&request.ctx, id).await?;
    let editor = editor(&request, &detail, report).await?;
    match feedback::start_fix(&request.ctx, id, seen).await {
        Ok(case) => {
            request.app.ring();
            let said = format!("Case {} is in progress and yours. Its reports stand beside the text.", case.number);
            request.say_done(said, None, Some(steps::undoing(&case, &from))).await?;
            see_other(&editor)
        }
        Err(error) => {
            request.say(Tone::Warning, framing::refusal(error)?, None).await?;
            see_other(&address(id, &from))
        }
    }
}

/// The editor at the passage that a report names, with the case beside the text.
async fn editor(request: &PanelRequest, detail: &CaseDetail, report: Option<ReportId>) -> Result<String> {
    let document = detail.case.document.id;
    let named = feedback::named_documents(&request.ctx, &[document].into_iter().collect()).await?.remove(&document);
    let kind = named.and_then(|named| Kind::from_name(&named.kind));
    let kind = kind.ok_or_else(|| Error::not_found("page to mend: it has been purged"))?;
    let report = detail.reports.iter().find(|one| Some(one.id) == report).or(detail.reports.first());
    let block: Option<NodeId> = report.filter(|report| report.document == document).and_then(|report| report.block);
    let block = block.map(|block| format!("#{block}")).unwrap_or_default();
    Ok(format!("/admin/{}/{document}?case={}{block}", kind.collection(), detail.case.id))
}
