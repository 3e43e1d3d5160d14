//! What a move of the books leaves to be read: the screens, one at a time while nobody waits, so that a key waits for one of
//! them and never for all.
//!
//! Until its turn comes a screen is like one that has not heard of the move: a key acts on the row that it shows, and the
//! rules refuse what has changed since. A screen that was read before its picture was drawn asks by the row's name before
//! anything is done to it, like any other.
//!
//! What an opened screen covers waits: when that is left, all screens are read anyway. Its mark stays until then, so that it
//! has its turn even where that reading fails.

use std::collections::VecDeque;

use crate::ui::app::{App, sight};
use crate::ui::face::Wish;

/// The screens that have not read what the books say now, by their places on the stage, the next one first.
#[derive(Default)]
pub(super) struct Behind(VecDeque<usize>);

impl Behind {
    /// All of so many are behind, of which `first` is looked at. Whatever waits keeps its turn: when the books move again and
    /// again, each is still read in every round.
    pub fn mark(&mut self, first: usize, count: usize) {
        for place in [first].into_iter().chain(0..count) {
            if !self.0.contains(&place) {
                self.0.push_back(place);
            }
        }
    }

    /// The one whose turn it is, of those that are `due`. The others keep their places.
    pub fn next(&mut self, due: impl Fn(usize) -> bool) -> Option<usize> {
        let turn = self.0.iter().position(|place| due(*place))?;
        self.0.remove(turn)
    }

    /// That one was read.
    pub fn was_read(&mut self, place: usize) {
        self.0.retain(|behind| *behind != place);
    }

    /// All were read.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Whether any of those that are `due` is behind.
    pub fn is_any(&self, due: impl Fn(usize) -> bool) -> bool {
        self.0.iter().any(|place| due(*place))
    }
}

impl App {
    /// The books have moved on: who sits here and what every screen shows is read at once, the screens one by one.
    pub(super) fn hear_of_move(&mut self, wishes: &mut Vec<Wish>) {
        // What other roles may not see must not stay in sight, not even for one key's frame.
        if self.look_at_seat(wishes) {
            return self.look_around();
        }
        self.ahead.lapse();
        if self.look_at_books().is_some() && self.seat.who().is_some() {
            self.stage.fall_behind();
        }
    }

    /// Reads the rows of one screen that is behind.
    pub(super) fn catch_up(&mut self) {
        let Some(place) = self.stage.next_behind() else { return };
        self.ahead.lapse();
        let books = match self.library.read() {
            Ok(books) => books,
            Err(fault) => return self.warn(fault.as_str().to_owned()),
        };
        let Some(who) = self.seat.who().cloned() else { return };
        let sight = sight(&books, &*self.library, &self.view, &self.known, &who);
        let read = self.stage.at(place).map_or(Ok(()), |pane| pane.refresh(&sight));
        if let Err(fault) = read {
            self.warn(fault.as_str().to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_screen_that_has_the_keys_comes_first_and_each_comes_once() {
        let mut behind = Behind::default();
        behind.mark(2, 5);
        let order: Vec<usize> = std::iter::from_fn(|| behind.next(|_| true)).collect();
        assert_eq!(order, [2, 0, 1, 3, 4]);
        assert!(!behind.is_any(|_| true));
    }

    #[test]
    fn what_is_not_due_keeps_its_turn() {
        let mut behind = Behind::default();
        behind.mark(4, 5);
        let covers = |place| place == 4;
        assert_eq!((behind.next(covers), behind.next(covers)), (Some(4), None));
        assert!(!behind.is_any(covers) && behind.is_any(|place| place == 3));
        let order: Vec<usize> = std::iter::from_fn(|| behind.next(|_| true)).collect();
        assert_eq!(order, [0, 1, 2, 3]);
    }

    #[test]
    fn moves_without_a_pause_leave_none_unread() {
        let mut behind = Behind::default();
        let mut read = [0; 4];
        for _ in 0..12 {
            behind.mark(2, 4);
            read[behind.next(|_| true).unwrap()] += 1;
        }
        assert_eq!(read, [3; 4]);
    }
}
