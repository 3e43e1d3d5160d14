//! A dealer's file to fill in: every field of M1.1a, as many accounts as there are. What is missing may be missing: the
//! file is kept, and its dealer's shipments wait.

use ratatui::layout::{Position, Rect};

use crate::domain::command::Command;
use crate::domain::dealer::{DealerFile, DealerKind, PayAccount};
use crate::domain::filing::{FileDealer, ReviseDealer};
use crate::domain::flow::Channel;
use crate::domain::id::DealerId;
use crate::domain::text::Text;
use crate::store::books::{Books, Fault};
use crate::ui::Pen;
use crate::ui::canvas::Canvas;
use crate::ui::face::Focus;
use crate::ui::keymap::Kind;
use crate::ui::locale::Words;
use crate::ui::pane::{Act, Body, Commit, Half, Objection, Opening, Screen, Sight, unread};
use crate::ui::part::field::Field;
use crate::ui::part::form::Form;
use crate::ui::part::grid::{Column, Grid, Shown};
use crate::ui::part::input;
use crate::ui::text::Align;

/// The channels by the number that is typed.
const CHANNELS: [(&str, Channel, &str); 3] = [
    ("1", Channel::Alipay, "channel.alipay"),
    ("2", Channel::Wechat, "channel.wechat"),
    ("3", Channel::Bank, "channel.bank"),
];
/// The kinds of dealers, with their names in data.
const KINDS: [(&str, DealerKind); 4] = [
    ("tmall", DealerKind::Tmall),
    ("weidian", DealerKind::Weidian),
    ("wechat", DealerKind::Wechat),
    ("offline_online", DealerKind::OfflineOnline),
];

/// A dealer's file.
pub struct DealerForm {
    dealer: Option<DealerId>,
    /// The version that is being revised; none until it was read.
    version: Option<u32>,
    form: Form,
}

impl DealerForm {
    /// A new file, or one to revise.
    pub fn of(dealer: Option<DealerId>) -> DealerForm {
        DealerForm { dealer, version: None, form: empty_form() }
    }

    /// The lists that the department keeps, and on the first look the file as it stands.
    fn prepare(&mut self, sight: &Sight<'_>) -> Result<(), Fault> {
        let tiers = sight.books.tiers()?.into_iter().map(|tier| (tier.code, tier.name));
        self.form.offer("tier", tiers.collect());
        let levels = sight.books.levels()?.into_iter().map(|level| (level.code, level.name));
        self.form.offer("free_shipping", levels.collect());
        if let (Some(id), None) = (self.dealer, self.version)
            && let Some(dealer) = sight.books.dealer(id)?
        {
            self.version = Some(dealer.version);
            self.take_up(&dealer.file);
        }
        if let Some(grid) = &mut self.form.grid {
            for line in &mut grid.lines {
                let typed = line.inputs[1].text();
                let known = CHANNELS.iter().find(|(number, ..)| *number == typed);
                line.shown = vec![known.map_or_else(String::new, |(_, _, key)| sight.words.say(key).to_owned())];
            }
        }
        Ok(())
    }

    fn take_up(&mut self, file: &DealerFile) {
        let kind = KINDS.iter().find(|(_, kind)| *kind == file.kind).map_or("", |(key, _)| key);
        let channels: Vec<&str> = file.channels.iter().map(Text::as_str).collect();
        let pays_by =
            CHANNELS.iter().find(|(_, channel, _)| Some(*channel) == file.pays_by).map_or("", |(number, ..)| number);
        let texts = [
            ("kind", kind.to_owned()),
            ("name", file.name.to_string()),
            ("since", file.since.map_or_else(String::new, |day| day.to_string())),
            ("channels", channels.join(", ")),
            ("contact", file.contact.to_string()),
            ("phone", file.phone.to_string()),
            ("address", file.address.to_string()),
            ("pays_by", pays_by.to_owned()),
            ("tier", file.tier.to_string()),
            ("free_shipping", file.free_shipping.to_string()),
            ("remark", file.remark.to_string()),
        ];
        texts.iter().for_each(|(name, text)| self.form.set(name, text));
        let number =
            |channel| CHANNELS.iter().find(|(_, known, _)| *known == channel).map_or("", |(number, ..)| number);
        let row = |account: &PayAccount| {
            vec![account.number.to_string(), number(account.channel).to_owned(), account.holder.to_string()]
        };
        let rows: Vec<Vec<String>> = file.accounts.iter().map(row).collect();
        if let Some(grid) = &mut self.form.grid {
            grid.fill(&rows);
        }
    }

    fn file(&self) -> Result<DealerFile, Objection> {
        let text = |name: &str| Text::new(self.form.text(name));
        let kind = KINDS.iter().find(|(key, _)| *key == self.form.text("kind")).map(|(_, kind)| *kind);
        let since = Some(self.form.text("since")).filter(|day| !day.is_empty()).map(str::parse).transpose();
        let channels = self.form.text("channels").split([',', ';', '/', '，', '；', '、']).map(Text::new);
        let mut accounts = Vec::new();
        for row in self.form.grid.iter().flat_map(Grid::texts) {
            let [number, channel, holder] = &row[..] else { continue };
            let known = CHANNELS.iter().find(|(digit, ..)| digit == channel);
            let (_, channel, _) = known.ok_or_else(|| ("remark", "dealer.which_channel".to_owned()))?;
            accounts.push(PayAccount { channel: *channel, number: Text::new(number), holder: Text::new(holder) });
        }
        Ok(DealerFile {
            kind: kind.ok_or_else(|| ("kind", "input.needed".to_owned()))?,
            name: text("name"),
            since: since.map_err(|_| ("since", "input.not_a_day".to_owned()))?,
            channels: channels.filter(|channel| !channel.is_empty()).collect(),
            contact: text("contact"),
            phone: text("phone"),
            address: text("address"),
            pays_by: CHANNELS
                .iter()
                .find(|(digit, ..)| *digit == self.form.text("pays_by"))
                .map(|(_, channel, _)| *channel),
            accounts,
            tier: text("tier"),
            free_shipping: text("free_shipping"),
            remark: text("remark"),
        })
    }
}

fn empty_form() -> Form {
    let kinds = KINDS.iter().map(|(key, _)| ((*key).to_owned(), format!("dealer_kind.{key}"))).collect();
    let none = [(String::new(), "-".to_owned())];
    let channels = CHANNELS.iter().map(|(number, _, key)| ((*number).to_owned(), (*key).to_owned()));
    let fields = vec![
        Field::line("name", "field.name", input::Kind::Text).needed(),
        Field::choice("kind", "field.kind", kinds),
        Field::line("since", "field.since", input::Kind::Day),
        Field::line("channels", "field.channels", input::Kind::Text),
        Field::line("contact", "field.contact", input::Kind::Text),
        Field::line("phone", "field.phone", input::Kind::Code),
        Field::line("address", "field.address", input::Kind::Text),
        Field::choice("pays_by", "field.pays_by", none.iter().cloned().chain(channels).collect()),
        Field::choice("tier", "field.tier", none.to_vec()),
        Field::choice("free_shipping", "field.free_shipping", none.to_vec()),
        Field::line("remark", "field.remark", input::Kind::Text),
    ];
    let column = |name, label, kind, cells, begins| Column { name, label, kind, cells, begins, lookup: false };
    let grid = Grid::new(
        vec![
            column("number", "field.account", input::Kind::Code, 28, ""),
            column("channel", "field.channel_number", input::Kind::Code, 10, "1"),
            column("holder", "field.holder", input::Kind::Text, 16, ""),
        ],
        vec![Shown { label: "field.channel", cells: 10, align: Align::Left }],
    );
    Form::new(fields, Some(grid))
}

impl Screen for DealerForm {
    const NAME: &'static str = "form";
    const KIND: Kind = Kind::Form;
    const ACTS: &'static [Act<Self>] = &[];

    fn title(&self, words: &Words) -> String {
        match self.dealer {
            Some(dealer) => format!("{} {dealer}", words.say("act.revise_dealer")),
            None => words.say("act.file_dealer").to_owned(),
        }
    }

    fn refresh(&mut self, sight: &Sight<'_>) -> Result<(), Text> {
        self.prepare(sight).map_err(unread)
    }

    fn render(&self, area: Rect, buf: &mut Canvas, pen: Pen<'_>, _focused: bool) -> Option<Position> {
        self.form.render(area, buf, pen)
    }

    fn body(&mut self) -> Body<'_> {
        Body::Form(&mut self.form)
    }

    fn focus(&self) -> Focus {
        self.form.focus()
    }

    fn half(&self) -> Option<Half<'_>> {
        let opening = Opening::DealerForm(self.dealer);
        Some(Half { opening, form: Some(&self.form), seen: self.version.unwrap_or_default() })
    }

    fn see(&mut self, version: u32) {
        if self.version.is_some() {
            self.version = Some(version);
        }
    }

    fn commit(&self) -> Result<Commit, Objection> {
        let file = self.file()?;
        let command = match (self.dealer, self.version) {
            (Some(dealer), Some(version)) => Command::ReviseDealer(ReviseDealer { dealer, version, file }),
            _ => Command::FileDealer(FileDealer { file }),
        };
        Ok(Commit::Command(Box::new(command)))
    }
}
