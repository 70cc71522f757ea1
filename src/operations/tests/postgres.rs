//! What comes from one database goes into the other. Runs where `TEST_POSTGRES` names a server on which databases may be
//! made.

use super::Site;
use crate::{
    kernel::Database,
    operations::{backup, doctor, restore, rows, transfer},
};

#[expect(clippy::disallowed_methods, reason = "tests are told of the server by the environment")]
fn server() -> Option<String> {
    std::env::var("TEST_POSTGRES").ok()
}

/// A site whose tables are on PostgreSQL, new and empty.
async fn site_on(server: &str, name: &str) -> Site {
    use sea_orm::ConnectionTrait;

    let mut site = Site::bare(2).await;
    let name = format!("rolebook_{name}_{}", std::process::id());
    let connection = sea_orm::Database::connect(server).await.unwrap();
    connection.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await.unwrap();
    connection.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    connection.close().await.unwrap();
    let mut url = url::Url::parse(server).unwrap();
    url.set_path(&name);
    site.ctx.database = Database::connect(url.as_str(), 4, true).await.unwrap();
    site
}

async fn remove(server: &str, site: Site, name: &str) {
    use sea_orm::ConnectionTrait;

    site.ctx.database.clone().close().await.unwrap();
    let connection = sea_orm::Database::connect(server).await.unwrap();
    let name = format!("rolebook_{name}_{}", std::process::id());
    connection.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
}

#[tokio::test]
async fn a_backup_goes_from_one_database_into_the_other_and_back() {
    let Some(server) = server() else { return };
    let (site, back) = (Site::full(1).await, Site::bare(3).await);
    let other = site_on(&server, "restored").await;
    let (first, second) = (site.file("first.backup"), site.file("second.backup"));
    backup::backup(&site.ctx, &site.store, &first).await.unwrap();
    restore::restore(&other.ctx, &first, &other.store).await.unwrap();
    let marked = ["counter", "site", "event"];
    assert_eq!(site.all_rows(&marked).await, other.all_rows(&marked).await);
    for table in rows::tables().into_iter().filter(|table| !marked.contains(table)) {
        let digests = (
            rows::digest(&*site.ctx.database.read().await.unwrap(), table).await.unwrap(),
            rows::digest(&*other.ctx.database.read().await.unwrap(), table).await.unwrap(),
        );
        assert_eq!(digests.0, digests.1, "{table}");
    }
    assert_eq!(doctor::examine(&other.ctx.database, &other.store).await.unwrap(), []);

    backup::backup(&other.ctx, &other.store, &second).await.unwrap();
    restore::verify(&other.ctx, &second).await.unwrap();
    restore::restore(&back.ctx, &second, &back.store).await.unwrap();
    assert_eq!(site.all_rows(&marked).await, back.all_rows(&marked).await);
    assert!(restore::restore(&other.ctx, &second, &Site::bare(4).await.store).await.is_err());
    remove(&server, other, "restored").await;
}

#[tokio::test]
async fn an_export_is_the_same_from_both_databases() {
    let Some(server) = server() else { return };
    let site = Site::full(1).await;
    let other = site_on(&server, "imported").await;
    other.ctx.database.migrate().await.unwrap();
    transfer::export(&site.ctx, &site.store, &site.file("first")).await.unwrap();
    transfer::import(&other.ctx, &other.store, &site.file("first")).await.unwrap();
    transfer::export(&other.ctx, &other.store, &site.file("second")).await.unwrap();
    assert_eq!(super::contents(&site.file("first")), super::contents(&site.file("second")));
    assert_eq!(doctor::examine(&other.ctx.database, &other.store).await.unwrap(), []);
    let again = transfer::import(&other.ctx, &other.store, &site.file("first")).await.unwrap();
    assert_eq!((again.documents, again.unchanged), (0, 7));
    remove(&server, other, "imported").await;
}
