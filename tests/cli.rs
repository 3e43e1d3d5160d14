//! The command line: the verbs as the server carries them out, and the program itself.

#[path = "cli/charts.rs"]
mod charts;
#[path = "cli/counts.rs"]
mod counts;
#[path = "cli/export.rs"]
mod export;
#[path = "cli/guard.rs"]
mod guard;
#[path = "cli/kills.rs"]
mod kills;
#[path = "cli/mail.rs"]
mod mail;
#[path = "cli/program.rs"]
mod program;
#[path = "cli/show.rs"]
mod show;
#[path = "cli/verbs.rs"]
mod verbs;
