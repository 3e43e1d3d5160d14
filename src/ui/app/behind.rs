//! What a move of the books leaves to be read: the screens, one at a time while nobody waits, so that a key waits for one of
//! them and never for all.
//!
//! Until its turn comes a screen is like one that has not heard of the move: a key acts on the row that it shows, and the
//! rules refuse what has changed since. A screen that was read before its picture was drawn asks by the row's name before
//! anything is done to it, like any other.

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

    /// The one whose turn it is.
    pub fn next(&mut self) -> Option<usize> {
        self.0.pop_front()
    }

    /// That one was read.
    pub fn was_read(&mut self, place: usize) {
        self.0.retain(|behind| *behind != place);
    }

    /// All were read.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn is_any(&self) -> bool {
        !self.0.is_empty()
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
        let Some(place) = self.stage.behind.next() else { return };
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
        let order: Vec<usize> = std::iter::from_fn(|| behind.next()).collect();
        assert_eq!(order, [2, 0, 1, 3, 4]);
        assert!(!behind.is_any());
    }

    #[test]
    fn moves_without_a_pause_leave_none_unread() {
        let mut behind = Behind::default();
        let mut read = [0; 4];
        for _ in 0..12 {
            behind.mark(2, 4);
            read[behind.next().unwrap()] += 1;
        }
        assert_eq!(read, [3; 4]);
    }
}
