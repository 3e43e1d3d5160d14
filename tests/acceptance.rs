//! What the workstation owes a person at a keyboard, tried on the program itself: the demo department, a real terminal.
//!
//! Each test is one check of the standard for keys and screens. A pseudo-terminal shows what the program writes; tmux
//! stands in between where the trap is tmux's own (its keypad, its escapes, its sizes). Without tmux these tests fail.

#[path = "acceptance/counting.rs"]
mod counting;
#[path = "acceptance/desk.rs"]
mod desk;
#[path = "acceptance/finding.rs"]
mod finding;
#[path = "acceptance/keypads.rs"]
mod keypads;
#[path = "acceptance/looks.rs"]
mod looks;
#[path = "terminals/opened.rs"]
mod opened;
#[path = "acceptance/plain.rs"]
mod plain;
#[path = "terminals/pty.rs"]
mod pty;
#[path = "acceptance/questions.rs"]
mod questions;
#[path = "acceptance/robustness.rs"]
mod robustness;
#[path = "acceptance/scanners.rs"]
mod scanners;
#[path = "acceptance/tmux.rs"]
mod tmux;
#[path = "acceptance/undo.rs"]
mod undo;
#[path = "acceptance/watch.rs"]
mod watch;

use std::time::Duration;

/// After so long something is broken, not slow.
const PATIENCE: Duration = Duration::from_secs(60);
