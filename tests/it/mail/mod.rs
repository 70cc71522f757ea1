//! Mail: written by what people do, handed to a server that is really there, and what becomes of it.

mod asking;
mod panel;
mod replies;
mod sending;
pub mod server;

use rolebook::{
    accounts::{mailed_links, users, users::NewUser},
    app,
    followers::mail::Postman,
    kernel::{Role, UserId},
    mail::{self, Listing, Mail},
    media::Store,
};

use crate::support::{TestApp, TestDatabase, system_chance};
use server::Server;

/// A site with a mail server.
pub struct Site {
    pub app: TestApp,
    pub server: Server,
}

impl Site {
    pub async fn open() -> Self {
        let server = Server::open().await;
        let app = TestApp::mailing(server.mailer(), TestDatabase::new().await).await;
        Self { app, server }
    }

    /// Somebody who has no password yet.
    pub async fn person(&self, name: &str) -> UserId {
        let email = format!("{}@rolebook.test", name.to_lowercase());
        let new = NewUser { email, name: name.to_owned(), roles: vec![Role::Editor], password: None };
        users::add(&self.app.system(), &self.app.app.passwords, new).await.unwrap().id
    }

    /// Somebody who has been invited by mail.
    pub async fn invited(&self, name: &str) -> UserId {
        let id = self.person(name).await;
        mailed_links::send_invitation(&self.app.system(), id).await.unwrap();
        id
    }

    /// The log, newest first.
    pub async fn log(&self) -> Vec<Mail> {
        let listing = Listing { state: None, after: None, limit: 100 };
        mail::list(&self.app.system(), &listing).await.unwrap().rows
    }
}

impl TestApp {
    /// One with a way to a mail server.
    pub async fn mailing(mailer: rolebook::outbound::Mailer, database: TestDatabase) -> Self {
        Self::with_mailer(Some(mailer), database, Store::in_memory(), system_chance()).await
    }

    /// Sends all mail that is due now. Answers how many letters were tried.
    pub async fn send_mail(&self) -> usize {
        let mailer = self.app.mailer.clone().unwrap();
        let postman = Postman::new(app::follower_ctx(&self.app), mailer, app::addresses(&self.app), "test");
        postman.send_due().await.unwrap()
    }
}
