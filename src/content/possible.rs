//! Which steps a person may take on a document now, and why not those that the state of things forbids. It asks the
//! lifecycle's table and the rule about one's own work, and decides nothing itself; commands ask the same again.

use crate::kernel::{Ctx, Error, Permission, Result};

use super::{
    guard,
    lifecycle::{self, Action, Rules, State},
    queries::{Document, Rows},
    reviews,
};

/// A step that a person holds the permission for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PossibleStep {
    pub action: Action,
    /// Why it can't be taken now, in a sentence; `None` if it can.
    pub refusal: Option<String>,
}

impl Document {
    /// Where it stands, as the lifecycle sees it.
    pub fn state(&self) -> State {
        State {
            draft: self.standing.draft_state,
            live: self.standing.live_state,
            trashed: self.trashed_at.is_some(),
            scheduled: !self.schedules.is_empty(),
            retrospective: self.retrospective_review.is_some(),
        }
    }
}

/// Every step that the actor holds the permission for, in the order of the lifecycle's list.
pub async fn possible_steps(ctx: &Ctx, document: &Document) -> Result<Vec<PossibleStep>> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    let rules = guard::rules(&*snapshot, document.standing.kind).await?;
    let state = document.state();
    let held = Action::ALL.iter().copied().filter(|action| ctx.actor.may(action.permission()));
    let mut steps = Vec::new();
    for action in held {
        let mut refusal = lifecycle::next(state, action, rules).err().map(|refusal| refusal.detail.to_owned());
        if action == Action::Approve && refusal.is_none() {
            let rows = Rows::find(&*snapshot, document.standing.id).await?;
            let rows = rows.ok_or_else(|| Error::not_found("such document"))?;
            refusal = reviews::own_work(&*snapshot, &rows, &ctx.actor).await?.map(str::to_owned);
        }
        steps.push(PossibleStep { action, refusal });
    }
    Ok(steps)
}

/// The rules in force for a kind of document: whether its versions need an approval.
pub async fn rules_of(ctx: &Ctx, kind: super::Kind) -> Result<Rules> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    guard::rules(&*snapshot, kind).await
}

/// How many active people may review, which decides whether versions need an approval where the rule is automatic.
pub async fn reviewers(ctx: &Ctx) -> Result<usize> {
    ctx.authorise(Permission::ContentRead)?;
    guard::reviewers(&*ctx.database.read().await?).await
}
