//! Help, in the person's language: the words of the locale files are put into the one definition of the command line.

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches};

use super::line::{EXAMPLES, Line};
use crate::client::Taste;
use crate::ui::locale::Words;

/// What the person asked for, as far as it must be known before the line can be read: the language of its own errors.
pub(super) fn taste(args: impl Iterator<Item = String>) -> Taste {
    let args: Vec<String> = args.collect();
    let after = args.iter().position(|arg| arg == "--lang").and_then(|at| args.get(at + 1)).cloned();
    let joined = args.iter().find_map(|arg| arg.strip_prefix("--lang=")).map(str::to_owned);
    Taste { lang: after.or(joined), ..Taste::default() }
}

/// Reads the line.
pub(super) fn parse(words: &Words, args: impl Iterator<Item = OsString>) -> Result<Line, clap::Error> {
    let matches = command(words).try_get_matches_from(args)?;
    Line::from_arg_matches(&matches)
}

/// The definition with its words.
pub(super) fn command(words: &Words) -> clap::Command {
    let command = Line::command();
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let mut command = worded(command, words, "");
    for name in names {
        command = command.mut_subcommand(&name, |sub| worded(sub, words, &name));
    }
    command
}

fn worded(command: clap::Command, words: &Words, name: &str) -> clap::Command {
    let key = if name.is_empty() { "cli.taizhang".to_owned() } else { format!("cli.{name}") };
    let arguments: Vec<String> = command.get_arguments().map(|arg| arg.get_id().to_string()).collect();
    let mut command = command
        .about(words.say(&key).to_owned())
        .long_about(None)
        .after_help(examples(words, name))
        .subcommand_help_heading(words.say("cli.subcommands").to_owned())
        .help_template(format!(
            "{{about-with-newline}}\n{}: {{usage}}\n\n{{all-args}}{{after-help}}",
            words.say("cli.usage")
        ));
    for id in arguments {
        let text = words.say(&format!("cli.arg.{id}")).to_owned();
        command = command.mut_arg(&id, |arg| {
            let heading = if arg.is_positional() { "cli.arguments" } else { "cli.options" };
            arg.help(text).long_help(None).help_heading(words.say(heading).to_owned())
        });
    }
    let options = words.say("cli.options").to_owned();
    let help = clap::Arg::new("help").short('h').long("help").action(clap::ArgAction::Help);
    let help = help.help(words.say("cli.arg.help").to_owned()).help_heading(options.clone());
    command = command.disable_help_flag(true).arg(help);
    if name.is_empty() {
        let version = clap::Arg::new("version").short('V').long("version").action(clap::ArgAction::Version);
        let version = version.help(words.say("cli.arg.version").to_owned()).help_heading(options);
        command = command.disable_version_flag(true).arg(version);
    }
    command
}

fn examples(words: &Words, name: &str) -> String {
    let lines = EXAMPLES.iter().find(|(of, _)| *of == name).map(|(_, lines)| *lines).unwrap_or_default();
    let heading = words.say("cli.examples");
    lines.iter().fold(format!("{heading}:"), |text, line| format!("{text}\n  {line}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::locale::Lang;

    #[test]
    fn every_subcommand_and_argument_has_its_words_and_its_examples() {
        for lang in Lang::ALL {
            let words = Words::load(lang);
            let command = command(&words);
            let all: Vec<&clap::Command> = std::iter::once(&command).chain(command.get_subcommands()).collect();
            for one in all {
                let name = if one.get_name() == "taizhang" { "" } else { one.get_name() };
                let key = if name.is_empty() { "cli.taizhang".to_owned() } else { format!("cli.{name}") };
                assert!(words.has(&key), "{key}");
                assert!(EXAMPLES.iter().any(|(of, lines)| *of == name && !lines.is_empty()), "{name} has no example");
                for arg in one.get_arguments() {
                    let key = format!("cli.arg.{}", arg.get_id());
                    assert!(words.has(&key), "{key}");
                }
            }
            command.clone().debug_assert();
        }
    }

    #[test]
    fn every_example_can_be_read() {
        let words = Words::load(Lang::En);
        for line in EXAMPLES.iter().flat_map(|(_, lines)| *lines) {
            let own = line.split(" | ").map(str::trim).find(|part| part.starts_with("taizhang")).unwrap();
            let typed = own.split(" > ").next().unwrap().replace("'cut by the publisher'", "reason");
            let parsed = parse(&words, typed.split_whitespace().map(OsString::from));
            assert!(parsed.is_ok(), "{line}: {}", parsed.unwrap_err());
        }
    }

    #[test]
    fn the_language_is_known_before_the_line_is_read() {
        let taste = |line: &str| super::taste(line.split(' ').map(str::to_owned)).lang;
        assert_eq!(taste("taizhang show orders --lang en").as_deref(), Some("en"));
        assert_eq!(taste("taizhang --lang=zh").as_deref(), Some("zh"));
        assert_eq!(taste("taizhang"), None);
    }
}
