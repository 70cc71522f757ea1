//! Asking before something is done that can't be taken back or that others notice. It knows nothing of what is done.

use maud::{Markup, html};

/// A sentence of what will happen, the button that does it, and the way back. `act` holds the button and what the form
/// carries.
pub fn ask(address: &str, what_happens: Markup, act: Markup, back: &str) -> Markup {
    html! {
        form.stack-s method="post" action=(address) {
            (what_happens)
            div.buttons { (act) (super::link_button(back, "Cancel")) }
        }
    }
}
