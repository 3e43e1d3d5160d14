//! What was done at this terminal (刚才的操作), and what of it can be taken back (撤销).
//!
//! A filter comes back as it was. An act of business is undone only where the rules have its exact counter-command, which is
//! asked for like any other; for everything else the step that answers it is named. Nothing is ever taken out of the journal.

use crate::domain::command::Command;
use crate::domain::event::Event;
use crate::domain::shipping::{PackShipment, UnpackShipment};
use crate::domain::signing::LiftObjection;
use crate::domain::time::Moment;
use crate::ui::app::App;
use crate::ui::app::over::Over;
use crate::ui::face::Wish;
use crate::ui::keymap::Confirm;
use crate::ui::pane::{Ask, Body};
use crate::ui::part::message::Weight;
use crate::ui::part::scroll::{Line, Scroll};

/// How many steps are remembered.
const KEPT: usize = 50;

/// What answers an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counter {
    /// A command that puts everything back as it was.
    Exact,
    /// Another step, by the name of its command: what was done stays done.
    Step(&'static str),
    /// Nothing does.
    None,
}

/// What answers what happened.
fn counter(event: &Event) -> Counter {
    match event {
        Event::ShipmentPacked { .. }
        | Event::ShipmentObjected { .. }
        | Event::ShipmentUnpacked { waybill: None, .. } => Counter::Exact,
        Event::ShipmentSigned { .. } | Event::ExceptionMade { .. } => Counter::Step("object_shipment"),
        Event::PaymentConfirmed { .. } | Event::CreditUsed { .. } => Counter::Step("release_allocation"),
        Event::GoodsShipped { .. } => Counter::Step("take_back_goods"),
        Event::OrderEntered { .. } | Event::TmallOrderEntered { .. } => Counter::Step("cancel_order"),
        Event::OrderChanged { .. } => Counter::Step("change_order"),
        Event::ShipmentUnpacked { .. } => Counter::Step("pack_shipment"),
        Event::WaybillNoted { .. } => Counter::Step("note_waybill"),
        Event::DealerRevised { .. } => Counter::Step("revise_dealer"),
        Event::ObjectionLifted { .. } => Counter::Step("object_shipment"),
        Event::PromotionDrafted { .. } | Event::PromotionRevised { .. } => Counter::Step("revise_promotion"),
        Event::PromotionSubmitted { .. } => Counter::Step("reject_promotion"),
        Event::PromotionConfirmed { .. } => Counter::Step("end_promotion"),
        _ => Counter::None,
    }
}

/// The exact counter-command of what happened; `reason` where it wants one.
fn reversal(event: &Event) -> Option<Ask> {
    Some(match *event {
        Event::ShipmentPacked { order, part, .. } => Ask::with_reason(String::new(), vec![], move |reason| {
            Command::UnpackShipment(UnpackShipment { order, part, reason })
        }),
        Event::ShipmentObjected { order, part, .. } => Ask::with_reason(String::new(), vec![], move |reason| {
            Command::LiftObjection(LiftObjection { order, part, reason })
        }),
        Event::ShipmentUnpacked { order, part, waybill: None, .. } => {
            Ask::plain(String::new(), vec![], Command::PackShipment(PackShipment { order, part }))
        }
        _ => return None,
    })
}

/// What one step was.
enum What {
    /// The filter of a screen changed, from and to.
    Filter { place: Place, before: String, after: String },
    /// Something happened in the books.
    Deed { event: Box<Event>, words: String },
}

/// A screen: how many stand below it, and its name.
type Place = (usize, &'static str);

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Done,
    Undone,
    /// It is itself the undoing of another; redoing takes it back.
    Undoes,
    /// It was said that it cannot be undone.
    Stays,
}

struct Step {
    at: Moment,
    what: What,
    state: State,
}

/// The steps at this terminal since its person sat down, the latest last.
#[derive(Default)]
pub(super) struct Trail {
    steps: Vec<Step>,
    /// The step whose counter-command has been asked for, and how the step that it makes then stands.
    asked: Option<(usize, State)>,
}

impl Trail {
    fn push(&mut self, step: Step) {
        if self.steps.len() == KEPT {
            self.steps.remove(0);
            self.asked = self.asked.and_then(|(at, state)| Some((at.checked_sub(1)?, state)));
        }
        self.steps.push(step);
    }

    /// The filter of a screen is `now`. Typing on in it is one step; what had been undone cannot be redone any more.
    fn filtered(&mut self, at: Moment, place: Place, now: &str) {
        let current = self.filter_of(place);
        if current == now {
            return;
        }
        let elsewhere = |step: &Step| !matches!(step.what, What::Filter { place: known, .. } if known == place);
        self.steps.retain(|step| elsewhere(step) || step.state == State::Done);
        self.asked = None;
        match self.steps.iter_mut().rev().find(|step| !elsewhere(step)).map(|step| &mut step.what) {
            Some(What::Filter { after, .. }) if !after.is_empty() && !now.is_empty() => now.clone_into(after),
            _ => {
                let what = What::Filter { place, before: current, after: now.to_owned() };
                self.push(Step { at, what, state: State::Done });
            }
        }
    }

    /// What the filter of a screen is after all that was done and undone.
    fn filter_of(&self, place: Place) -> String {
        let mut current = None;
        for step in &self.steps {
            match &step.what {
                What::Filter { place: known, before, after } if *known == place => match step.state {
                    State::Done => current = Some(after),
                    _ => current = current.or(Some(before)),
                },
                _ => {}
            }
        }
        current.cloned().unwrap_or_default()
    }

    /// Something of the person's happened.
    fn happened(&mut self, at: Moment, event: Event, words: String) {
        let mut state = State::Done;
        if let Some((asked, then)) = self.asked.take()
            && let Some(step) = self.steps.get_mut(asked)
        {
            (step.state, state) = (State::Undone, then);
        }
        self.push(Step { at, what: What::Deed { event: Box::new(event), words }, state });
    }
}

impl App {
    /// The filter of the screen on top has changed.
    pub(super) fn note_filter(&mut self) {
        let place = self.place();
        let query = self.stage.top_ref().finding().map(|find| find.query().to_owned());
        if let Some(query) = query {
            self.trail.filtered(self.view.now, place, &query);
        }
    }

    /// What the person asked for has happened.
    pub(super) fn note_deed(&mut self, event: Event, words: String) {
        self.trail.happened(self.view.now, event, words);
    }

    fn place(&self) -> Place {
        (self.stage.stack.len(), self.stage.top_ref().name())
    }

    /// Ctrl+Z, or Ctrl+Y where `redo`: takes the latest step back that can be, and says what it is.
    pub(super) fn undo(&mut self, redo: bool, wishes: &mut Vec<Wish>) {
        let place = self.place();
        let wanted = |step: &Step| match &step.what {
            What::Filter { place: known, .. } if *known != place => false,
            What::Filter { .. } => step.state == if redo { State::Undone } else { State::Done },
            What::Deed { .. } => step.state == if redo { State::Undoes } else { State::Done },
        };
        let steps = &self.trail.steps;
        let is_filter = |step: &Step| matches!(step.what, What::Filter { .. });
        // Filters come again in the order in which they were set.
        let again = steps.iter().position(|step| is_filter(step) && wanted(step)).filter(|_| redo);
        let Some(at) = again.or_else(|| steps.iter().rposition(wanted)) else {
            return self.bell(if redo { "undo.nothing_again" } else { "undo.nothing" }, wishes);
        };
        let step = &mut self.trail.steps[at];
        match &step.what {
            What::Filter { before, after, .. } => {
                step.state = if redo { State::Done } else { State::Undone };
                let query = if redo { after.clone() } else { before.clone() };
                self.set_filter(&query);
            }
            What::Deed { event, words } => {
                let (words, counter) = (words.clone(), counter(event));
                match reversal(event) {
                    Some(ask) => self.ask_reversal(at, ask, &words, redo),
                    None => {
                        step.state = State::Stays;
                        let said = self.stays(&words, counter);
                        self.warn(said);
                        wishes.push(Wish::Bell);
                    }
                }
            }
        }
    }

    fn set_filter(&mut self, query: &str) {
        let Some(find) = self.stage.top().find() else { return };
        find.set(query);
        find.active = false;
        if let Body::Rows(rows) = self.stage.top().body() {
            rows.restart();
        }
        self.look_again();
        let key = if query.is_empty() { "undo.no_filter" } else { "undo.filter" };
        let words = self.view.words.say_with(key, &[("query", &query)]);
        self.messages.say(self.view.now, Weight::Said, words);
    }

    fn ask_reversal(&mut self, at: usize, ask: Ask, words: &str, redo: bool) {
        let command = match (ask.make)(&|_| String::new()) {
            Ok(command) => self.view.words.say(&format!("act.{}", command.name())).to_owned(),
            Err(_) => String::new(),
        };
        self.trail.asked = Some((at, if redo { State::Done } else { State::Undoes }));
        let lines = vec![self.view.words.say_with("undo.by", &[("what", &words), ("step", &command)])];
        let verb = self.view.words.say(if redo { "undo.again" } else { "undo.verb" }).to_owned();
        let ask = Ask { title: words.to_owned(), lines, ..ask };
        self.question(ask, &verb, Confirm::F8);
    }

    /// Why an act stays, and which step answers it.
    fn stays(&self, words: &str, counter: Counter) -> String {
        match counter {
            Counter::Step(command) => {
                let step = self.view.words.say(&format!("act.{command}")).to_owned();
                self.view.words.say_with("undo.step", &[("what", &words), ("step", &step)])
            }
            Counter::Exact | Counter::None => self.view.words.say_with("undo.stays", &[("what", &words)]),
        }
    }

    /// The list of the person's own acts, the latest first, each with what answers it.
    pub(super) fn past_deeds(&mut self) {
        let zone = self.known.settings.zone;
        let deed = |step: &Step| {
            let What::Deed { event, words } = &step.what else { return None };
            let remark = match (step.state, counter(event)) {
                (State::Undone, _) => self.view.words.say("undo.undone").to_owned(),
                (_, Counter::Exact) => self.view.words.say("undo.can").to_owned(),
                (_, counter) => self.stays("", counter),
            };
            Some(Line::plain(format!("{} {words}  {}", step.at.clock(zone), remark.trim())))
        };
        let mut lines: Vec<Line> = self.trail.steps.iter().rev().filter_map(deed).collect();
        if lines.is_empty() {
            lines.push(Line::plain(self.view.words.say("undo.nothing")));
        }
        let mut text = Scroll::new(lines);
        text.fit(74, usize::from(self.view.area.height.saturating_sub(6)));
        self.over = Some(Over::Text(self.view.words.say("undo.title").to_owned(), text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Moment = Moment::from_micros(0);
    const LIST: Place = (0, "queue");

    fn filters(trail: &Trail) -> Vec<(&str, &str)> {
        let each = trail.steps.iter().filter_map(|step| match &step.what {
            What::Filter { before, after, .. } => Some((before.as_str(), after.as_str())),
            What::Deed { .. } => None,
        });
        each.collect()
    }

    #[test]
    fn typing_on_is_one_step_and_clearing_is_another() {
        let mut trail = Trail::default();
        for query in ["c", "cd", "cdw", "", "xm"] {
            trail.filtered(AT, LIST, query);
        }
        assert_eq!(filters(&trail), [("", "cdw"), ("cdw", ""), ("", "xm")]);
        trail.filtered(AT, (1, "orders"), "x");
        assert_eq!(filters(&trail).len(), 4);
        trail.steps[2].state = State::Undone;
        assert_eq!(trail.filter_of(LIST), "");
        trail.filtered(AT, LIST, "sx");
        assert_eq!(filters(&trail)[2..], [("", "x"), ("", "sx")], "what was undone is forgotten");
    }

    #[test]
    fn what_undoes_a_deed_is_marked_and_the_deed_is_undone() {
        let (order, part) = ("XS2611000001".parse().unwrap(), 1);
        let packed = Event::ShipmentPacked { order, part, goods: vec![], from: vec![] };
        let unpacked = Event::ShipmentUnpacked { order, part, goods: vec![], waybill: None, reason: "x".into() };
        let mut trail = Trail::default();
        trail.happened(AT, packed.clone(), "packed".into());
        trail.asked = Some((0, State::Undoes));
        trail.happened(AT, unpacked.clone(), "unpacked".into());
        let states: Vec<State> = trail.steps.iter().map(|step| step.state).collect();
        assert_eq!(states, [State::Undone, State::Undoes]);
        assert!(reversal(&packed).is_some() && reversal(&unpacked).is_some());
    }

    #[test]
    fn an_exact_counter_has_a_command_and_nothing_else_has_one() {
        let (order, part) = ("XS2611000001".parse().unwrap(), 1);
        let void =
            Event::ShipmentUnpacked { order, part, goods: vec![], waybill: Some("SF1".into()), reason: "x".into() };
        assert_eq!((counter(&void), reversal(&void).is_some()), (Counter::Step("pack_shipment"), false));
        let objected = Event::ShipmentObjected { order, part, reason: "x".into() };
        assert_eq!((counter(&objected), reversal(&objected).is_some()), (Counter::Exact, true));
    }
}
