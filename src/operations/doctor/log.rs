//! The event log: without gaps, never going back in time, and as long as the counter says.

use entity::{counter, event};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;

use crate::kernel::{Result, Timestamp};

use super::Findings;

/// Events that are looked at together.
const CHUNK: u64 = 5_000;

pub async fn examine(connection: &impl ConnectionTrait, findings: &mut Findings) -> Result<()> {
    let (mut last, mut last_at) = (0_i64, i64::MIN);
    loop {
        let rows: Vec<(i64, i64)> = event::Entity::find()
            .select_only()
            .columns([event::Column::Sequence, event::Column::At])
            .filter(event::Column::Sequence.gt(last))
            .order_by_asc(event::Column::Sequence)
            .limit(CHUNK)
            .into_tuple()
            .all(connection)
            .await?;
        if rows.is_empty() {
            break;
        }
        for (sequence, at) in rows {
            if sequence != last + 1 && !continues_after(connection, sequence, last).await? {
                let sentence =
                    format!("The event log has a gap: the events {} to {} are missing.", last + 1, sequence - 1);
                findings.error("log-gap", sentence);
            }
            if at < last_at {
                let (at, before) = (Timestamp(at), Timestamp(last_at));
                let sentence = format!("The event {sequence} is of {at}, before the event {last} of {before}.");
                findings.error("log-backwards", sentence);
            }
            (last, last_at) = (sequence, at);
        }
    }
    match counter::Entity::find_by_id("event").one(connection).await? {
        Some(row) if row.value < last => {
            let sentence =
                format!("The event counter stands at {}, behind the last event {last}: saving fails.", row.value);
            findings.error("counter-behind", sentence);
        }
        Some(row) if row.value > last => {
            let sentence =
                format!("The event counter stands at {}, but the log ends with the event {last}.", row.value);
            findings.error("log-cut-short", sentence);
        }
        Some(_) => {}
        None if last == 0 => findings.look_at("not-set-up", "The database has not been set up; serving it does that."),
        None => findings.error("counter-missing", "The event counter has no row."),
    }
    Ok(())
}

/// Whether an event says itself that it continues after that number: an import leaves out what came in.
async fn continues_after(connection: &impl ConnectionTrait, sequence: i64, last: i64) -> Result<bool> {
    let row = event::Entity::find_by_id(sequence).one(connection).await?;
    let payload: Option<Value> = row.and_then(|row| serde_json::from_str(&row.payload).ok());
    Ok(payload.and_then(|payload| payload.get("continues_after")?.as_i64()) == Some(last))
}
