//! People and keys.

use serde_json::{Value, json};

use super::{
    Schemas, named,
    parts::{
        boolean, choice, component, described, filled_text, id, input, list, nullable, object, page_of, record, text,
        time, version, with,
    },
};
use crate::{
    accounts::{LONGEST_PASSWORD, SHORTEST_PASSWORD},
    kernel::{Permission, Role},
};

/// Of the name of a person or a key, in characters.
const NAME_LIMIT: usize = 100;

pub fn schemas() -> Schemas {
    let mut added = api_key();
    added.push((
        "secret",
        described(nullable(text()), "The key itself. Shown this once; null if the request is repeated."),
        true,
    ));
    named([
        ("Me", me()),
        ("User", user()),
        ("UserList", page_of(component("User"))),
        ("UserInput", user_input()),
        ("UserChangeInput", user_change()),
        ("PasswordInput", input(&["password"], [("password", password())])),
        ("ApiKey", described(record(api_key()), "A key for programs, without its secret.")),
        ("ApiKeyList", page_of(component("ApiKey"))),
        ("NewApiKey", record(added)),
        ("ApiKeyInput", key_input()),
    ])
}

fn me() -> Value {
    let user = object([("id", nullable(id())), ("name", text()), ("email", nullable(text()))]);
    object([
        ("user", user),
        ("api_key", described(nullable(id()), "The key that was used.")),
        ("permissions", described(permissions(), "The key's scopes, as far as its owner holds them now.")),
    ])
}

fn permissions() -> Value {
    list(choice::<Permission>())
}

fn roles() -> Value {
    with(list(choice::<Role>()), "minItems", 1.into())
}

fn name() -> Value {
    filled_text(NAME_LIMIT)
}

fn password() -> Value {
    let description = "Not one that everybody tries first.";
    json!({ "type": "string", "format": "password", "minLength": SHORTEST_PASSWORD, "maxLength": LONGEST_PASSWORD, "description": description })
}

fn user() -> Value {
    object([
        ("id", id()),
        ("email", text()),
        ("name", text()),
        ("roles", list(choice::<Role>())),
        ("active", described(boolean(), "Without it, the account and its keys may do nothing.")),
        ("created_at", time()),
        ("updated_at", time()),
        ("version", described(version(), "Counts the changes; also the ETag.")),
    ])
}

fn user_input() -> Value {
    let email = json!({ "type": "string", "format": "email", "maxLength": 254 });
    input(
        &["email", "name", "roles"],
        [("email", email), ("name", name()), ("roles", roles()), ("password", password())],
    )
}

fn user_change() -> Value {
    let schema = input(&[], [("name", name()), ("roles", roles()), ("active", boolean())]);
    described(schema, "What is left out stays as it is.")
}

fn api_key() -> Vec<(&'static str, Value, bool)> {
    vec![
        ("id", id(), true),
        ("name", text(), true),
        ("owner", object([("id", id()), ("name", text())]), true),
        ("prefix", described(text(), "By which people recognise the key."), true),
        ("scopes", permissions(), true),
        ("created_at", time(), true),
        ("expires_at", nullable(time()), true),
        ("last_used_at", described(nullable(time()), "To the minute."), true),
        ("revoked_at", nullable(time()), true),
        (
            "revision",
            described(text(), "The next step names it; also the ETag. Using the key does not change it."),
            true,
        ),
    ]
}

fn key_input() -> Value {
    let scopes = with(permissions(), "minItems", 1.into());
    input(
        &["name", "scopes"],
        [
            ("name", name()),
            ("owner", described(id(), "Whom it acts for; the caller if it is left out.")),
            ("scopes", described(scopes, "Only what the owner, and the caller, may do.")),
            ("expires_at", described(time(), "Without one, it lasts until it is revoked.")),
        ],
    )
}
