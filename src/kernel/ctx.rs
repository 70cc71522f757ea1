//! What every command is given: who acts, through which door, the clock, chance and the database.

use std::sync::Arc;

use serde::Serialize;
use uuid::Uuid;

use super::{Chance, Clock, Database, Error, Permission, Permissions, Result, Timestamp, Transaction, UserId};

/// Who acts.
#[derive(Clone, Debug)]
pub struct Actor {
    pub kind: ActorKind,
    /// The person: the user, or the owner of the key.
    pub user: Option<UserId>,
    /// The key, if one acts.
    pub key: Option<Uuid>,
    pub name: String,
    pub email: Option<String>,
    permissions: Permissions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    User,
    ApiKey,
    Visitor,
    System,
}

impl ActorKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::ApiKey => "api_key",
            Self::Visitor => "visitor",
            Self::System => "system",
        }
    }
}

impl Actor {
    pub fn user(id: UserId, name: String, email: String, permissions: Permissions) -> Self {
        Self { kind: ActorKind::User, user: Some(id), key: None, name, email: Some(email), permissions }
    }

    /// A key acts for its owner; `permissions` are its scopes as far as the owner holds them now.
    pub fn api_key(key: Uuid, owner: UserId, name: String, email: String, permissions: Permissions) -> Self {
        Self { kind: ActorKind::ApiKey, user: Some(owner), key: Some(key), name, email: Some(email), permissions }
    }

    pub fn visitor() -> Self {
        Self {
            kind: ActorKind::Visitor,
            user: None,
            key: None,
            name: "visitor".to_owned(),
            email: None,
            permissions: Permissions::new(),
        }
    }

    /// The program itself: the command line and the followers. It may do everything.
    pub fn system(name: &str) -> Self {
        Self {
            kind: ActorKind::System,
            user: None,
            key: None,
            name: name.to_owned(),
            email: None,
            permissions: Permission::ALL.iter().copied().collect(),
        }
    }

    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }

    /// Identifies the actor for idempotency keys.
    fn key_space(&self) -> String {
        let id = self.key.or(self.user.map(|user| user.0)).unwrap_or_default();
        format!("{}:{id}", self.kind.name())
    }
}

/// Through which door a change came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    Admin,
    Api,
    Import,
    Restore,
    Public,
    Schedule,
    CommandLine,
}

impl Door {
    pub fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Api => "api",
            Self::Import => "import",
            Self::Restore => "restore",
            Self::Public => "public",
            Self::Schedule => "schedule",
            Self::CommandLine => "command_line",
        }
    }
}

/// An `Idempotency-Key` and the digest of the request that it came with.
#[derive(Clone, Debug)]
pub struct IdempotencyClaim {
    pub key: String,
    pub request_digest: String,
}

/// What a command is given.
#[derive(Clone)]
pub struct Ctx {
    pub actor: Actor,
    pub door: Door,
    pub database: Database,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    pub request_id: Option<String>,
    pub idempotency: Option<IdempotencyClaim>,
}

impl Ctx {
    /// The first act of every command.
    ///
    /// # Errors
    /// [`Error::Forbidden`] with the permission that is missing.
    pub fn authorise(&self, permission: Permission) -> Result<()> {
        if self.actor.may(permission) { Ok(()) } else { Err(Error::Forbidden(permission)) }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn new_id(&self) -> Uuid {
        self.chance.id(self.now())
    }

    /// Opens the write transaction of a command. If the request carries an idempotency key, the key is claimed first.
    ///
    /// # Errors
    /// [`Error::AlreadyDone`] if the key has been used by this actor.
    pub async fn write(&self) -> Result<Transaction> {
        let claim = self.idempotency.as_ref().map(|claim| (self.actor.key_space(), claim, self.now()));
        self.database.write(claim).await
    }

    /// What an earlier command of this actor with the same key returned.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the key came with another request then.
    pub async fn earlier_outcome(&self) -> Result<Option<serde_json::Value>> {
        let Some(claim) = &self.idempotency else { return Ok(None) };
        self.database.earlier_outcome(&self.actor.key_space(), claim, self.now()).await
    }
}
