//! The people whom documents can belong to.

use std::collections::BTreeSet;

use entity::{document, user, user_role};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};

use crate::kernel::{Ctx, Permission, Result, Role, UserId};

use super::{kinds::Kind, queries::Person};

/// Everybody who owns a document of a kind, by name.
pub async fn owners(ctx: &Ctx, kind: Kind) -> Result<Vec<Person>> {
    ctx.authorise(Permission::ContentRead)?;
    let owned = document::Entity::find()
        .select_only()
        .column(document::Column::OwnerId)
        .filter(document::Column::Kind.eq(kind.name()))
        .filter(document::Column::OwnerId.is_not_null());
    let owners = user::Entity::find().filter(user::Column::Id.in_subquery(owned.into_query()));
    people(&*ctx.database.read().await?, owners).await
}

/// Everybody active who may write, by name: those who can own something and work on it.
pub async fn writers(ctx: &Ctx) -> Result<Vec<Person>> {
    ctx.authorise(Permission::ContentWrite)?;
    let roles: BTreeSet<&str> = Role::ALL
        .iter()
        .filter(|role| role.permissions().contains(&Permission::ContentWrite))
        .map(|role| role.name())
        .collect();
    let holders = user_role::Entity::find()
        .select_only()
        .column(user_role::Column::UserId)
        .filter(user_role::Column::Role.is_in(roles));
    let writers = user::Entity::find()
        .filter(user::Column::Active.eq(true))
        .filter(user::Column::Id.in_subquery(holders.into_query()));
    people(&*ctx.database.read().await?, writers).await
}

async fn people(connection: &impl ConnectionTrait, who: Select<user::Entity>) -> Result<Vec<Person>> {
    let found: Vec<(uuid::Uuid, String)> = who
        .select_only()
        .column(user::Column::Id)
        .column(user::Column::Name)
        .order_by_asc(user::Column::Name)
        .order_by_asc(user::Column::Id)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(found.into_iter().map(|(id, name)| Person { id: Some(UserId(id)), name }).collect())
}
