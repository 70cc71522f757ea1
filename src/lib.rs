//! Rolebook: a headless content-management backend for careers content.
#[macro_use]
pub mod kernel;
pub mod accounts;
pub mod app;
pub mod config;
pub mod content;
pub mod delivery;
pub mod events;
pub mod feedback;
pub mod followers;
pub mod manage;
pub mod media;
pub mod openapi;
pub mod published;
pub mod site;
pub mod web;
