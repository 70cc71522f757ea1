//! Looking for a word in a text, alike on both databases. It knows no table.

use std::collections::BTreeSet;

use sea_orm::{
    Condition,
    sea_query::{Expr, ExprTrait, Func, IntoColumnRef, LikeExpr},
};

/// Makes the next sign of a pattern stand for itself. A backslash is written differently by the two databases.
const ESCAPE: char = '!';

/// A pattern for a text that contains the word; the signs of patterns stand for themselves.
pub fn containing(word: &str) -> LikeExpr {
    let mut pattern = String::from("%");
    for character in word.chars() {
        if matches!(character, '%' | '_' | ESCAPE) {
            pattern.push(ESCAPE);
        }
        pattern.push(character);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape(ESCAPE)
}

/// Whether a column holds a word, in whatever case. `LIKE` alone ignores case on SQLite and not on PostgreSQL, and beyond
/// ASCII SQLite knows no case: there the word is looked for as it was typed, in small letters, in capitals and with a
/// capital at its beginning.
pub fn holds(column: impl IntoColumnRef, word: &str) -> Condition {
    let column = column.into_column_ref();
    let mut condition = Condition::any();
    for form in forms(word) {
        condition = condition.add(Expr::expr(Func::lower(Expr::col(column.clone()))).like(containing(&form)));
    }
    condition
}

/// The forms of a word that differ beyond ASCII.
fn forms(word: &str) -> BTreeSet<String> {
    let small = word.to_lowercase();
    let mut letters = small.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let capitalised = format!("{first}{}", letters.as_str());
    [word.to_owned(), word.to_uppercase(), capitalised, small].iter().map(|form| form.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_ascii_has_one_form_and_others_have_those_that_people_write() {
        assert_eq!(forms("Ward"), BTreeSet::from(["ward".to_owned()]));
        let expected = ["élé", "Élé", "ÉlÉ"].map(str::to_owned);
        assert_eq!(forms("élé"), BTreeSet::from(expected));
    }
}
