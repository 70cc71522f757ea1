//! In which order things stand in a list that two people changed. It knows only ids and their order.

use std::collections::{HashMap, HashSet};

use crate::content::compare::moved;

use super::Three;

/// A list as it is arranged.
pub struct Arranged<'a> {
    pub ids: Vec<&'a str>,
    /// Both moved things in it, and not in the same way.
    pub order_changed_by_both: bool,
}

/// Puts the things for which `belongs` holds in order. Theirs is the ground; what you moved or put in goes behind the
/// neighbour that it has in yours, after what they put there.
pub fn arrange<'a>(lists: Three<&[&'a str]>, belongs: impl Fn(&str) -> bool) -> Arranged<'a> {
    let filtered = |ids: &[&'a str]| ids.iter().copied().filter(|id| belongs(id)).collect::<Vec<_>>();
    let (base, theirs, yours) = (filtered(lists.base), filtered(lists.theirs), filtered(lists.yours));
    let in_theirs: HashSet<&str> = theirs.iter().copied().collect();
    let in_yours: HashSet<&str> = yours.iter().copied().collect();
    let moved_by_yours = moved(&base, &yours);
    let is_ground = |id: &str| in_theirs.contains(id) && !moved_by_yours.contains(id);

    let mut behind: HashMap<Option<&str>, Vec<&'a str>> = HashMap::new();
    let mut neighbour = None;
    for id in &yours {
        if is_ground(id) {
            neighbour = Some(*id);
        } else {
            behind.entry(neighbour).or_default().push(id);
        }
    }
    let mut ids = Vec::new();
    let mut waiting = behind.remove(&None).unwrap_or_default();
    for id in theirs.iter().filter(|id| is_ground(id)) {
        if in_yours.contains(id) {
            ids.append(&mut waiting);
            waiting = behind.remove(&Some(*id)).unwrap_or_default();
        }
        ids.push(id);
    }
    ids.append(&mut waiting);

    let common = |list: &[&'a str], other: &HashSet<&str>| {
        list.iter().copied().filter(|id| other.contains(id)).collect::<Vec<_>>()
    };
    let same_order = common(&theirs, &in_yours) == common(&yours, &in_theirs);
    let order_changed_by_both = !same_order && !moved_by_yours.is_empty() && !moved(&base, &theirs).is_empty();
    Arranged { ids, order_changed_by_both }
}
