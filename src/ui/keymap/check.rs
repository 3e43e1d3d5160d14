//! What a keymap as a whole must hold: every act can be reached without a letter, has its words, and the bars fit.

use super::finding::{Finding, Place, Problem};
use super::{Binding, Context, Keymap, Kind};
use crate::ui::locale::Lang;
use crate::ui::part::bar;

/// The widest bar of function keys, in cells: that of the smallest usual terminal.
const BAR_CELLS: usize = 80;

/// Everything that is wrong with the keymap as a whole, screen by screen.
pub(super) fn check(keymap: &Keymap) -> Vec<Finding> {
    let mut findings = Vec::new();
    for context in &keymap.contexts {
        reachable(keymap, context, &mut findings);
        labelled(keymap, context, &mut findings);
        bars(keymap, context, &mut findings);
    }
    let mut once: Vec<Finding> = Vec::new();
    for finding in findings {
        if !once.contains(&finding) {
            once.push(finding);
        }
    }
    once
}

fn whole(keymap: &Keymap, context: &Context) -> Place {
    let own = keymap.layer(context.name).and_then(|layer| layer.bindings.first());
    let file = own.map_or_else(|| format!("keymaps/{}.toml", context.name), |bind| bind.place.file.clone());
    Place { file, line: 0 }
}

fn reachable(keymap: &Keymap, context: &Context, findings: &mut Vec<Finding>) {
    let entries = keymap.entries(context.name, &[]);
    for act in &context.acts {
        let (act, screen) = ((*act).to_owned(), context.name.to_owned());
        let Some(entry) = entries.iter().find(|entry| entry.binding.run == act) else {
            findings
                .push(Finding { place: whole(keymap, context), problem: Problem::Unbound { act, context: screen } });
            continue;
        };
        let safe = entry.binding.menu.is_some() || entry.chords.iter().any(|chord| chord.is_ime_safe());
        if !safe {
            let place = entry.binding.place.clone();
            findings.push(Finding { place, problem: Problem::NotImeSafe { act, context: screen } });
        }
    }
}

fn labelled(keymap: &Keymap, context: &Context, findings: &mut Vec<Finding>) {
    let unlabelled = |bind: &&Binding, lang| bind.label(lang).trim().is_empty();
    for lang in Lang::ALL {
        let bindings = keymap.bindings(context.name).into_iter();
        findings.extend(bindings.filter(|bind| unlabelled(bind, lang)).map(|bind| Finding {
            place: bind.place.clone(),
            problem: Problem::NoLabel { act: bind.run.clone(), lang },
        }));
    }
}

fn bars(keymap: &Keymap, context: &Context, findings: &mut Vec<Finding>) {
    for lang in Lang::ALL.into_iter().filter(|_| context.kind != Kind::Dialog) {
        let keys: Vec<(u8, &str)> =
            keymap.bar(context.name, &[], lang).into_iter().map(|(number, _, label)| (number, label)).collect();
        let cells = bar::cells(&keys);
        if cells > BAR_CELLS {
            let problem = Problem::BarTooWide { context: context.name.to_owned(), lang, cells };
            findings.push(Finding { place: whole(keymap, context), problem });
        }
    }
}
