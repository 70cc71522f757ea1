//! Getting in, and who may do what: one-time links, one's own account, people, keys. What these screens share stands here.

pub mod links;
