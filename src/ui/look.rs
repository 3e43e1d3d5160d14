//! How things look: each tone of the interface has one style, and no colour is named anywhere else.
//!
//! Only the sixteen palette colours are used, in the pair blue and yellow that colour-blind readers
//! can tell apart. A tone never says anything alone: a state is a word, the chosen row has `>`
//! in front. The mono theme (and a terminal that honours NO_COLOR) keeps reverse and bold.

use ratatui::style::{Color, Modifier, Style};

/// What a piece of a screen is, as far as its look goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Ordinary text.
    #[default]
    Plain,
    /// A title or a column header.
    Title,
    /// Rules, unit names, what may be overlooked.
    Faint,
    /// The chosen row of the focused pane, the focused button.
    Chosen,
    /// The chosen row of a pane that is not focused.
    Held,
    /// The number of a key in the bar.
    Key,
    /// The words of a key in the bar.
    Label,
    /// The field that is being typed into.
    Field,
    /// A field that waits.
    Blank,
    /// Past the deadline, refused, missing.
    Late,
    /// Near the deadline, to be looked at.
    Soon,
    /// Done, agreed, signed.
    Done,
    /// The part of a text that the search found.
    Match,
    /// A message that asks to be read.
    Alert,
}

/// The set of styles of one terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Look {
    /// The sixteen palette colours.
    #[default]
    Colour,
    /// No colour at all.
    Mono,
}

impl Look {
    /// The look for a terminal: no colours where it has none, where NO_COLOR is set or where its theme is `mono`.
    pub fn for_terminal(has_colours: bool) -> Look {
        if has_colours { Look::Colour } else { Look::Mono }
    }

    /// The style of a tone.
    pub fn style(self, tone: Tone) -> Style {
        let style = shape(tone);
        match (self, colour(tone)) {
            (Look::Colour, Some(colour)) => style.fg(colour),
            _ => style,
        }
    }
}

fn shape(tone: Tone) -> Style {
    let plain = Style::new();
    match tone {
        Tone::Chosen | Tone::Alert | Tone::Label => plain.add_modifier(Modifier::REVERSED),
        Tone::Title | Tone::Key | Tone::Late => plain.add_modifier(Modifier::BOLD),
        Tone::Held | Tone::Field | Tone::Match => plain.add_modifier(Modifier::UNDERLINED),
        Tone::Plain | Tone::Faint | Tone::Blank | Tone::Soon | Tone::Done => plain,
    }
}

fn colour(tone: Tone) -> Option<Color> {
    match tone {
        Tone::Late | Tone::Soon | Tone::Match => Some(Color::Yellow),
        Tone::Done => Some(Color::LightBlue),
        Tone::Faint => Some(Color::Gray),
        Tone::Field => Some(Color::LightCyan),
        _ => None,
    }
}

/// The palette of sixteen.
const PALETTE: [Color; 16] = [
    Color::Black,
    Color::Red,
    Color::Green,
    Color::Yellow,
    Color::Blue,
    Color::Magenta,
    Color::Cyan,
    Color::Gray,
    Color::DarkGray,
    Color::LightRed,
    Color::LightGreen,
    Color::LightYellow,
    Color::LightBlue,
    Color::LightMagenta,
    Color::LightCyan,
    Color::White,
];

/// A colour's place in the palette; others are not used on any screen and show as the terminal's own.
pub fn place_of(colour: Color) -> Option<u8> {
    match colour {
        Color::Indexed(index) => (index < 16).then_some(index),
        named => PALETTE.iter().position(|known| *known == named).map(|at| at as u8),
    }
}

/// The colour at a place of the palette, or the terminal's own.
pub fn colour_at(place: Option<u8>) -> Color {
    place.and_then(|place| PALETTE.get(usize::from(place)).copied()).unwrap_or(Color::Reset)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TONES: [Tone; 14] = [
        Tone::Plain,
        Tone::Title,
        Tone::Faint,
        Tone::Chosen,
        Tone::Held,
        Tone::Key,
        Tone::Label,
        Tone::Field,
        Tone::Blank,
        Tone::Late,
        Tone::Soon,
        Tone::Done,
        Tone::Match,
        Tone::Alert,
    ];

    #[test]
    fn every_colour_of_the_palette_has_its_place() {
        for (place, colour) in (0..).zip(PALETTE) {
            assert_eq!((place_of(colour), colour_at(Some(place))), (Some(place), colour));
            assert_eq!(place_of(Color::Indexed(place)), Some(place));
        }
        for other in [Color::Reset, Color::Indexed(16), Color::Rgb(1, 2, 3)] {
            assert_eq!(place_of(other), None);
        }
        assert_eq!(colour_at(None), Color::Reset);
    }

    #[test]
    fn the_mono_look_has_no_colour_and_keeps_the_choice_visible() {
        assert!(TONES.iter().all(|tone| Look::Mono.style(*tone).fg.is_none() && Look::Mono.style(*tone).bg.is_none()));
        assert!(Look::Mono.style(Tone::Chosen).add_modifier.contains(Modifier::REVERSED));
    }

    #[test]
    fn only_palette_colours_and_no_red_or_green() {
        for style in TONES.map(|tone| Look::Colour.style(tone)) {
            let named = style.fg.is_none_or(|c| !matches!(c, Color::Rgb(..) | Color::Indexed(_)));
            let told_apart = !matches!(style.fg, Some(Color::Red | Color::Green | Color::LightRed | Color::LightGreen));
            assert!(named && told_apart && style.bg.is_none(), "{style:?}");
        }
    }
}
