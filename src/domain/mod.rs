//! The regulations as a program. Pure: no clock, no files, no store, no screen.
//!
//! Each subject has one file: its record, its commands with the facts they may look at, what they
//! decide, and what an event does to the record. A rule lives in one place, names its clause
//! ([`clause::Clause`]) and refuses with the clause, the figures and what would let it pass.

/// Describes a scalar that is written as text in JSON.
macro_rules! text_schema {
    ($name:ty, $words:literal, $pattern:literal) => {
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                if $pattern.is_empty() {
                    schemars::json_schema!({ "type": "string", "description": $words })
                } else {
                    schemars::json_schema!({ "type": "string", "description": $words, "pattern": $pattern })
                }
            }
        }
    };
}
pub(crate) use text_schema;

pub mod flow;
pub mod id;
pub mod money;
pub mod quantity;
pub mod role;
pub mod text;
pub mod time;
