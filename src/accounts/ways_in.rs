//! Whether people can sign in: who has a password, and whose invitation is still open. It knows no secrets.

use std::collections::BTreeMap;

use entity::{sign_in_link, user};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::kernel::{Ctx, Permission, Result, Timestamp, UserId};

use super::{Purpose, users};

/// How a person can sign in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WayIn {
    pub has_password: bool,
    /// Until when the link of an invitation can be used.
    pub invited_until: Option<Timestamp>,
}

/// How each person can sign in, inactive ones too; for those who manage accounts.
pub async fn ways_in(ctx: &Ctx) -> Result<BTreeMap<UserId, WayIn>> {
    ctx.authorise(Permission::UsersManage)?;
    let snapshot = ctx.database.read().await?;
    let people: Vec<Uuid> =
        user::Entity::find().select_only().column(user::Column::Id).into_tuple().all(&*snapshot).await?;
    let with_password: Vec<Uuid> = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::PasswordHash.is_not_null())
        .into_tuple()
        .all(&*snapshot)
        .await?;
    let invitations: Vec<(Option<Uuid>, i64)> = sign_in_link::Entity::find()
        .select_only()
        .columns([sign_in_link::Column::UserId, sign_in_link::Column::ExpiresAt])
        .filter(sign_in_link::Column::Purpose.eq(Purpose::Invitation.name()))
        .filter(sign_in_link::Column::UsedAt.is_null())
        .filter(sign_in_link::Column::ExpiresAt.gt(ctx.now().0))
        .into_tuple()
        .all(&*snapshot)
        .await?;
    let mut ways: BTreeMap<UserId, WayIn> = people.into_iter().map(|id| (UserId(id), WayIn::default())).collect();
    for id in with_password {
        ways.entry(UserId(id)).or_default().has_password = true;
    }
    for (id, expires_at) in invitations {
        if let Some(id) = id {
            ways.entry(UserId(id)).or_default().invited_until = Some(Timestamp(expires_at));
        }
    }
    Ok(ways)
}

/// Whether a person has a password. Everybody may ask it of themselves.
pub async fn has_password(ctx: &Ctx, id: UserId) -> Result<bool> {
    users::get(ctx, id).await?;
    let row = user::Entity::find_by_id(id.0)
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::PasswordHash.is_not_null())
        .into_tuple::<Uuid>()
        .one(&*ctx.database.read().await?)
        .await?;
    Ok(row.is_some())
}
