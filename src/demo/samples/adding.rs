//! Adding the samples, each through its ordinary command.

use serde_json::{Value, json};

use crate::{
    content::{self, Choice, Draft, Kind, Publishing},
    feedback::{self, Limits, NewReport, ReportKind, spam},
    kernel::{Actor, Ctx, Door, Error, Permission, Result},
    media::{self, Store},
    published::{self, At},
    site::{self, SampleId},
};

use super::{
    super::{
        names::{Names, unknown},
        story::{self, Step},
        visitors::around,
        writing::new_image,
    },
    DOCUMENTS, IMAGES,
};

const NOTE: &str = "Sample content";
const FORCED: &str = "Sample content, added to look around and to be removed again.";
/// The page that the reports are about.
const REPORTED: &str = "information-and-communication-technology";

/// What a visitor might have sent.
struct SampleReport {
    kind: ReportKind,
    /// Words of the passage that it is about.
    passage: &'static str,
    doing: &'static str,
    wrong: &'static str,
}

/// The last says what the first says, so that merging can be tried.
const REPORTS: &[SampleReport] = &[
    SampleReport {
        kind: ReportKind::Problem,
        passage: "service desk operators is the first line",
        doing: "Reading about the service desk",
        wrong: "It says service desk operators is the first line of support. It should be are.",
    },
    SampleReport {
        kind: ReportKind::Accessibility,
        passage: "the hardware eg computers",
        doing: "Listening to the page with a screen reader",
        wrong: "My screen reader says egg computers. Could you write for example?",
    },
    SampleReport {
        kind: ReportKind::Problem,
        passage: "service desk operators is the first line",
        doing: "Reading about the service desk",
        wrong: "It says service desk operators is the first line of support, but it should be are the first line.",
    },
];

/// What was added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Samples {
    pub role_pages: u64,
    pub requirement_sections: u64,
    pub images: u64,
    pub reports: u64,
}

/// Adds the samples to a site without documents.
///
/// # Errors
/// [`Error::Conflict`] `not-empty` if there is a document, be it in the trash.
pub async fn add_samples(ctx: &Ctx, store: &Store) -> Result<Samples> {
    use Permission::{ContentPublish, ContentWrite, MediaWrite, SettingsManage};
    for permission in [SettingsManage, MediaWrite, ContentWrite, ContentPublish] {
        ctx.authorise(permission)?;
    }
    if !content::beginnings(ctx).await?.empty {
        let detail = "There is content already, so no samples are added.";
        return Err(Error::conflict("not-empty", detail));
    }
    let mut names = Names::default();
    let mut added = Samples::default();
    add_images(ctx, store, &mut names, &mut added).await?;
    let choices = write(ctx, &mut names, &mut added).await?;
    publish(ctx, &choices).await?;
    report(ctx, &names, &mut added).await?;
    Ok(added)
}

async fn add_images(ctx: &Ctx, store: &Store, names: &mut Names, added: &mut Samples) -> Result<()> {
    let mut made = Vec::new();
    for entry in story::read()? {
        let Step::Image(image) = entry.step else { continue };
        if IMAGES.contains(&image.name.as_str()) {
            let name = image.name.clone();
            let media = media::add(ctx, store, new_image(image)?).await?;
            names.remember_image(name, media.id);
            made.push(SampleId::Media(media.id));
            added.images += 1;
        }
    }
    site::mark_samples(ctx, &made).await
}

async fn write(ctx: &Ctx, names: &mut Names, added: &mut Samples) -> Result<Vec<Choice>> {
    let mut choices = Vec::new();
    for name in DOCUMENTS {
        let (kind, mut body) = super::document(name)?;
        names.put_ids(&mut body)?;
        if let Value::Object(fields) = &mut body {
            fields.insert("note".to_owned(), json!(NOTE));
        }
        let made = content::create(ctx, kind, Draft::read(ctx, kind, body)?).await?;
        let (id, version) = (made.standing.id, made.standing.version);
        names.remember_document(name, kind, id);
        choices.push(Choice { kind, id, version });
        match kind {
            Kind::RolePage => added.role_pages += 1,
            Kind::RequirementSection => added.requirement_sections += 1,
        }
    }
    let made: Vec<SampleId> = choices.iter().map(|choice| SampleId::Document(choice.id)).collect();
    site::mark_samples(ctx, &made).await?;
    Ok(choices)
}

/// All in one transaction; by force only where a review is asked for.
async fn publish(ctx: &Ctx, choices: &[Choice]) -> Result<()> {
    let mut reviewed = false;
    for kind in Kind::ALL {
        reviewed |= content::rules_of(ctx, *kind).await?.review;
    }
    let force = reviewed.then(|| FORCED.to_owned());
    let publishing = Publishing { note: Some(NOTE.to_owned()), force, ..Publishing::default() };
    content::publish_together(ctx, choices, publishing).await.map(|_| ())
}

/// Sends the reports as a visitor would, who has the page in view.
async fn report(ctx: &Ctx, names: &Names, added: &mut Samples) -> Result<()> {
    let visitor = Ctx { actor: Actor::visitor(), door: Door::Public, ..ctx.clone() };
    let (kind, id) = names.document(REPORTED)?;
    let page = published::page(&ctx.database, kind, &id.to_string(), At::Now, None).await?;
    let page = page.ok_or_else(|| unknown("published page", REPORTED))?.value;
    let token = page.pointer("/feedback/page_token").and_then(Value::as_str);
    for report in REPORTS {
        let block = around(&page, report.passage).ok_or_else(|| unknown("passage", report.passage))?;
        let new = NewReport {
            page_token: token.map(str::to_owned),
            document: None,
            version: None,
            block: Some(block),
            kind: report.kind,
            doing: Some(report.doing.to_owned()),
            wrong: Some(report.wrong.to_owned()),
            contact_email: None,
            honeypot_filled: false,
            seconds_on_form: Some(60),
            door: spam::Door::Form,
            device: None,
        };
        let receipt = feedback::receive(&visitor, &Limits::default(), new).await?;
        let received = feedback::report_by_reference(ctx, &receipt.reference).await?;
        let case = received.case.map(SampleId::Case);
        let made: Vec<SampleId> = case.into_iter().chain([SampleId::Report(received.id)]).collect();
        site::mark_samples(ctx, &made).await?;
        added.reports += 1;
    }
    Ok(())
}
