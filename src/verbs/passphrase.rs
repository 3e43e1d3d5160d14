//! `taizhang passphrase`: sets a person's passphrase, without a screen.
//!
//! A person sets their own; the owner of the store sets anybody's, for instance the administrator's first one. The
//! journal says that it changed and by whom; the hash never leaves the store.

use std::sync::mpsc::sync_channel;

use super::args::Passphrase;
use super::caller::{Caller, Lines};
use super::speaking::Speaking;
use super::{DONE, Office, REFUSED, Stop};
use crate::desk::thread::Job;
use crate::desk::{Answer, Envelope};
use crate::domain::command::Command;
use crate::domain::person::{PASSPHRASE_LEAST, is_typeable};
use crate::domain::text::Text;
use crate::server::login;
use crate::store::books::Books;
use crate::ui::locale::Words;

/// Sets the passphrase that the input's next line holds.
pub(super) fn set(office: &Office, args: &Passphrase, words: &Words, caller: &mut dyn Caller) -> Result<u8, Stop> {
    let mut lines = Lines::default();
    let speaking = Speaking::settle(office, &args.who, &mut lines, caller)?;
    let passphrase = lines.first(caller)?;
    if passphrase.chars().count() < PASSPHRASE_LEAST {
        return Err(Stop::Said("verb.passphrase_short", vec![("least", PASSPHRASE_LEAST.to_string())]));
    }
    if !is_typeable(&passphrase) {
        return Err(Stop::Said("verb.passphrase_ascii", Vec::new()));
    }
    let nobody = || Stop::Said("verb.nobody", vec![("code", Text::new(&args.whose).to_string())]);
    let person = office.desk.store().read()?.person_by_code(args.whose.trim())?.ok_or_else(nobody)?;
    let by = speaking.person.unwrap_or(person.id);
    if !speaking.may_be(by) {
        return Err(Stop::Said("verb.passphrase_wanted", Vec::new()));
    }
    let hash = {
        let _one_at_a_time = office.checking.lock();
        login::hash(&passphrase).map_err(|error| Stop::Failed(error.to_string()))?
    };
    let command = serde_json::json!({"do": "note_passphrase", "person": person.code});
    let command: Command = serde_json::from_value(command).expect("the command is of the schema");
    let envelope = Envelope { command, by, at: (office.clock)(), terminal: speaking.terminal.clone(), id: None };
    let (tell, answer) = sync_channel(1);
    let reply = Box::new(move |answer| drop(tell.send(answer)));
    office.inbox.hand_in(Job::Passphrase(Box::new(envelope), hash, reply));
    match answer.recv() {
        Ok(Answer::Accepted { .. }) => {
            office.credentials.forget_tries(&person.code);
            let line = words.say_with("verb.passphrase_set", &[("name", &person.name)]);
            caller.out(format!("{line}\n").as_bytes())?;
            Ok(DONE)
        }
        Ok(Answer::Refused(refusals)) => {
            caller.error(format!("{refusals}\n").as_bytes())?;
            Ok(REFUSED)
        }
        Ok(Answer::Failed(fault)) => Err(Stop::Failed(fault)),
        Err(_) => Err(Stop::Failed("the desk has stopped".into())),
    }
}
