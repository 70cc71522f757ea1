//! Closed lists of names: an enum whose variants are written as given, in JSON, in the database and in messages alike.

/// Defines an enum with serde names, `ALL`, `name()` and `from_name()`.
macro_rules! named {
    ($($(#[$doc:meta])* $type:ident { $($(#[$mark:meta])* $variant:ident = $name:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $type { $($(#[$mark])* #[serde(rename = $name)] $variant,)* }

        impl $type {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|candidate| candidate.name() == name)
            }
        }

        impl $crate::kernel::Named for $type {
            fn names() -> Vec<&'static str> {
                Self::ALL.iter().map(|one| one.name()).collect()
            }

            fn of_name(name: &str) -> Option<Self> {
                Self::from_name(name)
            }
        }
    )*};
}

/// A closed list of names.
pub trait Named: Sized {
    fn names() -> Vec<&'static str>;
    fn of_name(name: &str) -> Option<Self>;
}
