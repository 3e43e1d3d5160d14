//! The subcommands that the server carries out: arguments and input go up, output comes down.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Cursor, IsTerminal, Read, Write};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr, ttyname};
use serde::Serialize;
use zeroize::Zeroizing;

use super::line::{How, Narrowed, Printed, Who};
use super::marks::Marks;
use super::{DONE, Desk, NOT_RUN, Trouble};
use crate::client;
use crate::domain::text::Text;
use crate::ui::locale::Lang;
use crate::verbs::args;
use crate::verbs::show::What;
use crate::wire::Call;

type Input = Option<Box<dyn Read + Send>>;

/// Calls a verb with its arguments and input; its output is ours.
fn call(desk: &Desk, verb: &str, args: &impl Serialize, input: Input) -> Result<u8, Trouble> {
    call_into(desk, verb, args, input, &mut io::stdout().lock())
}

fn call_into(
    desk: &Desk,
    verb: &str,
    args: &impl Serialize,
    input: Input,
    out: &mut impl Write,
) -> Result<u8, Trouble> {
    let args = serde_json::to_value(args).expect("arguments are plain data");
    let call = Call { verb: verb.to_owned(), args };
    let mut marks = Marks::new();
    let status = client::call(&desk.place, &desk.launch, call, input, out, &mut marks);
    marks.finish();
    Ok(status?)
}

fn lang(desk: &Desk) -> String {
    match desk.words.lang() {
        Lang::Zh => "zh".to_owned(),
        Lang::En => "en".to_owned(),
    }
}

/// Who asks, and the input that begins with the passphrase, if there is one.
fn asking(who: &Who) -> Result<(args::Who, Option<Zeroizing<String>>), Trouble> {
    let proof = match (&who.passphrase_file, who.passphrase_stdin) {
        (Some(file), _) => Some(first_line(&mut BufReader::new(opened(file)?))?),
        (None, true) => Some(first_line(&mut io::stdin().lock())?),
        (None, false) => None,
    };
    let tty = ttyname(io::stderr().as_fd(), Vec::new()).ok();
    let tty = tty.and_then(|tty| tty.into_string().ok()).unwrap_or_default();
    Ok((args::Who { person: who.person.clone(), proof: proof.is_some(), tty }, proof))
}

pub(super) fn first_line(from: &mut impl BufRead) -> Result<Zeroizing<String>, Trouble> {
    let mut line = Zeroizing::new(String::new());
    from.read_line(&mut line)?;
    let kept = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(kept);
    Ok(line)
}

pub(super) fn opened(path: &Path) -> Result<File, Trouble> {
    File::open(path).map_err(|error| Trouble::File { path: path.display().to_string(), error })
}

/// The passphrase's line before the rest of the input.
fn after(proof: Option<Zeroizing<String>>, rest: Input) -> Input {
    let line = proof.map(|proof| Cursor::new(format!("{}\n", proof.as_str())));
    match (line, rest) {
        (None, rest) => rest,
        (Some(line), None) => Some(Box::new(line)),
        (Some(line), Some(rest)) => Some(Box::new(line.chain(rest))),
    }
}

/// `taizhang post`.
pub(super) fn post(desk: &Desk, file: Option<&Path>, who: &Who) -> Result<u8, Trouble> {
    let (who, proof) = asking(who)?;
    let lines: Input = match file {
        Some(file) if file != Path::new("-") => Some(Box::new(opened(file)?)),
        _ => Some(Box::new(io::stdin())),
    };
    call(desk, "post", &args::Post { who, lang: lang(desk) }, after(proof, lines))
}

/// `taizhang import`, file by file. The status is the worst of all.
pub(super) fn import(desk: &Desk, files: &[PathBuf], who: &Who, how: &How) -> Result<u8, Trouble> {
    let (who, proof) = asking(who)?;
    let mut worst = 0;
    for path in files {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let file = match opened(path) {
            Ok(file) => file,
            Err(trouble) => {
                writeln!(io::stderr(), "{}", trouble.say(&desk.words))?;
                worst = NOT_RUN;
                continue;
            }
        };
        let text = |text: &Option<String>| text.as_deref().map(Text::new);
        let args = args::Import {
            who: who.clone(),
            lang: lang(desk),
            name,
            account: text(&how.account),
            accept_totals: text(&how.accept_totals),
            dry_run: how.dry_run,
            json: how.json,
            progress: io::stderr().is_terminal(),
        };
        worst = worst.max(call(desk, "import", &args, after(proof.clone(), Some(Box::new(file))))?);
    }
    Ok(worst)
}

/// `taizhang show`.
pub(super) fn show(desk: &Desk, what: What, who: &Who, form: Printed, filter: &Narrowed) -> Result<u8, Trouble> {
    let (who, proof) = asking(who)?;
    let args = args::Show { who, lang: lang(desk), what, form: form.form(), filter: filter.filter() };
    call(desk, "show", &args, after(proof, None))
}

/// `taizhang export`. The file takes its name once it is whole.
pub(super) fn export(
    desk: &Desk,
    what: What,
    file: &Path,
    bom: bool,
    who: &Who,
    filter: &Narrowed,
) -> Result<u8, Trouble> {
    let ending = file.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let kinds = [args::FileKind::Xlsx, args::FileKind::Csv];
    let kind = kinds.into_iter().find(|kind| kind.ending() == ending);
    let shown = || vec![("file", file.display().to_string())];
    let kind = kind.ok_or_else(|| Trouble::Said("export.ending", shown()))?;
    let (who, proof) = asking(who)?;
    let args = args::Export { who, lang: lang(desk), what, kind, bom, filter: filter.filter() };
    let mut part = file.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let failed = |error| Trouble::File { path: part.display().to_string(), error };
    let mut out = BufWriter::new(File::create(&part).map_err(failed)?);
    let called = call_into(desk, "export", &args, after(proof, None), &mut out);
    let kept = match &called {
        Ok(DONE) => out.flush().and_then(|()| fs::rename(&part, file)),
        _ => fs::remove_file(&part),
    };
    let status = called?;
    kept.map_err(failed)?;
    Ok(status)
}

/// `taizhang journal`.
pub(super) fn journal(desk: &Desk, since: u64, follow: bool, who: &Who) -> Result<u8, Trouble> {
    let (who, proof) = asking(who)?;
    call(desk, "journal", &args::Journal { who, lang: lang(desk), since, follow }, after(proof, None))
}

/// `taizhang verify`.
pub(super) fn verify(desk: &Desk, who: &Who) -> Result<u8, Trouble> {
    keep(desk, "verify", None, who)
}

/// `taizhang backup`.
pub(super) fn backup(desk: &Desk, file: &Path, who: &Who) -> Result<u8, Trouble> {
    // The server lives in another folder than who asks it.
    let file = std::path::absolute(file)?;
    let text = file.to_str().ok_or(Trouble::Said("cli.path_not_text", Vec::new()))?;
    keep(desk, "backup", Some(text.to_owned()), who)
}

fn keep(desk: &Desk, verb: &str, file: Option<String>, who: &Who) -> Result<u8, Trouble> {
    let (who, proof) = asking(who)?;
    let args = args::Keep { who, lang: lang(desk), file, progress: io::stderr().is_terminal() };
    call(desk, verb, &args, after(proof, None))
}

/// `taizhang passphrase`: typed twice without being shown, or the next line of standard input.
pub(super) fn passphrase(desk: &Desk, person: &str, who: &Who) -> Result<u8, Trouble> {
    let (who, proof) = asking(who)?;
    let new = if io::stdin().is_terminal() {
        let first = typed(desk.words.say("cli.new_passphrase"))?;
        let again = typed(desk.words.say("cli.again"))?;
        if *first != *again {
            return Err(Trouble::Said("cli.not_the_same", Vec::new()));
        }
        first
    } else {
        first_line(&mut io::stdin().lock())?
    };
    let line = Cursor::new(format!("{}\n", new.as_str()));
    let args = args::Passphrase { who, lang: lang(desk), whose: person.to_owned() };
    call(desk, "passphrase", &args, after(proof, Some(Box::new(line))))
}

/// A line typed at the terminal without being shown.
pub(super) fn typed(prompt: &str) -> Result<Zeroizing<String>, Trouble> {
    let stdin = io::stdin();
    let shown = tcgetattr(stdin.as_fd()).map_err(io::Error::from)?;
    let mut hidden = shown.clone();
    hidden.local_modes.remove(LocalModes::ECHO);
    write!(io::stderr(), "{prompt}")?;
    tcsetattr(stdin.as_fd(), OptionalActions::Flush, &hidden).map_err(io::Error::from)?;
    let line = first_line(&mut stdin.lock());
    tcsetattr(stdin.as_fd(), OptionalActions::Now, &shown).map_err(io::Error::from)?;
    writeln!(io::stderr())?;
    line
}
