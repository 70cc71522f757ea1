//! People and keys.

use serde_json::{Value, json as value};

use crate::{
    accounts::{
        self,
        api_keys::{self, NewKey},
        users::{self, NewUser, UserChange},
    },
    kernel::{ApiKeyId, Permission, Result, UserId, VersionNumber},
    web::{Answer, Call, created, created_with_etag, idempotent, json, json_with_etag, json_with_version, no_content},
};

use super::lists;

pub async fn me(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let actor = &call.ctx.actor;
    let may: Vec<Permission> = Permission::ALL.iter().copied().filter(|permission| actor.may(*permission)).collect();
    json(
        &value!({ "user": { "id": actor.user, "name": actor.name, "email": actor.email }, "api_key": actor.key, "permissions": may }),
    )
}

pub async fn users(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let users = users::list(&call.ctx).await?;
    lists::answer(&users, None, u64::try_from(users.len()).unwrap_or_default())
}

pub async fn add_user(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let mut fields = call.fields()?;
    let new = NewUser {
        email: fields.required_text("email", 254),
        name: fields.required_text("name", 100),
        roles: fields.choices("roles").unwrap_or_default(),
        password: fields.text("password", accounts::LONGEST_PASSWORD),
    };
    fields.finish()?;
    let user: users::User = idempotent(&call.ctx, users::add(&call.ctx, &call.app.passwords, new)).await?;
    created(&user, i64::from(user.version.0), &format!("/manage/v1/users/{}", user.id))
}

pub async fn user(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let user = users::get(&call.ctx, call.id::<UserId>("id")?).await?;
    json_with_version(&user, i64::from(user.version.0))
}

pub async fn change_user(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let (id, seen): (UserId, VersionNumber) = (call.id("id")?, call.seen_version()?);
    let mut fields = call.fields()?;
    let change =
        UserChange { name: fields.text("name", 100), roles: fields.choices("roles"), active: fields.boolean("active") };
    fields.finish()?;
    let user = users::change(&call.ctx, id, seen, change).await?;
    json_with_version(&user, i64::from(user.version.0))
}

pub async fn set_password(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let (id, seen): (UserId, VersionNumber) = (call.id("id")?, call.seen_version()?);
    let mut fields = call.fields()?;
    let password = fields.required_text("password", accounts::LONGEST_PASSWORD);
    fields.finish()?;
    let _: Value = idempotent(&call.ctx, async {
        users::set_password(&call.ctx, &call.app.passwords, id, seen, &password, None).await.map(|_| Value::Null)
    })
    .await?;
    no_content()
}

pub async fn keys(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let keys = api_keys::list(&call.ctx).await?;
    lists::answer(&keys, None, u64::try_from(keys.len()).unwrap_or_default())
}

/// The one answer that holds a secret. Sent again with the same idempotency key, it comes without.
pub async fn add_key(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let mut fields = call.fields()?;
    let new = NewKey {
        name: fields.required_text("name", 100),
        owner: owner(&call, &mut fields)?,
        scopes: fields.choices("scopes").unwrap_or_default(),
        expires_at: fields.time("expires_at"),
    };
    fields.finish()?;
    let mut secret = None;
    let key: api_keys::ApiKey = idempotent(&call.ctx, async {
        let added = api_keys::add(&call.ctx, new).await?;
        secret = Some(added.secret);
        Ok(added.key)
    })
    .await?;
    let mut body = serde_json::to_value(&key).map_err(crate::kernel::Error::from)?;
    if let Value::Object(body) = &mut body {
        body.insert("secret".to_owned(), value!(secret));
    }
    created_with_etag(&body, &key.revision, &format!("/manage/v1/api-keys/{}", key.id))
}

/// Whose key it is to be: the caller's, unless another is named.
fn owner(call: &Call, fields: &mut crate::web::Fields) -> Result<UserId> {
    let named = fields.id("owner").map(UserId);
    named.or(call.ctx.actor.user).ok_or(crate::kernel::Error::Forbidden(Permission::KeysManage))
}

pub async fn key(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let key = api_keys::get(&call.ctx, call.id::<ApiKeyId>("id")?).await?;
    json_with_etag(&key, &key.revision)
}

pub async fn revoke_key(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let (id, seen): (ApiKeyId, String) = (call.id("id")?, call.seen_etag()?);
    call.fields()?.finish()?;
    let key: api_keys::ApiKey = idempotent(&call.ctx, api_keys::revoke(&call.ctx, id, &seen)).await?;
    json_with_etag(&key, &key.revision)
}
