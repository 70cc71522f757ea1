//! What waits for a person's review besides what they have just done: how much, and the way to the next.

use crate::{
    content::{self, Task},
    kernel::{Permission, Result},
};

use super::{super::request::PanelRequest, address, titled};

/// What waits for the person who asks.
#[derive(Default)]
pub struct Waiting {
    said: String,
    /// To the page on which the longest waiting one is reviewed.
    pub link: Option<(String, String)>,
}

impl Waiting {
    /// A sentence, and behind it how much waits.
    pub fn after(&self, sentence: String) -> String {
        if self.said.is_empty() { sentence } else { format!("{sentence} {}", self.said) }
    }
}

/// Nothing for who does not review, and when nothing waits.
pub async fn offer(request: &PanelRequest) -> Result<Waiting> {
    if !request.may(Permission::ContentReview) {
        return Ok(Waiting::default());
    }
    let queue = content::review_queue(&request.ctx).await?;
    let Some(Task { kind, document, title, .. }) = queue.tasks.first() else { return Ok(Waiting::default()) };
    let said = match (queue.tasks.len(), queue.more) {
        (1, _) => "One more waits for your review.".to_owned(),
        (number, false) => format!("{number} more wait for your review."),
        (number, true) => format!("{number} or more wait for your review."),
    };
    let link =
        (address(*kind, *document, "approve?from=dashboard"), format!("Next in the review queue: {}", titled(title)));
    Ok(Waiting { said, link: Some(link) })
}
