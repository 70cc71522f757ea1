//! A site with one page that embeds one section, and people who triage.

use std::sync::Arc;

use entity::{document, live_document, publication, reference, user, user_role, version};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::Expr,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    events::{self, Event, EventKind, NewEvent},
    feedback::{
        CaseDetail, Limits, NewReport, Receipt, Report, ReportKind, ReportListing, case, receive, report_by_reference,
        reports, spam,
    },
    kernel::{
        Actor, CaseId, Ctx, Database, DocumentId, Door, ManualClock, NodeId, PageToken, Role, SeededChance, Sequence,
        Timestamp, UserId, VersionNumber,
    },
    site::{self, Settings},
};

pub const PAGE: Uuid = Uuid::from_u128(0xa1);
pub const SECTION: Uuid = Uuid::from_u128(0xa2);
pub const DRAFT: Uuid = Uuid::from_u128(0xa3);
pub const BLOCK: Uuid = Uuid::from_u128(0xb1);
pub const SECTION_BLOCK: Uuid = Uuid::from_u128(0xb2);
pub const TRIAGER: Uuid = Uuid::from_u128(0xc1);
pub const EDITOR: Uuid = Uuid::from_u128(0xc2);

pub struct Site {
    pub visitor: Ctx,
    pub triager: Ctx,
    pub administrator: Ctx,
    pub system: Ctx,
    pub clock: Arc<ManualClock>,
    pub limits: Limits,
    key: String,
    _directory: tempfile::TempDir,
}

impl Site {
    pub async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", directory.path().join("test.db").display());
        let database = Database::connect(&url, 3, true).await.unwrap();
        database.migrate().await.unwrap();
        let clock = Arc::new(ManualClock::at(Timestamp::parse("2026-11-22T09:00:00Z").unwrap()));
        let chance = Arc::new(SeededChance::new(7));
        let ctx = |actor, door| Ctx {
            actor,
            door,
            database: database.clone(),
            clock: clock.clone(),
            chance: chance.clone(),
            request_id: None,
            idempotency: None,
        };
        let system = ctx(Actor::system("test"), Door::CommandLine);
        let tx = system.write().await.unwrap();
        site::prepare(&tx, &system, false).await.unwrap();
        let key = site::identity(&*tx).await.unwrap().page_token_key;
        tx.commit(()).await.unwrap();
        let person = |id, role: Role| {
            let permissions = role.permissions().iter().copied().collect();
            Actor::user(UserId(id), "Ada".to_owned(), "ada@site.example".to_owned(), permissions)
        };
        let site = Self {
            visitor: ctx(Actor::visitor(), Door::Public),
            triager: ctx(person(TRIAGER, Role::Triager), Door::Admin),
            administrator: ctx(person(Uuid::from_u128(0xc3), Role::Administrator), Door::Admin),
            system,
            clock,
            limits: Limits::default(),
            key,
            _directory: directory,
        };
        site.fill().await;
        site
    }

    async fn fill(&self) {
        self.add_user(TRIAGER, Role::Triager).await;
        self.add_user(EDITOR, Role::Editor).await;
        let page = json!({ "sections": [{ "id": Uuid::from_u128(1), "blocks": [{ "id": BLOCK, "page": DRAFT }] }] });
        let section = json!({ "routes": [{ "id": SECTION_BLOCK }] });
        self.add_document(PAGE, "role-page", "nurse").await;
        self.add_document(SECTION, "requirement-section", "nurse").await;
        self.add_document(DRAFT, "role-page", "secret-plan").await;
        self.add_version(DRAFT, 1, &json!({})).await;
        self.add_version(SECTION, 1, &section).await;
        self.publish(SECTION, 1, &[]).await;
        self.add_version(PAGE, 1, &page).await;
        self.publish(PAGE, 1, &[]).await;
        self.add_version(PAGE, 2, &page).await;
        let embeds = reference::Model {
            document_id: PAGE,
            line: "live".to_owned(),
            role: "embed".to_owned(),
            target_id: SECTION,
            from_sequence: 2,
            target_kind: "document".to_owned(),
            from_at: 0,
            until_sequence: None,
            until_at: None,
        };
        self.insert(embeds).await;
    }

    pub async fn insert<M>(&self, model: M)
    where
        M: sea_orm::ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        M::Entity: EntityTrait<Model = M>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + ActiveModelBehavior + Send,
    {
        let tx = self.system.write().await.unwrap();
        M::Entity::insert(model.into_active_model().reset_all()).exec_without_returning(&*tx).await.unwrap();
        tx.commit(()).await.unwrap();
    }

    async fn add_user(&self, id: Uuid, role: Role) {
        self.insert(user::Model {
            id,
            email: format!("{id}@site.example"),
            name: "Ada".to_owned(),
            password_hash: None,
            active: true,
            row_version: 1,
            created_at: 0,
            updated_at: 0,
        })
        .await;
        self.insert(user_role::Model { user_id: id, role: role.name().to_owned() }).await;
    }

    async fn add_document(&self, id: Uuid, kind: &str, slug: &str) {
        self.insert(document::Model {
            id,
            kind: kind.to_owned(),
            latest_version: 1,
            draft_version: None,
            draft_state: None,
            draft_faults: None,
            submitted_by: None,
            approved_by: None,
            title: slug.to_owned(),
            title_key: slug.to_owned(),
            slug: slug.to_owned(),
            parent_id: None,
            language: "en-GB".to_owned(),
            owner_id: None,
            review_by: None,
            last_reviewed_on: None,
            trashed_at: None,
            row_version: 1,
            created_at: 0,
            updated_at: 0,
            updated_by: None,
            updated_by_name: "Ada".to_owned(),
        })
        .await;
    }

    async fn add_version(&self, document: Uuid, number: i32, content: &Value) {
        self.insert(version::Model {
            document_id: document,
            number,
            slug: "nurse".to_owned(),
            parent_id: None,
            language: "en-GB".to_owned(),
            title: "nurse".to_owned(),
            format: 1,
            content: content.to_string(),
            content_hash: String::new(),
            created_at: 0,
            door: "admin".to_owned(),
            actor_kind: "user".to_owned(),
            actor_id: None,
            actor_name: "Ada".to_owned(),
            actor_email: None,
            from_version: None,
            note: None,
            autosaved: false,
        })
        .await;
    }

    /// What publishing leaves behind, as far as feedback sees it.
    pub async fn publish(&self, document: Uuid, version: i32, fixes: &[CaseId]) -> Event {
        let tx = self.system.write().await.unwrap();
        let event = NewEvent::about_document(EventKind::DocumentPublished, DocumentId(document))
            .with("version", version)
            .with("fixes", json!(fixes));
        let stamp = events::append(&tx, &self.system, event).await.unwrap();
        tx.commit(()).await.unwrap();
        let tx = self.system.write().await.unwrap();
        live_document::Entity::delete_by_id(document).exec(&*tx).await.unwrap();
        publication::Entity::update_many()
            .col_expr(publication::Column::UntilSequence, Expr::value(stamp.sequence.0))
            .col_expr(publication::Column::UntilAt, Expr::value(stamp.at.0))
            .filter(publication::Column::DocumentId.eq(document))
            .filter(publication::Column::UntilSequence.is_null())
            .exec(&*tx)
            .await
            .unwrap();
        tx.commit(()).await.unwrap();
        self.insert(live_document::Model {
            document_id: document,
            kind: if document == PAGE { "role-page" } else { "requirement-section" }.to_owned(),
            state: "live".to_owned(),
            version,
            title: "Nurse".to_owned(),
            title_key: "nurse".to_owned(),
            summary: String::new(),
            language: "en-GB".to_owned(),
            slug: Some("nurse".to_owned()),
            parent_id: None,
            path: Some(format!("/{document}")),
            notice: None,
            unpublish_decision: None,
            unpublish_target: None,
            unpublish_explanation: None,
            retrospective_version: None,
            retrospective_by: None,
            first_published_at: 0,
            published_at: 0,
            changed_sequence: stamp.sequence.0,
            changed_at: stamp.at.0,
        })
        .await;
        self.insert(publication::Model {
            id: self.system.new_id(),
            document_id: document,
            version,
            state: "live".to_owned(),
            change: "major".to_owned(),
            note: None,
            notice: None,
            from_sequence: stamp.sequence.0,
            from_at: stamp.at.0,
            until_sequence: None,
            until_at: None,
            suppressed_at: None,
        })
        .await;
        self.events(EventKind::DocumentPublished).await.pop().unwrap()
    }

    /// What unpublishing leaves behind.
    pub async fn unpublish(&self, document: Uuid) {
        let tx = self.system.write().await.unwrap();
        live_document::Entity::update_many()
            .col_expr(live_document::Column::State, Expr::value("unpublished"))
            .col_expr(live_document::Column::Slug, Expr::value(Option::<String>::None))
            .col_expr(live_document::Column::Path, Expr::value(Option::<String>::None))
            .filter(live_document::Column::DocumentId.eq(document))
            .exec(&*tx)
            .await
            .unwrap();
        reference::Entity::update_many()
            .col_expr(reference::Column::UntilSequence, Expr::value(9))
            .filter(reference::Column::DocumentId.eq(document))
            .exec(&*tx)
            .await
            .unwrap();
        tx.commit(()).await.unwrap();
    }

    pub async fn allow_contact(&self) {
        let settings = Settings { contact_email: true, ..Settings::default() };
        let seen = Settings::default().revision().unwrap();
        site::change_settings(&self.system, &seen, settings).await.unwrap();
    }

    pub fn token(&self, version: i32, sequence: i64) -> String {
        let token = PageToken {
            document: DocumentId(PAGE),
            version: VersionNumber(version),
            changed_sequence: Sequence(sequence),
        };
        token.sign(&self.key)
    }

    /// Sends a report and answers it as the people who triage see it.
    pub async fn send(&self, wrong: &str) -> Report {
        self.send_all(NewReport { wrong: Some(wrong.to_owned()), ..blank() }).await.1
    }

    pub async fn send_all(&self, report: NewReport) -> (Receipt, Report) {
        let receipt = receive(&self.visitor, &self.limits, report).await.unwrap();
        let report = self.report(&receipt.reference).await;
        (receipt, report)
    }

    pub async fn report(&self, reference: &str) -> Report {
        report_by_reference(&self.triager, reference).await.unwrap()
    }

    pub async fn case(&self, id: Option<CaseId>) -> CaseDetail {
        case(&self.triager, id.unwrap()).await.unwrap()
    }

    pub async fn count(&self) -> u64 {
        reports(&self.triager, &ReportListing { limit: 1, ..ReportListing::default() }).await.unwrap().total
    }

    pub async fn events(&self, kind: EventKind) -> Vec<Event> {
        let snapshot = self.system.database.read().await.unwrap();
        let filter = events::Filter { kind: Some(kind), ..events::Filter::default() };
        events::list(&*snapshot, &filter, false, 1_000).await.unwrap()
    }

    /// Every row of every table, as text.
    pub async fn everything(&self) -> String {
        let snapshot = self.system.database.read().await.unwrap();
        let mut all = String::new();
        macro_rules! read {
            ($module:ident, $table:literal) => {
                for row in entity::$module::Entity::find().all(&*snapshot).await.unwrap() {
                    all.push_str(&format!("{}: {row:?}\n", $table));
                }
            };
        }
        entity::for_each_table!(read);
        all
    }
}

pub fn blank() -> NewReport {
    NewReport {
        page_token: None,
        document: Some("nurse".to_owned()),
        version: None,
        block: None,
        kind: ReportKind::Problem,
        doing: None,
        wrong: None,
        contact_email: None,
        honeypot_filled: false,
        seconds_on_form: Some(40),
        door: spam::Door::Form,
        device: None,
    }
}

pub fn block(id: Uuid) -> Option<NodeId> {
    Some(NodeId(id))
}

/// The code and pointer of the first fault.
pub fn fault<T>(result: crate::kernel::Result<T>) -> (String, String) {
    match result.err().unwrap() {
        crate::kernel::Error::Invalid(faults) => (faults[0].pointer.clone(), faults[0].code.clone()),
        crate::kernel::Error::Conflict { code, .. } => (String::new(), code.to_owned()),
        error => panic!("{error}"),
    }
}
