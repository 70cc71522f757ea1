//! Accounts and keys, as their commands are called.

use std::sync::Arc;

use entity::{api_key, event, idempotency, user};
use sea_orm::{EntityTrait, QueryOrder};
use tempfile::TempDir;

use crate::{
    kernel::{
        Actor, ActorKind, Clock, Ctx, Database, Door, Error, IdempotencyClaim, ManualClock, Permission, Role,
        SeededChance, Timestamp, UserId, VersionNumber,
    },
    site,
};

use super::{
    ApiKey, NewKey, NewUser, PasswordCost, Passwords, User, UserChange, api_keys, authenticate, check_password, count,
    find_by_email, has_administrator, permissions_of, set_password, users,
};

struct Place {
    ctx: Ctx,
    clock: Arc<ManualClock>,
    passwords: Passwords,
    _folder: TempDir,
}

const GOOD: &str = "wet paint on the stairs";

impl Place {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("site.db").display());
        let database = Database::connect(&url, 3, true).await.unwrap();
        database.migrate().await.unwrap();
        let clock = Arc::new(ManualClock::at(Timestamp(1_795_000_000_000)));
        let ctx = Ctx {
            actor: Actor::system("test"),
            door: Door::CommandLine,
            database,
            clock: clock.clone(),
            chance: Arc::new(SeededChance::new(7)),
            request_id: None,
            idempotency: None,
        };
        let tx = ctx.write().await.unwrap();
        site::prepare(&tx, &ctx, false).await.unwrap();
        tx.commit(()).await.unwrap();
        Self { ctx, clock, passwords: Passwords::new(PasswordCost::LEAST).unwrap(), _folder: folder }
    }

    async fn person(&self, name: &str, roles: &[Role]) -> User {
        users::add(&self.ctx, &self.passwords, new(name, roles)).await.unwrap()
    }

    async fn acting(&self, user: &User) -> Ctx {
        let user = users::load(&*self.ctx.database.read().await.unwrap(), user.id).await.unwrap();
        let permissions = user.permissions();
        Ctx { actor: Actor::user(user.id, user.name, user.email, permissions), ..self.ctx.clone() }
    }

    async fn events(&self) -> Vec<event::Model> {
        let snapshot = self.ctx.database.read().await.unwrap();
        event::Entity::find().order_by_asc(event::Column::Sequence).all(&*snapshot).await.unwrap()
    }

    fn visitor(&self) -> Ctx {
        Ctx { actor: Actor::visitor(), ..self.ctx.clone() }
    }
}

fn new(name: &str, roles: &[Role]) -> NewUser {
    NewUser {
        email: format!("{name}@example.org"),
        name: name.to_owned(),
        roles: roles.to_vec(),
        password: Some(GOOD.to_owned()),
    }
}

fn faults(error: Error) -> Vec<(String, String)> {
    match error {
        Error::Invalid(faults) => faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect(),
        other => panic!("{other:?}"),
    }
}

fn one(pointer: &str, code: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), code.to_owned())]
}

#[tokio::test]
async fn an_account_is_made_once_per_address() {
    let place = Place::new().await;
    let ada = NewUser { email: "  Ada@Example.ORG ".to_owned(), ..new("Ada  Byron\n", &[Role::Editor, Role::Editor]) };
    let ada = users::add(&place.ctx, &place.passwords, ada).await.unwrap();
    assert_eq!((ada.email.as_str(), ada.name.as_str(), ada.version.0), ("ada@example.org", "Ada Byron", 1));
    assert_eq!(ada.roles.len(), 1);
    let again = users::add(&place.ctx, &place.passwords, new("ADA", &[Role::Editor])).await.unwrap_err();
    assert_eq!(faults(again), one("/email", "already-taken"));

    let snapshot = place.ctx.database.read().await.unwrap();
    assert_eq!(count(&*snapshot).await.unwrap(), 1);
    assert_eq!(find_by_email(&*snapshot, "ADA@example.org ").await.unwrap().unwrap(), ada);
    assert!(find_by_email(&*snapshot, "nobody@example.org").await.unwrap().is_none());
    assert!(!has_administrator(&*snapshot).await.unwrap());
}

#[tokio::test]
async fn every_fault_of_a_new_account_is_named() {
    let place = Place::new().await;
    let bad = NewUser {
        email: "ada@".to_owned(),
        name: "x".repeat(101),
        roles: Vec::new(),
        password: Some("short".to_owned()),
    };
    let found = faults(users::add(&place.ctx, &place.passwords, bad).await.unwrap_err());
    let codes: Vec<&str> = found.iter().map(|(_, code)| code.as_str()).collect();
    assert_eq!(codes, ["not-an-email", "too-long", "missing-field", "too-short"]);
    let obvious = NewUser { password: Some("rolebook-2026".to_owned()), ..new("ada", &[Role::Editor]) };
    let found = faults(users::add(&place.ctx, &place.passwords, obvious).await.unwrap_err());
    assert_eq!(found, one("/password", "too-obvious"));
}

#[tokio::test]
async fn accounts_are_for_those_who_manage_them_and_ones_own_for_oneself() {
    let place = Place::new().await;
    let editor = place.person("editor", &[Role::Editor]).await;
    let other = place.person("other", &[Role::Publisher, Role::Triager]).await;
    let ctx = place.acting(&editor).await;
    let forbidden = |error: Error| matches!(error, Error::Forbidden(Permission::UsersManage));
    assert!(forbidden(users::add(&ctx, &place.passwords, new("x", &[Role::Editor])).await.unwrap_err()));
    let more = UserChange { roles: Some(vec![Role::Administrator]), ..UserChange::default() };
    assert!(forbidden(users::change(&ctx, editor.id, editor.version, more).await.unwrap_err()));
    let named = UserChange { name: Some("somebody".to_owned()), ..UserChange::default() };
    assert!(forbidden(users::change(&ctx, other.id, other.version, named).await.unwrap_err()));
    assert!(forbidden(users::list(&ctx).await.unwrap_err()));
    assert!(forbidden(users::get(&ctx, other.id).await.unwrap_err()));
    assert!(forbidden(set_password(&ctx, &place.passwords, other.id, other.version, GOOD, None).await.unwrap_err()));
    assert_eq!(users::get(&ctx, editor.id).await.unwrap(), editor);
    assert!(
        set_password(&ctx, &place.passwords, editor.id, editor.version, "another one altogether", None).await.is_ok()
    );

    let mut key = ctx.clone();
    key.actor.kind = ActorKind::ApiKey;
    assert!(forbidden(set_password(&key, &place.passwords, editor.id, editor.version, GOOD, None).await.unwrap_err()));
    let names: Vec<String> = users::list(&place.ctx).await.unwrap().into_iter().map(|user| user.name).collect();
    assert_eq!(names, ["editor", "other"]);
    let permissions = permissions_of(&*place.ctx.database.read().await.unwrap(), other.id).await.unwrap();
    assert!(permissions.contains(&Permission::ContentPublish) && permissions.contains(&Permission::FeedbackTriage));
    assert!(!permissions.contains(&Permission::UsersManage));
}

#[tokio::test]
async fn a_change_starts_from_what_was_seen_and_is_recorded() {
    let place = Place::new().await;
    let ada = place.person("ada", &[Role::Editor]).await;
    place.clock.advance(Timestamp::MINUTE);
    let change = UserChange { roles: Some(vec![Role::Reviewer, Role::Triager]), ..UserChange::default() };
    let changed = users::change(&place.ctx, ada.id, ada.version, change.clone()).await.unwrap();
    assert_eq!(changed.version.0, 2);
    assert_eq!(changed.updated_at, place.clock.now());
    assert_eq!(changed.roles.iter().map(|role| role.name()).collect::<Vec<_>>(), ["reviewer", "triager"]);

    let Error::Stale(stale) = users::change(&place.ctx, ada.id, ada.version, change.clone()).await.unwrap_err() else {
        panic!("an old version was accepted");
    };
    assert_eq!(stale.version, Some(2));
    assert_eq!(stale.current.unwrap()["roles"][1], "triager");
    assert_eq!(users::change(&place.ctx, ada.id, VersionNumber(2), change).await.unwrap(), changed);
    let unknown = users::change(&place.ctx, UserId(uuid::Uuid::nil()), VersionNumber(1), UserChange::default()).await;
    assert!(matches!(unknown, Err(Error::NotFound(_))));

    let events = place.events().await;
    let last = events.last().unwrap();
    assert_eq!(events.len(), 2);
    assert_eq!((last.kind.as_str(), last.subject_id.clone()), ("user_changed", ada.id.to_string()));
    assert_eq!(last.payload, r#"{"roles":{"from":["editor"],"to":["reviewer","triager"]}}"#);
    for event in events {
        assert!(!event.payload.contains("example.org") && !event.payload.contains("argon2"), "{}", event.payload);
    }
}

#[tokio::test]
async fn somebody_active_always_administers_the_site() {
    let place = Place::new().await;
    let first = place.person("first", &[Role::Administrator]).await;
    let second = place.person("second", &[Role::Administrator]).await;
    let off = || UserChange { active: Some(false), ..UserChange::default() };
    let second = users::change(&place.ctx, second.id, second.version, off()).await.unwrap();
    let permissions = permissions_of(&*place.ctx.database.read().await.unwrap(), second.id).await.unwrap();
    assert!(permissions.is_empty());
    for change in [off(), UserChange { roles: Some(vec![Role::Publisher]), ..UserChange::default() }] {
        let refused = users::change(&place.ctx, first.id, first.version, change).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict { code: "last-administrator", .. }), "{refused:?}");
    }
    let on = UserChange { active: Some(true), ..UserChange::default() };
    users::change(&place.ctx, second.id, second.version, on).await.unwrap();
    users::change(&place.ctx, first.id, first.version, off()).await.unwrap();
    assert!(has_administrator(&*place.ctx.database.read().await.unwrap()).await.unwrap());
}

#[tokio::test]
async fn a_password_opens_an_active_account_only() {
    let place = Place::new().await;
    let ada = place.person("ada", &[Role::Editor]).await;
    let invited = NewUser { password: None, ..new("invited", &[Role::Editor]) };
    users::add(&place.ctx, &place.passwords, invited).await.unwrap();
    let check = async |email: &str, password: &str| {
        check_password(&place.ctx.database, &place.passwords, email, password).await.unwrap()
    };
    assert_eq!(check("Ada@example.org", GOOD).await.unwrap().id, ada.id);
    assert!(check("ada@example.org", "wet paint on the stair").await.is_none());
    assert!(check("invited@example.org", GOOD).await.is_none());
    assert!(check("nobody@example.org", GOOD).await.is_none());

    let seen = ada.version;
    let ada = set_password(&place.ctx, &place.passwords, ada.id, seen, "a lighthouse in the fog", None).await.unwrap();
    assert_eq!(ada.version.0, 2);
    let late = set_password(&place.ctx, &place.passwords, ada.id, seen, "wet paint on the stair", None).await;
    assert!(matches!(late, Err(Error::Stale(stale)) if stale.version == Some(2)));
    assert!(check("ada@example.org", GOOD).await.is_none());
    assert!(check("ada@example.org", "a lighthouse in the fog").await.is_some());
    let refused =
        set_password(&place.ctx, &place.passwords, ada.id, ada.version, "passwordpassword", None).await.unwrap_err();
    assert_eq!(faults(refused), one("/password", "too-common"));

    let off = UserChange { active: Some(false), ..UserChange::default() };
    users::change(&place.ctx, ada.id, ada.version, off).await.unwrap();
    assert!(check("ada@example.org", "a lighthouse in the fog").await.is_none());
}

fn key(owner: &User, scopes: &[Permission]) -> NewKey {
    NewKey { name: "site".to_owned(), owner: owner.id, scopes: scopes.to_vec(), expires_at: None }
}

#[tokio::test]
async fn a_key_acts_for_its_owner_within_its_scopes() {
    let place = Place::new().await;
    let ada = place.person("ada", &[Role::Publisher]).await;
    let scopes = [Permission::ContentRead, Permission::ContentPublish];
    let added = api_keys::add(&place.acting(&ada).await, key(&ada, &scopes)).await.unwrap();
    let actor = authenticate(&place.visitor(), &added.secret).await.unwrap();
    assert_eq!((actor.kind, actor.user, actor.key), (ActorKind::ApiKey, Some(ada.id), Some(added.key.id.0)));
    assert!(actor.may(Permission::ContentPublish) && !actor.may(Permission::ContentWrite));

    let editor = UserChange { roles: Some(vec![Role::Editor]), ..UserChange::default() };
    let ada = users::change(&place.ctx, ada.id, ada.version, editor).await.unwrap();
    let actor = authenticate(&place.visitor(), &added.secret).await.unwrap();
    assert!(actor.may(Permission::ContentRead) && !actor.may(Permission::ContentPublish));
    let off = UserChange { active: Some(false), ..UserChange::default() };
    users::change(&place.ctx, ada.id, ada.version, off).await.unwrap();
    assert!(matches!(authenticate(&place.visitor(), &added.secret).await, Err(Error::Unauthenticated(_))));
}

#[tokio::test]
async fn everything_wrong_with_a_key_gets_the_same_answer() {
    let place = Place::new().await;
    let ada = place.person("ada", &[Role::Editor]).await;
    let ctx = place.acting(&ada).await;
    let hour =
        NewKey { expires_at: Some(place.clock.now().plus(Timestamp::HOUR)), ..key(&ada, &[Permission::ContentRead]) };
    let expiring = api_keys::add(&ctx, hour).await.unwrap();
    let revoked = api_keys::add(&ctx, key(&ada, &[Permission::ContentRead])).await.unwrap();
    assert!(authenticate(&place.visitor(), &expiring.secret).await.is_ok());
    api_keys::revoke(&ctx, revoked.key.id, &revoked.key.revision).await.unwrap();
    place.clock.advance(Timestamp::HOUR);
    let mut forged = revoked.secret.clone();
    forged.replace_range(20..24, "AAAA");
    let unknown = format!("rb_aaaaaaaa{}", &expiring.secret[11..]);
    let mut words = Vec::new();
    for presented in ["", "nonsense", &forged, &unknown, &revoked.secret, &expiring.secret] {
        match authenticate(&place.visitor(), presented).await {
            Err(Error::Unauthenticated(detail)) => words.push(detail),
            other => panic!("{presented}: {other:?}"),
        }
    }
    words.dedup();
    assert_eq!(words.len(), 1);
}

#[tokio::test]
async fn a_key_is_made_within_what_its_owner_and_its_maker_may_do() {
    let place = Place::new().await;
    let ada = place.person("ada", &[Role::Editor]).await;
    let root = place.person("root", &[Role::Administrator]).await;
    let ctx = place.acting(&ada).await;
    let too_much = key(&ada, &[Permission::ContentRead, Permission::UsersManage]);
    let refused = api_keys::add(&place.ctx, too_much).await.err().unwrap();
    assert_eq!(faults(refused), one("/scopes/1", "not-held"));
    let for_other = api_keys::add(&ctx, key(&root, &[Permission::ContentRead])).await.err().unwrap();
    assert!(matches!(for_other, Error::Forbidden(Permission::KeysManage)));
    let late = NewKey { expires_at: Some(place.clock.now()), scopes: Vec::new(), ..key(&ada, &[]) };
    let found = faults(api_keys::add(&ctx, late).await.err().unwrap());
    assert_eq!(found.iter().map(|(pointer, _)| pointer.as_str()).collect::<Vec<_>>(), ["/expires_at", "/scopes"]);

    // A key that may manage keys makes none that may do more than itself.
    let manager = api_keys::add(&place.ctx, key(&root, &[Permission::KeysManage])).await.unwrap();
    let by_key = Ctx { actor: authenticate(&place.visitor(), &manager.secret).await.unwrap(), ..place.ctx.clone() };
    let stronger = api_keys::add(&by_key, key(&root, &[Permission::KeysManage, Permission::ContentPurge])).await;
    assert_eq!(faults(stronger.err().unwrap()), one("/scopes/1", "not-held"));
    assert!(api_keys::add(&by_key, key(&root, &[Permission::KeysManage])).await.is_ok());
    // And a key without that permission makes none, not even for its owner.
    let reader = api_keys::add(&ctx, key(&ada, &[Permission::ContentRead])).await.unwrap();
    let by_key = Ctx { actor: authenticate(&place.visitor(), &reader.secret).await.unwrap(), ..place.ctx.clone() };
    assert!(api_keys::add(&by_key, key(&ada, &[Permission::ContentRead])).await.is_err());
    assert!(api_keys::list(&by_key).await.is_err());
}

#[tokio::test]
async fn keys_of_others_are_seen_by_those_who_manage_keys() {
    let place = Place::new().await;
    let ada = place.person("ada", &[Role::Editor]).await;
    let ben = place.person("ben", &[Role::Editor]).await;
    let adas = api_keys::add(&place.acting(&ada).await, key(&ada, &[Permission::ContentRead])).await.unwrap().key;
    let ben = place.acting(&ben).await;
    assert!(api_keys::list(&ben).await.unwrap().is_empty());
    assert!(matches!(api_keys::get(&ben, adas.id).await, Err(Error::NotFound(_))));
    assert!(matches!(api_keys::revoke(&ben, adas.id, &adas.revision).await, Err(Error::NotFound(_))));
    assert_eq!(api_keys::list(&place.ctx).await.unwrap(), std::slice::from_ref(&adas));
    assert_eq!(adas.owner.name, "ada");
    let revoked = api_keys::revoke(&place.ctx, adas.id, &adas.revision).await.unwrap();
    place.clock.advance(Timestamp::HOUR);
    let late = api_keys::revoke(&place.ctx, adas.id, &adas.revision).await;
    assert!(matches!(late, Err(Error::Stale(stale)) if stale.revision.as_ref() == Some(&revoked.revision)));
    assert_eq!(api_keys::revoke(&place.ctx, adas.id, &revoked.revision).await.unwrap(), revoked);
    let kinds: Vec<String> = place.events().await.into_iter().map(|event| event.kind).collect();
    assert_eq!(kinds, ["user_added", "user_added", "api_key_added", "api_key_revoked"]);
}

#[tokio::test]
async fn the_last_use_is_noted_once_a_minute() {
    let place = Place::new().await;
    let ada = place.person("ada", &[Role::Editor]).await;
    let added = api_keys::add(&place.ctx, key(&ada, &[Permission::ContentRead])).await.unwrap();
    let start = place.clock.now();
    let mut noted = Vec::new();
    for _ in 0..4 {
        authenticate(&place.visitor(), &added.secret).await.unwrap();
        noted.push(api_keys::get(&place.ctx, added.key.id).await.unwrap().last_used_at.unwrap().0 - start.0);
        place.clock.advance(30 * Timestamp::SECOND);
    }
    assert_eq!(noted, [0, 0, 60_000, 60_000]);
    assert_eq!(place.events().await.len(), 2);

    // While somebody else writes, the request goes on without the note.
    let writing = place.ctx.write().await.unwrap();
    assert!(authenticate(&place.visitor(), &added.secret).await.is_ok());
    drop(writing);
}

#[tokio::test]
async fn no_secret_is_kept_anywhere() {
    let place = Place::new().await;
    let root = place.person("root", &[Role::Administrator]).await;
    let claim = |key: &str| Some(IdempotencyClaim { key: key.to_owned(), request_digest: "digest".to_owned() });
    let ctx = Ctx { idempotency: claim("a"), ..place.acting(&root).await };
    let added = api_keys::add(&ctx, key(&root, &[Permission::KeysManage])).await.unwrap();
    assert!(matches!(
        api_keys::add(&ctx, key(&root, &[Permission::KeysManage])).await.err().unwrap(),
        Error::AlreadyDone
    ));
    let earlier: ApiKey = serde_json::from_value(ctx.earlier_outcome().await.unwrap().unwrap()).unwrap();
    assert_eq!(earlier, added.key);
    let ctx = Ctx { idempotency: claim("b"), ..ctx };
    users::add(&ctx, &place.passwords, new("ada", &[Role::Editor])).await.unwrap();

    let snapshot = place.ctx.database.read().await.unwrap();
    let mut stored = format!("{:?}", api_key::Entity::find().all(&*snapshot).await.unwrap());
    stored += &format!("{:?}", idempotency::Entity::find().all(&*snapshot).await.unwrap());
    stored += &format!("{:?}", event::Entity::find().all(&*snapshot).await.unwrap());
    let secret = &added.secret[12..];
    assert_eq!(secret.len(), 43);
    assert!(!stored.contains(secret) && !stored.contains(GOOD) && !stored.contains("argon2"));
    stored += &format!("{:?}", user::Entity::find().all(&*snapshot).await.unwrap());
    assert!(stored.contains("argon2id") && !stored.contains(GOOD));
}
