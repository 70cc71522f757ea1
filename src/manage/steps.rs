//! The steps in a document's life. Each takes what its command takes and answers the document.

use serde_json::{Value, json as value};

use crate::{
    content::{self, Choice, Document, Kind, Looked, Publishing, ScheduledAction, Scheduling, Unpublishing},
    kernel::{CaseId, DocumentId, Error, Fault, Permission, Result, VersionNumber},
    web::{Answer, Call, Fields, idempotent, json, no_content},
};

use super::documents::{answer, kind};

const NOTE_LIMIT: usize = 1_000;
/// More than any mark has.
const MARK_LIMIT: usize = 100;

/// The document and version that a step is about.
struct Step {
    kind: Kind,
    id: DocumentId,
    seen: VersionNumber,
    fields: Fields,
}

fn step(call: &mut Call) -> Result<Step> {
    std::mem::take(&mut call.query).finish()?;
    Ok(Step { kind: kind(call)?, id: call.id("id")?, seen: call.seen_version()?, fields: call.fields()? })
}

async fn done(call: &Call, command: impl Future<Output = Result<Document>>) -> Answer {
    let document = idempotent(&call.ctx, command).await?;
    call.app.ring();
    answer(&document)
}

/// Takes `{findings: [{mark, reason}]}`, each with the mark that the finding carries.
pub async fn look_at(mut call: Call) -> Answer {
    let Step { kind, id, seen, mut fields } = step(&mut call)?;
    let mut looked = Vec::new();
    for (position, value) in fields.required_list("findings").into_iter().enumerate() {
        let place = format!("/findings/{position}");
        let mut one = Fields::of(value).map_err(|error| placed(error, &place))?;
        let mark = one.required_text("mark", MARK_LIMIT);
        let reason = one.text("reason", content::REASON_LIMIT);
        one.finish().map_err(|error| placed(error, &place))?;
        looked.push(Looked { mark, reason });
    }
    fields.finish()?;
    done(&call, content::look_at(&call.ctx, kind, id, seen, looked)).await
}

pub async fn submit(mut call: Call) -> Answer {
    let Step { kind, id, seen, mut fields } = step(&mut call)?;
    let note = fields.text("note", NOTE_LIMIT);
    fields.finish()?;
    done(&call, content::submit(&call.ctx, kind, id, seen, note)).await
}

pub async fn approve(mut call: Call) -> Answer {
    let Step { kind, id, seen, mut fields } = step(&mut call)?;
    let note = fields.text("note", NOTE_LIMIT);
    fields.finish()?;
    done(&call, content::approve(&call.ctx, kind, id, seen, note)).await
}

pub async fn request_changes(mut call: Call) -> Answer {
    let Step { kind, id, seen, mut fields } = step(&mut call)?;
    let note = fields.text("note", NOTE_LIMIT);
    fields.finish()?;
    done(&call, content::request_changes(&call.ctx, kind, id, seen, note)).await
}

pub async fn publish(mut call: Call) -> Answer {
    let Step { kind, id, seen, mut fields } = step(&mut call)?;
    let publishing = publishing(&mut fields);
    fields.finish()?;
    done(&call, content::publish(&call.ctx, kind, id, seen, publishing)).await
}

pub async fn force_publish(mut call: Call) -> Answer {
    let Step { kind, id, seen, mut fields } = step(&mut call)?;
    let reason = fields.required_text("reason", NOTE_LIMIT);
    let publishing = Publishing { force: Some(reason), ..publishing(&mut fields) };
    fields.finish()?;
    done(&call, content::publish(&call.ctx, kind, id, seen, publishing)).await
}

pub async fn schedule(mut call: Call) -> Answer {
    let Step { kind, id, seen, mut fields } = step(&mut call)?;
    let action = fields.choice("action").unwrap_or(ScheduledAction::Publish);
    let at = fields.time("at");
    if at.is_none() {
        fields.fault("at", "missing-field", "Say when, as a time of RFC 3339.");
    }
    let scheduling = Scheduling {
        action,
        at: at.unwrap_or_default(),
        publishing: publishing(&mut fields),
        unpublishing: unpublishing(&mut fields),
    };
    fields.finish()?;
    done(&call, content::schedule(&call.ctx, kind, id, seen, scheduling)).await
}

pub async fn unschedule(mut call: Call) -> Answer {
    let Step { kind, id, seen, mut fields } = step(&mut call)?;
    let action = fields.choice("action");
    fields.finish()?;
    done(&call, content::unschedule(&call.ctx, kind, id, seen, action)).await
}

pub async fn confirm(mut call: Call) -> Answer {
    let Step { kind, id, seen, mut fields } = step(&mut call)?;
    let review_by = fields.text("review_by", 10);
    let note = fields.text("note", NOTE_LIMIT);
    fields.finish()?;
    done(&call, content::confirm(&call.ctx, kind, id, seen, review_by, note)).await
}

pub async fn withdraw(mut call: Call) -> Answer {
    let Step { kind, id, seen, mut fields } = step(&mut call)?;
    let explanation = fields.text("explanation", NOTE_LIMIT);
    fields.finish()?;
    done(&call, content::withdraw(&call.ctx, kind, id, seen, explanation)).await
}

pub async fn reinstate(mut call: Call) -> Answer {
    let Step { kind, id, seen, fields } = step(&mut call)?;
    fields.finish()?;
    done(&call, content::reinstate(&call.ctx, kind, id, seen)).await
}

pub async fn unpublish(mut call: Call) -> Answer {
    let Step { kind, id, seen, mut fields } = step(&mut call)?;
    let unpublishing = unpublishing(&mut fields);
    fields.finish()?;
    done(&call, content::unpublish(&call.ctx, kind, id, seen, unpublishing)).await
}

pub async fn discard(mut call: Call) -> Answer {
    let Step { kind, id, seen, fields } = step(&mut call)?;
    fields.finish()?;
    done(&call, content::discard(&call.ctx, kind, id, seen)).await
}

pub async fn restore(mut call: Call) -> Answer {
    let Step { kind, id, seen, mut fields } = step(&mut call)?;
    let number = fields.whole_number("version").and_then(|number| i32::try_from(number).ok());
    if number.is_none() {
        fields.fault("version", "missing-field", "Say which version to restore.");
    }
    let note = fields.text("note", NOTE_LIMIT);
    fields.finish()?;
    let number = VersionNumber(number.unwrap_or_default());
    done(&call, content::restore(&call.ctx, kind, id, seen, number, note)).await
}

pub async fn trash(mut call: Call) -> Answer {
    let Step { kind, id, seen, fields } = step(&mut call)?;
    fields.finish()?;
    done(&call, content::trash(&call.ctx, kind, id, seen)).await
}

pub async fn untrash(mut call: Call) -> Answer {
    let Step { kind, id, seen, fields } = step(&mut call)?;
    fields.finish()?;
    done(&call, content::untrash(&call.ctx, kind, id, seen)).await
}

pub async fn purge(mut call: Call) -> Answer {
    let Step { kind, id, seen, fields } = step(&mut call)?;
    fields.finish()?;
    idempotent(&call.ctx, content::purge(&call.ctx, kind, id, seen)).await?;
    call.app.ring();
    no_content()
}

/// Takes `{documents: [{id, version}], note, change, fixes}`, or the list alone; the versions stand in for `If-Match`.
pub async fn publish_together(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    // Before documents are looked up by id: who may not publish learns nothing about them.
    call.ctx.authorise(Permission::ContentPublish)?;
    let mut fields = match call.json()? {
        list @ Value::Array(_) => Fields::of(value!({ "documents": list }))?,
        object => Fields::of(object)?,
    };
    let documents = fields.list("documents").unwrap_or_default();
    let publishing = publishing(&mut fields);
    fields.finish()?;
    let mut choices = Vec::new();
    for (position, value) in documents.into_iter().enumerate() {
        choices.push(choice(&call, value, position).await?);
    }
    let published: Vec<Document> =
        idempotent(&call.ctx, content::publish_together(&call.ctx, &choices, publishing)).await?;
    call.app.ring();
    json(&value!({ "data": published, "next": null, "total": published.len() }))
}

async fn choice(call: &Call, value: Value, position: usize) -> Result<Choice> {
    let place = format!("/documents/{position}");
    let within = |faults: Vec<Fault>| placed(Error::Invalid(faults), &place);
    let mut fields = Fields::of(value).map_err(|error| placed(error, &place))?;
    let id = fields.id("id").map(DocumentId);
    let version = fields.whole_number("version").and_then(|number| i32::try_from(number).ok());
    if version.is_none() {
        fields.fault("version", "missing-field", "Name the version that is to go live.");
    }
    let kind = match id {
        Some(id) => content::kind_of(&call.ctx, id).await?,
        None => None,
    };
    if kind.is_none() {
        fields.fault("id", "reference-missing", "There is no such document.");
    }
    match (fields.finish(), kind, id, version) {
        (Ok(()), Some(kind), Some(id), Some(version)) => Ok(Choice { kind, id, version: VersionNumber(version) }),
        (Err(error), ..) => Err(placed(error, &place)),
        (Ok(()), ..) => Err(within(vec![Fault::new("", "missing-field", "Name a document and its version.")])),
    }
}

/// What is wrong with a thing in a list, with the place of the thing before each pointer.
fn placed(error: Error, place: &str) -> Error {
    match error {
        Error::Invalid(faults) => {
            let placed = |fault: Fault| Fault { pointer: format!("{place}{}", fault.pointer), ..fault };
            Error::Invalid(faults.into_iter().map(placed).collect())
        }
        other => other,
    }
}

fn publishing(fields: &mut Fields) -> Publishing {
    Publishing {
        change: fields.choice("change"),
        note: fields.text("note", NOTE_LIMIT),
        fixes: fields.ids("fixes").into_iter().map(CaseId).collect(),
        force: None,
    }
}

fn unpublishing(fields: &mut Fields) -> Unpublishing {
    Unpublishing {
        decision: fields.choice("decision"),
        redirect_to: fields.text("redirect_to", NOTE_LIMIT),
        explanation: fields.text("explanation", NOTE_LIMIT),
        children: fields.choice("children"),
    }
}
