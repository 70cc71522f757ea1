//! Rolebook: a headless content-management backend for careers content. This page is the guide to the house.
//!
//! # Floors
//!
//! ```text
//!                      main ─→ commands ─→ app, openapi       (build the state, the router, the followers)
//!   4   delivery (public JSON)   manage (JSON for programs)   admin (the panel, for people)   doors: never import each other
//!   3                        web                                        HTTP plumbing
//!   2c            operations            demo                             the site as a whole; a site to look at
//!   2b       published  ←  followers                                    what the log's tail feeds
//!   2   content   media   accounts   feedback   webhooks                the domain; siblings never import each other
//!   1b  indexes   mail                                                  indexes of words that follow the log; the outbox
//!   1   kernel    events    search    site    outbound                  words that everybody shares; the way out
//!   0   entity (tables)     migration (history)
//! ```
//!
//! Arrows point down. What two siblings need of each other stands in a table that both can read. A test holds the floors.
//!
//! # Words
//!
//! A *document* is the lasting identity of one piece of content; a *version* an immutable, numbered save of it; the *draft*
//! the version in work; a *publication* what publishing a version makes. The public reads publications and nothing else.
//! An *event* is one row of the log: something that happened, in commit order. A *report* is what a visitor sent, a *case*
//! one or more reports about the same problem. An *actor* acts: a user, an API key, a visitor or the system. Everything in
//! a content that has an id keeps it through edits and moves.
//!
//! # How a request travels
//!
//! `POST /manage/v1/role-pages/{id}/publish` → [`web`] (layers, who calls, what was sent) → [`manage`] (reads the fields)
//! → [`content::publish`] (authorises; one write transaction: locks, the lifecycle's table, checks, paths, publication,
//! references, one event) → the document as JSON. Afterwards [`followers`] read the event and close the cases that it fixes.
//!
//! `POST /admin/role-pages/{id}/publish` → [`admin`] (who is signed in, what was typed) → the same [`content::publish`] →
//! a redirect to the page that says what was done; or the form again, with everything typed and what is wrong with it.
//!
//! `GET /api/v1/role-pages/{slug}` → [`delivery`] → [`published`] (one snapshot: publication, embedded sections, cards,
//! images; composed) → bytes with an `ETag`, or 304.
//!
//! # How to add …
//!
//! - a **kind of content**: its file in `content/kinds/`, a variant of `Kind` and `Content`, and the arms that the compiler
//!   asks for; its public shape in `published/`.
//! - a **check**: a rule in its family under `content/checks/`, or a family and its line in `FAMILIES`.
//! - a **command**: a function that authorises first, opens one `ctx.write()`, locks in the order that [`events`] names,
//!   appends its event and commits its outcome; an `EventKind` if it is something new.
//! - a **route**: a line in the door's list (`manage/mod.rs`, `delivery/mod.rs`) and a handler that reads, calls, answers.
//!   Tests then ask for its permissions, its place in the OpenAPI document, a request with its answer as an example there
//!   (`openapi::examples`) and, of a write, its `If-Match`.
//! - a **screen**: a handler in its file under `admin/`, a line in `admin/mod.rs`, a row in the panel's table of
//!   permissions, and a line in `tests/browser/screens.mjs`, by which it is judged in a browser. [`admin`] says how it is
//!   made; components are in `admin/ui/`, each with its style sheet in `admin-assets/css/`.
//! - a **table**: its file in `entity/`, its line in `for_each_table!`, a migration.
//! - a **page of the demo**: its file in `demo/content/`, its line in `demo/material.rs`, an entry of
//!   `demo/story.json`; what visitors of two pages said lately is in `demo/desk.json`.
//! - a **setting of the site**: a field of `site::Settings`; of the **server**: a flag in [`config`].
//!
//! # Where decisions are recorded
//!
//! In the module that they concern, as dated paragraphs: context, choice, consequence.

#[macro_use]
pub mod kernel;

pub mod accounts;
pub mod admin;
pub mod app;
pub mod commands;
pub mod config;
pub mod content;
pub mod delivery;
pub mod demo;
pub mod events;
pub mod feedback;
pub mod followers;
pub mod indexes;
pub mod mail;
pub mod manage;
pub mod media;
pub mod openapi;
pub mod operations;
pub mod outbound;
pub mod published;
pub mod search;
pub mod site;
pub mod web;
pub mod webhooks;
