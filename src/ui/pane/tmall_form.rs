//! An order of the Tmall shop's own retail customers (天猫订单): at retail, paid on the platform, perhaps led to by a referral
//! (M3.3).

use crate::domain::command::Command;
use crate::domain::goods::PriceOf;
use crate::domain::id::ReferralId;
use crate::domain::money::Money;
use crate::domain::order::ShipTo;
use crate::domain::taking::EnterTmallOrder;
use crate::domain::text::{Text, fold};
use crate::domain::time::{CHINA, Moment, Zone};
use crate::store::books::{Books, Fault, Referred};
use crate::ui::locale::Words;
use crate::ui::pane::filling::{Filling, Paper};
use crate::ui::pane::{Objection, Opening, Sight, order_form, order_gifts};
use crate::ui::part::field::Field;
use crate::ui::part::form::Form;
use crate::ui::part::input::Kind;

/// How many referrals can be chosen among.
const OFFERED: usize = 50;

/// A Tmall order.
pub type TmallForm = Filling<TmallPaper>;

/// What the form of a Tmall order is about.
pub struct TmallPaper {
    referral: Option<ReferralId>,
    zone: Option<Zone>,
    total: Money,
}

/// A Tmall order, perhaps one that a referral led to.
pub fn tmall_form(referral: Option<ReferralId>) -> TmallForm {
    let fields = vec![
        Field::line("number", "field.tmall_number", Kind::Code).needed(),
        Field::line("buyer", "field.buyer", Kind::Text).needed(),
        Field::line("paid_day", "field.paid_day", Kind::Day).needed(),
        Field::line("paid_time", "field.paid_time", Kind::Text).needed(),
        Field::line("to_name", "field.to_name", Kind::Text).needed(),
        Field::line("to_phone", "field.to_phone", Kind::Code).needed(),
        Field::line("to_address", "field.to_address", Kind::Text).needed(),
        Field::choice("referral", "field.referral", vec![(String::new(), "-".to_owned())]),
        Field::line("remark", "field.remark", Kind::Text),
    ];
    let grid = order_form::goods_grid();
    Filling::of(TmallPaper { referral, zone: None, total: Money::ZERO }, Form::new(fields, Some(grid)))
}

impl TmallPaper {
    /// The first look: now, and what is known of the customer who was referred.
    fn begin(&mut self, form: &mut Form, sight: &Sight<'_>) -> Result<(), Fault> {
        let zone = sight.settings.zone;
        self.zone = Some(zone);
        form.set("paid_day", &sight.now.day(zone).to_string());
        form.set("paid_time", sight.now.clock(zone).get(..5).unwrap_or_default());
        if let Some(referral) = self.referral.map_or(Ok(None), |id| sight.books.referral(id))? {
            form.set("referral", &referral.id.to_string());
            form.set("buyer", &referral.name);
            form.set("to_name", &referral.name);
            form.set("to_phone", &referral.contact);
            form.set("remark", &referral.remark);
        }
        Ok(())
    }

    fn paid_at(&self, form: &Form) -> Result<Moment, Objection> {
        let wrong = |field| move |_| -> Objection { (field, "input.not_a_time".to_owned()) };
        let day: crate::domain::time::Day = form.text("paid_day").parse().map_err(wrong("paid_day"))?;
        let minutes = clock(&fold(form.text("paid_time")))
            .ok_or(())
            .map_err(|()| -> Objection { ("paid_time", "input.not_a_time".to_owned()) })?;
        Ok(day.start(self.zone.unwrap_or(CHINA)).plus_seconds(i64::from(minutes) * 60))
    }
}

/// The minutes after midnight of `HH:MM`; seconds are passed over.
fn clock(text: &str) -> Option<u32> {
    let mut parts = text.split(':').map(str::trim);
    let (hours, minutes) = (parts.next()?.parse::<u32>().ok()?, parts.next()?.parse::<u32>().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

impl Paper for TmallPaper {
    fn title(&self, words: &Words) -> String {
        format!("{}  {}", words.say("act.enter_tmall_order"), words.say_with("tmall.total", &[("total", &self.total)]))
    }

    fn read(&mut self, form: &mut Form, sight: &Sight<'_>) -> Result<(), Fault> {
        let open = sight.books.open_referrals(OFFERED)?;
        let named = open.into_iter().map(|one| (Text::new(&one.id.to_string()), one.name)).collect();
        form.offer("referral", named);
        if self.zone.is_none() {
            self.begin(form, sight)?;
        }
        let day = sight.now.day(sight.settings.zone);
        self.total = Money::ZERO;
        let Some(grid) = &mut form.grid else { return Ok(()) };
        for line in &mut grid.lines {
            self.total += order_form::derive_line(sight, line, &PriceOf::Retail, day)?.0;
        }
        order_gifts::derive(sight, grid, None)?;
        Ok(())
    }

    fn command(&self, form: &Form) -> Result<Command, Objection> {
        let text = |name: &str| Text::new(form.text(name));
        let referral = Some(form.text("referral")).filter(|typed| !typed.is_empty()).map(str::parse).transpose();
        let (lines, promotions) = order_form::new_lines(form)?;
        Ok(Command::EnterTmallOrder(EnterTmallOrder {
            number: text("number"),
            buyer: text("buyer"),
            paid_at: self.paid_at(form)?,
            lines,
            to: ShipTo { name: text("to_name"), phone: text("to_phone"), address: text("to_address") },
            remark: text("remark"),
            promotions,
            referral: referral.map_err(|_| -> Objection { ("referral", "input.needed".to_owned()) })?,
        }))
    }

    fn again(&self) -> (Opening, u32) {
        (Opening::TmallForm(self.referral), 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_has_hours_and_minutes() {
        assert_eq!([clock("09:30"), clock("9:05:59"), clock("00:00")], [Some(570), Some(545), Some(0)]);
        assert_eq!([clock("24:00"), clock("12"), clock(""), clock("1:60")], [None; 4]);
    }
}
