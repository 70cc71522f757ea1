//! Short words for what every migration says: required and optional columns, keys and indexes.

use sea_orm_migration::prelude::*;

/// Columns of the types that both databases agree on.
pub trait Columns {
    fn required_uuid(&mut self, name: &'static str) -> &mut Self;
    fn optional_uuid(&mut self, name: &'static str) -> &mut Self;
    fn required_string(&mut self, name: &'static str) -> &mut Self;
    fn optional_string(&mut self, name: &'static str) -> &mut Self;
    fn required_text(&mut self, name: &'static str) -> &mut Self;
    fn optional_text(&mut self, name: &'static str) -> &mut Self;
    fn required_integer(&mut self, name: &'static str) -> &mut Self;
    fn optional_integer(&mut self, name: &'static str) -> &mut Self;
    fn required_big_integer(&mut self, name: &'static str) -> &mut Self;
    fn optional_big_integer(&mut self, name: &'static str) -> &mut Self;
    fn required_boolean(&mut self, name: &'static str) -> &mut Self;
    fn optional_double(&mut self, name: &'static str) -> &mut Self;
}

impl Columns for TableCreateStatement {
    fn required_uuid(&mut self, name: &'static str) -> &mut Self {
        self.col(ColumnDef::new(name).uuid().not_null())
    }
    fn optional_uuid(&mut self, name: &'static str) -> &mut Self {
        self.col(ColumnDef::new(name).uuid())
    }
    fn required_string(&mut self, name: &'static str) -> &mut Self {
        self.col(ColumnDef::new(name).text().not_null())
    }
    fn optional_string(&mut self, name: &'static str) -> &mut Self {
        self.col(ColumnDef::new(name).text())
    }
    fn required_text(&mut self, name: &'static str) -> &mut Self {
        self.col(ColumnDef::new(name).text().not_null())
    }
    fn optional_text(&mut self, name: &'static str) -> &mut Self {
        self.col(ColumnDef::new(name).text())
    }
    fn required_integer(&mut self, name: &'static str) -> &mut Self {
        self.col(ColumnDef::new(name).integer().not_null())
    }
    fn optional_integer(&mut self, name: &'static str) -> &mut Self {
        self.col(ColumnDef::new(name).integer())
    }
    fn required_big_integer(&mut self, name: &'static str) -> &mut Self {
        self.col(ColumnDef::new(name).big_integer().not_null())
    }
    fn optional_big_integer(&mut self, name: &'static str) -> &mut Self {
        self.col(ColumnDef::new(name).big_integer())
    }
    fn required_boolean(&mut self, name: &'static str) -> &mut Self {
        self.col(ColumnDef::new(name).boolean().not_null())
    }
    fn optional_double(&mut self, name: &'static str) -> &mut Self {
        self.col(ColumnDef::new(name).double())
    }
}

/// A primary key over these columns.
pub fn columns(names: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    for name in names {
        index.col(*name);
    }
    index
}

pub fn foreign_key(
    table: &'static str,
    column: &'static str,
    target: &'static str,
    target_column: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, column).to(target, target_column).to_owned()
}

pub fn index(table: &'static str, names: &[&'static str]) -> IndexCreateStatement {
    let mut index = columns(names);
    index.name(format!("{table}_by_{}", names.join("_"))).table(table);
    index
}

pub fn unique(table: &'static str, names: &[&'static str]) -> IndexCreateStatement {
    let mut index = columns(names);
    index.name(format!("{table}_one_{}", names.join("_"))).table(table).unique();
    index
}

/// Unique among the rows in which `condition` is not null.
pub fn unique_while_set(table: &'static str, names: &[&'static str], condition: &'static str) -> IndexCreateStatement {
    let mut index = unique(table, names);
    index.and_where(Expr::col(condition).is_not_null());
    index
}

/// Unique among the rows in which `condition` is null.
pub fn unique_while_null(table: &'static str, names: &[&'static str], condition: &'static str) -> IndexCreateStatement {
    let mut index = unique(table, names);
    index.and_where(Expr::col(condition).is_null());
    index
}
