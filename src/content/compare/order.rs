//! Which members of a list were moved: as few as possible. It knows only ids and their order.

use std::collections::{HashMap, HashSet};

/// The members of `to` that also stand in `from` and must have been moved, if the others kept their order.
pub fn moved<'a>(from: &[&'a str], to: &[&'a str]) -> HashSet<&'a str> {
    let positions: HashMap<&str, usize> = from.iter().enumerate().map(|(position, id)| (*id, position)).collect();
    let common: Vec<(&'a str, usize)> =
        to.iter().filter_map(|id| positions.get(id).map(|position| (*id, *position))).collect();
    let kept = longest_increasing(common.iter().map(|(_, position)| *position));
    common.iter().zip(kept).filter(|(_, kept)| !kept).map(|((id, _), _)| *id).collect()
}

/// Which of the numbers belong to a longest increasing subsequence; n log n.
fn longest_increasing(numbers: impl Iterator<Item = usize>) -> Vec<bool> {
    // The smallest last number of an increasing run of each length, with its index.
    let mut ends: Vec<(usize, usize)> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::new();
    for (index, number) in numbers.enumerate() {
        let length = ends.partition_point(|(end, _)| *end < number);
        before.push(length.checked_sub(1).and_then(|shorter| ends.get(shorter)).map(|(_, index)| *index));
        match ends.get_mut(length) {
            Some(end) => *end = (number, index),
            None => ends.push((number, index)),
        }
    }
    let mut kept = vec![false; before.len()];
    let mut next = ends.last().map(|(_, index)| *index);
    while let Some(index) = next {
        if let Some(mark) = kept.get_mut(index) {
            *mark = true;
        }
        next = before.get(index).copied().flatten();
    }
    kept
}
