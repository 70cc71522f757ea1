//! Lists of routes: the router and the list that tests and the OpenAPI document read are made of the same lines.

use crate::kernel::Permission;

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Public,
    /// Whoever holds the token of a preview link.
    Token,
    /// Any valid key; what it may do is up to the command.
    Key,
    /// A person who is signed in; what they may do is up to the command.
    SignedIn,
    /// A key whose owner and scopes hold the permission; in the panel, a person who holds it.
    Permission(Permission),
}

/// One line of a list of routes.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    pub access: Access,
    /// What it does, in a line.
    pub summary: &'static str,
}

/// Makes `ROUTES` and `router()` of one list of lines `method "path" access "summary" => handler;`.
#[macro_export]
macro_rules! routes {
    ($($method:ident $path:literal $access:expr, $summary:literal => $handler:path;)*) => {
        /// Every route of this door.
        pub const ROUTES: &[$crate::web::Route] = &[
            $($crate::web::Route { method: stringify!($method), path: $path, access: $access, summary: $summary },)*
        ];

        pub fn router() -> axum::Router<$crate::web::App> {
            axum::Router::new()$(.route($path, axum::routing::$method($handler)))*
        }
    };
}
