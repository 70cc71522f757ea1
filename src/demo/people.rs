//! The four people of the demo. They have no passwords: whoever starts the demo is given links to sign in with.

use serde::Deserialize;

use crate::{
    accounts::{
        Passwords,
        users::{self, NewUser, User},
    },
    kernel::{Ctx, Result, Role},
};

/// Who acts in the story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Part {
    Editor,
    Reviewer,
    Publisher,
    Administrator,
}

/// Somebody whom the visitor of a demo may sign in as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    pub name: &'static str,
    pub email: &'static str,
    pub roles: &'static [Role],
}

/// In the order in which they meet the pages.
const PEOPLE: [(Part, Person); 4] = [
    (Part::Editor, Person { name: "Niamh Okafor", email: "niamh.okafor@example.org", roles: &[Role::Editor] }),
    (Part::Reviewer, Person { name: "Tomasz Rahman", email: "tomasz.rahman@example.org", roles: &[Role::Reviewer] }),
    (
        Part::Publisher,
        Person {
            name: "Leila Griffiths",
            email: "leila.griffiths@example.org",
            roles: &[Role::Publisher, Role::Triager],
        },
    ),
    (
        Part::Administrator,
        Person { name: "Samuel Castellanos", email: "samuel.castellanos@example.org", roles: &[Role::Administrator] },
    ),
];

/// Everybody, in the order in which they are presented.
pub fn people() -> impl Iterator<Item = Person> {
    PEOPLE.into_iter().map(|(_, person)| person)
}

/// Makes the accounts.
pub(super) async fn add(ctx: &Ctx, passwords: &Passwords) -> Result<Vec<(Part, User)>> {
    let mut added = Vec::new();
    for (part, person) in PEOPLE {
        let new = NewUser {
            email: person.email.to_owned(),
            name: person.name.to_owned(),
            roles: person.roles.to_vec(),
            password: None,
        };
        added.push((part, users::add(ctx, passwords, new).await?));
    }
    Ok(added)
}
