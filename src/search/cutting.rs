//! How the index cuts the texts that it is given: each of them in three forms, by the rules of [`super::words`].

use std::vec;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

use super::words::{Stems, path_tokens, run, tokens};

/// A form in which a text is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Written,
    Stems,
    Runs,
}

impl Form {
    const ALL: [Self; 3] = [Self::Written, Self::Stems, Self::Runs];

    /// What cuts texts into this form.
    pub(super) fn cutter(self, addresses: bool) -> &'static str {
        match (self, addresses) {
            (Self::Written, false) => "written",
            (Self::Stems, false) => "stems",
            (Self::Runs, false) => "runs",
            (Self::Written, true) => "addresses_written",
            (Self::Stems, true) => "addresses_stems",
            (Self::Runs, true) => "addresses_runs",
        }
    }
}

/// Makes all cutters known.
pub(super) fn register(cutters: &TokenizerManager) {
    for form in Form::ALL {
        for addresses in [false, true] {
            cutters.register(form.cutter(addresses), Cutter { form, addresses, stems: Stems::default() });
        }
    }
}

#[derive(Clone)]
struct Cutter {
    form: Form,
    /// Whether a text that begins with a slash is a path, which is kept by its steps alone.
    addresses: bool,
    stems: Stems,
}

impl Tokenizer for Cutter {
    type TokenStream<'a> = Cut;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Cut {
        let words = match (self.addresses && text.starts_with('/'), self.form) {
            (true, Form::Written) => path_tokens(text),
            (true, _) => Vec::new(),
            (false, _) => tokens(text),
        };
        let words = words.into_iter().map(|token| token.word);
        let cut: Vec<String> = match self.form {
            Form::Written => words.map(String::from).collect(),
            Form::Stems => words.map(|word| self.stems.of(&word)).collect(),
            Form::Runs => {
                let words: Vec<_> = words.collect();
                (0..words.len()).filter_map(|from| Some(run(words.get(from..)?)?.join(" "))).collect()
            }
        };
        Cut { cut: cut.into_iter(), next: 0, token: Token::default() }
    }
}

/// What a text was cut into. Where that stands in the text is not told: nobody asks the index.
struct Cut {
    cut: vec::IntoIter<String>,
    next: usize,
    token: Token,
}

impl TokenStream for Cut {
    fn advance(&mut self) -> bool {
        let Some(text) = self.cut.next() else { return false };
        self.token = Token { text, position: self.next, ..Token::default() };
        self.next += 1;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
