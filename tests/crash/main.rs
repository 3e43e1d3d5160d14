//! What the store keeps when the power goes, when the disk fails, when somebody alters the file.

mod bases;
mod cuts;
mod disk;
mod errors;
mod folder;
mod retry;
mod rot;
mod script;
mod tamper;
mod warehouse;
mod witness;
