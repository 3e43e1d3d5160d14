//! Puts one more file on top of the keymap that is there.
//!
//! A file whose layer exists already changes it: an act that it binds gets its keys from this file only, and
//! a key that it binds is taken from the act that had it. Within one file, a key that is
//! bound twice stays with the first act.

use super::file::{self, Binding, File};
use super::finding::{Finding, Place, Problem};
use super::{Keymap, Kind, Layer, STEP};

/// Reads and adds the file called `name`.
pub(super) fn add(keymap: &mut Keymap, name: &str, text: &str, findings: &mut Vec<Finding>) {
    let Some(mut file) = file::read(name, text, findings) else { return };
    let is_overlay = !file.overlay_on.is_empty();
    let whole = |problem| Finding { place: Place { file: name.to_owned(), line: 0 }, problem };
    for context in file.overlay_on.iter().filter(|context| keymap.layer(context).is_none()) {
        findings.push(whole(Problem::UnknownContext { context: context.clone() }));
    }
    if !is_overlay && served(keymap, &file).is_empty() {
        findings.push(whole(Problem::UnknownContext { context: file.context.clone() }));
        return;
    }
    drop_unknown(keymap, &mut file, findings);
    drop_duplicates(&mut file, findings);
    if is_overlay {
        keymap.overlays.retain(|layer| layer.context != file.context);
        keymap.overlays.push(Layer::from(file));
        return;
    }
    match keymap.layers.iter_mut().find(|layer| layer.context == file.context) {
        Some(layer) => change(layer, file),
        None => keymap.layers.push(Layer::from(file)),
    }
}

impl From<File> for Layer {
    fn from(file: File) -> Layer {
        Layer { context: file.context, inherits: file.inherits, overlay_on: file.overlay_on, bindings: file.bindings }
    }
}

/// The screens that a file serves: its own, or for a layer that others inherit, those.
///
/// Layers are added parents first, so a parent that nobody inherits from yet serves every screen of the right kind.
fn served(keymap: &Keymap, file: &File) -> Vec<usize> {
    let contexts = keymap.contexts.iter().enumerate();
    let fits = |name: &str, kind: Kind| match file.context.as_str() {
        "global" => kind != Kind::Dialog,
        "browse" => kind == Kind::List,
        own if file.overlay_on.is_empty() => own == name,
        _ => {
            let under = |layer: &String| layer == name || keymap.chain(name).contains(&layer.as_str());
            file.overlay_on.iter().any(under)
        }
    };
    contexts.filter(|(_, context)| fits(context.name, context.kind)).map(|(at, _)| at).collect()
}

fn drop_unknown(keymap: &Keymap, file: &mut File, findings: &mut Vec<Finding>) {
    let screens = served(keymap, file);
    let known = |act: &str| act == STEP || screens.iter().any(|at| keymap.contexts[*at].acts.contains(&act));
    let form = screens.iter().any(|at| keymap.contexts[*at].kind == Kind::Form) && file.context != "global";
    file.bindings.retain(|bind| {
        let key = || bind.on.first().map_or_else(|| "menu".to_owned(), ToString::to_string);
        if !known(&bind.run) {
            let problem = Problem::UnknownAct { key: key(), act: bind.run.clone() };
            findings.push(Finding { place: bind.place.clone(), problem });
            return false;
        }
        if let Some(chord) = bind.on.iter().find(|chord| form && chord.is_printable()) {
            let problem = Problem::CharacterInForm { key: chord.to_string(), act: bind.run.clone() };
            findings.push(Finding { place: bind.place.clone(), problem });
            return false;
        }
        true
    });
}

fn drop_duplicates(file: &mut File, findings: &mut Vec<Finding>) {
    let mut kept: Vec<Binding> = Vec::new();
    for mut bind in file.bindings.drain(..) {
        bind.on.retain(|chord| match kept.iter().find(|other| other.on.contains(chord)) {
            Some(other) => {
                let (first, second) = (other.run.clone(), bind.run.clone());
                let problem = Problem::Duplicate { key: chord.to_string(), first, second };
                findings.push(Finding { place: bind.place.clone(), problem });
                false
            }
            None => true,
        });
        if let (Some(menu), Some(other)) =
            (bind.menu, kept.iter().find(|other| bind.menu.is_some() && other.menu == bind.menu))
        {
            let (first, second) = (other.run.clone(), bind.run.clone());
            findings.push(Finding { place: bind.place.clone(), problem: Problem::SameNumber { menu, first, second } });
            bind.menu = None;
        }
        if !bind.on.is_empty() || bind.menu.is_some() {
            kept.push(bind);
        }
    }
    file.bindings = kept;
}

/// The user's file over the layer as it was.
fn change(layer: &mut Layer, file: File) {
    layer.inherits = file.inherits.or(layer.inherits.take());
    let bound_anew = |act: &str| file.bindings.iter().any(|bind| bind.run == act);
    layer.bindings.retain(|old| !bound_anew(&old.run));
    for old in &mut layer.bindings {
        old.on.retain(|chord| !file.bindings.iter().any(|bind| bind.on.contains(chord)));
        old.menu = old.menu.filter(|menu| !file.bindings.iter().any(|bind| bind.menu == Some(*menu)));
    }
    layer.bindings.extend(file.bindings);
}
