//! What each key reaches on each screen, worked out once: it is asked at every key and for every frame's bar and hints.

use std::collections::BTreeMap;

use super::{Binding, Chord, Context, Keymap, Layer};

/// What the keys of one screen reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reach {
    context: &'static str,
    own: BTreeMap<Chord, Place>,
    /// By overlay, in their order.
    over: Vec<(usize, BTreeMap<Chord, Place>)>,
    /// The screen's bindings, nearest layer first, without those that a nearer layer binds anew.
    listed: Vec<Place>,
}

/// Where a binding lies: its layer, and its place in there.
type Place = (usize, usize);

impl Reach {
    /// The reach of every screen.
    pub fn of_all(keymap: &Keymap) -> Vec<Reach> {
        keymap.contexts.iter().map(|context| Reach::of(keymap, context)).collect()
    }

    fn of(keymap: &Keymap, context: &Context) -> Reach {
        let chain = keymap.chain(context.name);
        let can = |bind: &Binding| keymap.can(context.name, &bind.run);
        let (mut own, mut listed) = (BTreeMap::new(), Vec::new());
        for at in chain.iter().filter_map(|name| keymap.layers.iter().position(|layer| layer.context == *name)) {
            let found = bound(&keymap.layers[at], at, can);
            let near: Vec<&str> = listed.iter().map(|place| keymap.layers.at(*place).run.as_str()).collect();
            let fresh = found.iter().filter(|(bind, _)| !near.contains(&bind.run.as_str()));
            let fresh: Vec<Place> = fresh.map(|(_, place)| *place).collect();
            listed.extend(fresh);
            reach_by(&mut own, &found);
        }
        let here = |layer: &Layer| layer.overlay_on.iter().any(|name| chain.contains(&name.as_str()));
        let overlays = keymap.overlays.iter().enumerate().filter(|(_, layer)| here(layer));
        let over = overlays.map(|(at, layer)| {
            let mut reached = BTreeMap::new();
            reach_by(&mut reached, &bound(layer, at, can));
            (at, reached)
        });
        Reach { context: context.name, own, over: over.collect(), listed }
    }
}

/// The bindings of a layer that the screen can carry out.
fn bound(layer: &Layer, at: usize, can: impl Fn(&Binding) -> bool) -> Vec<(&Binding, Place)> {
    let each = layer.bindings.iter().enumerate().filter(|(_, bind)| can(bind));
    each.map(|(place, bind)| (bind, (at, place))).collect()
}

/// Adds their chords, as far as nothing nearer has them.
fn reach_by(reached: &mut BTreeMap<Chord, Place>, found: &[(&Binding, Place)]) {
    for (bind, place) in found {
        for chord in &bind.on {
            reached.entry(*chord).or_insert(*place);
        }
    }
}

/// Bindings by their place.
trait At {
    fn at(&self, place: Place) -> &Binding;
}

impl At for Vec<Layer> {
    fn at(&self, (layer, binding): Place) -> &Binding {
        &self[layer].bindings[binding]
    }
}

impl Keymap {
    fn reach(&self, context: &str) -> Option<&Reach> {
        self.reach.iter().find(|reach| reach.context == context)
    }

    /// The binding that a chord reaches, from the overlays that are on to the farthest layer.
    pub(super) fn reached(&self, context: &str, overlays: &[String], chord: Chord) -> Option<&Binding> {
        let reach = self.reach(context)?;
        let on = reach.over.iter().filter(|(at, _)| overlays.contains(&self.overlays[*at].context));
        let over = on.filter_map(|(_, reached)| reached.get(&chord)).next();
        let own = || reach.own.get(&chord).map(|place| self.layers.at(*place));
        over.map(|place| self.overlays.at(*place)).or_else(own)
    }

    /// The bindings of a screen's layers that it can carry out, without those that a nearer layer binds anew.
    pub(super) fn bindings(&self, context: &str) -> Vec<&Binding> {
        let listed = self.reach(context).map_or(&[][..], |reach| &reach.listed);
        listed.iter().map(|place| self.layers.at(*place)).collect()
    }
}
