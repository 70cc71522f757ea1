//! Lists with their filters that people gave names: one's own, and those that others share. A view is the query of an
//! address and nothing more; whoever opens it sees what they may see. It knows no lists: the door reads the query before
//! it is stored and again each time.
//!
//! Decision (2026-11-22): whoever saved a view renames and deletes it; of those that are shared, whoever manages settings
//! may, too, since a person may have left. Nobody needs another permission than to see the list.

use std::collections::BTreeMap;

use entity::{saved_view, user};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect,
    Set,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{Ctx, Error, Fault, Permission, Result, SavedViewId, Transaction, UserId},
};

/// Views that a person has of one list.
pub const MOST_VIEWS: u64 = 20;
/// Characters of a name; it stands in a tab.
pub const VIEW_NAME_LIMIT: usize = 40;
/// Characters of a query.
const QUERY_LIMIT: usize = 2_000;

named! {
    /// The lists that have views.
    ViewedList {
        RolePages = "role-pages",
        RequirementSections = "requirement-sections",
        Cases = "cases",
    }
}

impl ViewedList {
    /// What it takes to see the list.
    pub fn permission(self) -> Permission {
        match self {
            Self::RolePages | Self::RequirementSections => Permission::ContentRead,
            Self::Cases => Permission::FeedbackRead,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    pub id: SavedViewId,
    pub list: ViewedList,
    pub name: String,
    pub query: String,
    pub shared: bool,
    pub owner: UserId,
    pub owner_name: String,
}

/// Saves the query of a list under a name.
///
/// # Errors
/// [`Error::Invalid`] with every fault, `name-taken` among them; [`Error::Conflict`] `too-many-views`.
pub async fn add(ctx: &Ctx, list: ViewedList, name: &str, query: &str, shared: bool) -> Result<SavedView> {
    ctx.authorise(list.permission())?;
    let owner = person(ctx)?;
    let name = tidy(name);
    let mut faults: Vec<Fault> = name_fault(&name).into_iter().collect();
    if query.chars().count() > QUERY_LIMIT {
        faults.push(Fault::new("/query", "too-long", "The filters are too long to be saved."));
    }
    super::input::accept(faults)?;
    let tx = ctx.write().await?;
    let own = saved_view::Entity::find()
        .filter(saved_view::Column::OwnerId.eq(owner.0))
        .filter(saved_view::Column::List.eq(list.name()));
    if own.count(&*tx).await? >= MOST_VIEWS {
        let detail = format!("You have {MOST_VIEWS} views of this list already; delete one first.");
        return Err(Error::conflict("too-many-views", detail));
    }
    refuse_taken(&tx, owner, list, &name, None).await?;
    let row = saved_view::Model {
        id: ctx.new_id(),
        owner_id: owner.0,
        list: list.name().to_owned(),
        name,
        query: query.to_owned(),
        shared,
        created_at: ctx.now().0,
    };
    saved_view::Entity::insert(row.clone().into_active_model()).exec_without_returning(&*tx).await?;
    events::append(&tx, ctx, event(EventKind::ViewSaved, &row)).await?;
    tx.commit(view_of(row, ctx.actor.name.clone())?).await
}

/// The views of a list that the actor sees, by name: their own, and those that others share.
pub async fn all(ctx: &Ctx, list: ViewedList) -> Result<Vec<SavedView>> {
    ctx.authorise(list.permission())?;
    let owner = person(ctx)?;
    let snapshot = ctx.database.read().await?;
    let seen = Condition::any().add(saved_view::Column::OwnerId.eq(owner.0)).add(saved_view::Column::Shared.eq(true));
    let rows = saved_view::Entity::find()
        .filter(saved_view::Column::List.eq(list.name()))
        .filter(seen)
        .all(&*snapshot)
        .await?;
    let owners: Vec<Uuid> = rows.iter().map(|row| row.owner_id).collect();
    let names: Vec<(Uuid, String)> = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .column(user::Column::Name)
        .filter(user::Column::Id.is_in(owners))
        .into_tuple()
        .all(&*snapshot)
        .await?;
    let names: BTreeMap<Uuid, String> = names.into_iter().collect();
    let mut views = rows
        .into_iter()
        .map(|row| {
            let name = names.get(&row.owner_id).cloned().unwrap_or_default();
            view_of(row, name)
        })
        .collect::<Result<Vec<_>>>()?;
    views.sort_by_key(|view| (view.name.to_lowercase(), view.id));
    Ok(views)
}

/// A view that the actor may change.
///
/// # Errors
/// [`Error::NotFound`] for one that they don't see or may not change.
pub async fn own(ctx: &Ctx, id: SavedViewId) -> Result<SavedView> {
    let snapshot = ctx.database.read().await?;
    let row = saved_view::Entity::find_by_id(id.0).one(&*snapshot).await?;
    let row = changeable(ctx, row)?;
    let owner = user::Entity::find_by_id(row.owner_id).one(&*snapshot).await?;
    view_of(row, owner.map(|owner| owner.name).unwrap_or_default())
}

/// Gives a view another name, or shares it or not.
///
/// # Errors
/// As [`own`], and [`Error::Invalid`] for a name that can't be.
pub async fn change(ctx: &Ctx, id: SavedViewId, name: &str, shared: bool) -> Result<()> {
    let name = tidy(name);
    super::input::accept(name_fault(&name).into_iter().collect())?;
    let tx = ctx.write().await?;
    let row = changeable(ctx, saved_view::Entity::find_by_id(id.0).one(&*tx).await?)?;
    let list = list_of(&row)?;
    refuse_taken(&tx, UserId(row.owner_id), list, &name, Some(id)).await?;
    if row.name == name && row.shared == shared {
        return Ok(());
    }
    let mut row = row.into_active_model();
    row.name = Set(name);
    row.shared = Set(shared);
    let row = row.update(&*tx).await?;
    events::append(&tx, ctx, event(EventKind::ViewChanged, &row)).await?;
    tx.commit(()).await
}

/// Deletes a view. What it showed stays as it is.
///
/// # Errors
/// As [`own`].
pub async fn delete(ctx: &Ctx, id: SavedViewId) -> Result<()> {
    let tx = ctx.write().await?;
    let row = changeable(ctx, saved_view::Entity::find_by_id(id.0).one(&*tx).await?)?;
    saved_view::Entity::delete_by_id(id.0).exec(&*tx).await?;
    events::append(&tx, ctx, event(EventKind::ViewDeleted, &row)).await?;
    tx.commit(()).await
}

fn person(ctx: &Ctx) -> Result<UserId> {
    ctx.actor.user.ok_or_else(|| Error::bug("somebody saves a view who is no person"))
}

fn changeable(ctx: &Ctx, row: Option<saved_view::Model>) -> Result<saved_view::Model> {
    let row = row.ok_or_else(|| Error::not_found("such view"))?;
    ctx.authorise(list_of(&row)?.permission())?;
    let may = ctx.actor.user == Some(UserId(row.owner_id)) || row.shared && ctx.actor.may(Permission::SettingsManage);
    if may { Ok(row) } else { Err(Error::not_found("such view")) }
}

/// White space becomes single spaces.
fn tidy(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn name_fault(name: &str) -> Option<Fault> {
    let length = name.chars().count();
    if name.is_empty() {
        Some(Fault::new("/name", "missing-field", "Give the view a name."))
    } else if length > VIEW_NAME_LIMIT {
        let detail = format!("The name has {length} characters; at most {VIEW_NAME_LIMIT} are possible.");
        Some(Fault::new("/name", "too-long", detail))
    } else if name.chars().any(char::is_control) {
        Some(Fault::new("/name", "control-character", "Control characters can't stand in a name."))
    } else {
        None
    }
}

async fn refuse_taken(
    tx: &Transaction,
    owner: UserId,
    list: ViewedList,
    name: &str,
    own: Option<SavedViewId>,
) -> Result<()> {
    let taken = saved_view::Entity::find()
        .filter(saved_view::Column::OwnerId.eq(owner.0))
        .filter(saved_view::Column::List.eq(list.name()))
        .filter(saved_view::Column::Name.eq(name))
        .one(&**tx)
        .await?;
    match taken {
        Some(other) if own != Some(SavedViewId(other.id)) => {
            Err(Error::invalid("/name", "name-taken", "There is a view with this name already."))
        }
        _ => Ok(()),
    }
}

fn event(kind: EventKind, row: &saved_view::Model) -> NewEvent {
    NewEvent::about(kind, "saved_view", row.id).with("name", row.name.clone()).with("list", row.list.clone())
}

fn list_of(row: &saved_view::Model) -> Result<ViewedList> {
    ViewedList::from_name(&row.list).ok_or_else(|| Error::bug("a view of an unknown list"))
}

fn view_of(row: saved_view::Model, owner_name: String) -> Result<SavedView> {
    Ok(SavedView {
        id: SavedViewId(row.id),
        list: list_of(&row)?,
        name: row.name,
        query: row.query,
        shared: row.shared,
        owner: UserId(row.owner_id),
        owner_name,
    })
}
