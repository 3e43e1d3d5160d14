//! Statements: every sample file beside what must be read from it, every situation that a real file can
//! bring, every limit from both sides, and tens of thousands of damaged files.

#[path = "statements/golden.rs"]
mod golden;
#[path = "statements/limits.rs"]
mod limits;
#[path = "statements/mutants.rs"]
mod mutants;
#[path = "statements/samples.rs"]
mod samples;
#[path = "statements/situations.rs"]
mod situations;
