//! What roles allow: the one table of roles and permissions, in words. Nobody changes it here.

use maud::html;

use crate::{
    kernel::{Permission, Role},
    web::Answer,
};

use super::{
    super::{
        request::PanelRequest,
        ui::{self, shell::Area, words},
    },
    people::PEOPLE,
};

pub async fn show(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::UsersManage)?;
    let main = html! {
        div.main.stack {
            (ui::crumbs(&[(PEOPLE.to_owned(), "People".to_owned())]))
            h1 { "What roles allow" }
            p.reading { "A person may hold several roles, and may do what they allow together. The scopes of an API key are the same permissions. The table is part of the program." }
            dl.facts.reading {
                @for role in Role::ALL { dt { (words::role(*role)) } dd { (words::role_means(*role)) } }
            }
            div.table {
                table.cards {
                    caption { "Permissions and the roles that have them" }
                    thead {
                        tr {
                            th scope="col" { "Permission" }
                            @for role in Role::ALL { th scope="col" { (words::role(*role)) } }
                        }
                    }
                    tbody {
                        @for permission in Permission::ALL {
                            tr {
                                th scope="row" { (words::permission(*permission)) " " code.muted { (permission.name()) } }
                                @for role in Role::ALL {
                                    td data-label=(words::role(*role)) {
                                        @if role.permissions().contains(permission) { "Yes" } @else { span.muted { "No" } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(request.page(Area::Administration, "What roles allow", main))
}
