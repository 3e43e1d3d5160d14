//! What an article is suggested to be asked for, and from which figures: stock, what is on its way, orders and sales (M2.2).

use serde::{Deserialize, Serialize};

use super::goods::Pack;
use super::quantity::Quantity;

/// The figures that a quantity is suggested from, in base units: each is shown, and each can be changed before submitting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// Sound stock that is not packed (可用库存).
    pub on_hand: Quantity,
    /// Asked for before and not here yet (在途).
    pub awaited: Quantity,
    /// On orders that are not packed (未发订单).
    pub ordered: Quantity,
    /// Shipped within the window (窗口销量).
    pub sold: Quantity,
    /// Days of the window.
    pub window_days: u16,
    /// Days from asking to receiving (到货天数).
    pub lead_days: u16,
    /// What should always be there (安全库存).
    pub safety: Quantity,
    /// Base units in the pack that the factory ships (装箱数); zero where it ships single units.
    pub pack: Quantity,
}

/// The days that a suggestion is made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Days of sales that are looked at, up to yesterday.
    pub days: u16,
    /// Days from asking to receiving.
    pub lead: u16,
    /// Days of sales that should always be there.
    pub safety: u16,
}

impl Default for Window {
    fn default() -> Window {
        Window { days: 30, lead: 7, safety: 7 }
    }
}

/// What the books say of an article when a suggestion is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Sound stock that is not packed.
    pub on_hand: Quantity,
    /// Asked for before and not here yet.
    pub awaited: Quantity,
    /// On orders that are not packed.
    pub ordered: Quantity,
    /// Shipped within the window.
    pub sold: Quantity,
}

impl Need {
    /// The figures of an article within a window: safety stock is days of its average sales, and it comes in its largest
    /// pack.
    pub fn within(window: Window, figures: Figures, packs: &[Pack]) -> Need {
        let Figures { on_hand, awaited, ordered, sold } = figures;
        let pack = packs.iter().map(|pack| pack.holds).max().unwrap_or_default();
        let (window_days, lead_days) = (window.days, window.lead);
        let mut need = Need { on_hand, awaited, ordered, sold, window_days, lead_days, safety: Quantity::ZERO, pack };
        need.safety = need.daily().packs_of(Quantity::whole(window.safety.into())).unwrap_or_default();
        need
    }

    /// The average of a day's sales (日均销量), rounded up to a thousandth.
    pub fn daily(&self) -> Quantity {
        Quantity::thousandths(ceiling(self.sold.as_thousandths(), i64::from(self.window_days.max(1))))
    }

    /// What should be asked for: sales until it comes, orders and safety stock, less what is there and on its way,
    /// in whole packs.
    pub fn suggested(&self) -> Quantity {
        let coming = i128::from(self.sold.as_thousandths().max(0)) * i128::from(self.lead_days);
        let window = i128::from(self.window_days.max(1));
        let sales = i64::try_from((coming + window - 1) / window).unwrap_or(i64::MAX / 4);
        let wanted = sales
            .saturating_add((self.safety + self.ordered - self.on_hand - self.awaited).as_thousandths())
            .clamp(0, Quantity::LIMIT.as_thousandths());
        let pack = self.pack.as_thousandths();
        Quantity::thousandths(if pack > 0 { ceiling(wanted, pack) * pack } else { wanted })
    }
}

/// `of` divided by `by`, rounded up; nothing below zero.
fn ceiling(of: i64, by: i64) -> i64 {
    let of = of.max(0);
    of / by + i64::from(of % by != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::Text;

    fn need(figures: [i32; 5], window_days: u16, lead_days: u16, pack: i32) -> Need {
        let [on_hand, awaited, ordered, sold, safety] = figures.map(Quantity::whole);
        Need { on_hand, awaited, ordered, sold, window_days, lead_days, safety, pack: Quantity::whole(pack) }
    }

    #[test]
    fn a_suggestion_follows_from_its_figures() {
        let cases = [
            // on hand, awaited, ordered, sold, safety; window, lead, pack; suggested
            ([100, 0, 0, 300, 50], 30, 7, 0, 20),
            ([100, 0, 0, 300, 50], 30, 7, 20, 20),
            ([100, 0, 1, 300, 50], 30, 7, 20, 40),
            ([100, 30, 0, 300, 50], 30, 7, 20, 0),
            ([0, 0, 0, 0, 0], 30, 7, 20, 0),
            ([0, 0, 5, 0, 0], 0, 7, 0, 5),
        ];
        for (figures, window, lead, pack, wanted) in cases {
            let need = need(figures, window, lead, pack);
            assert_eq!(need.suggested(), Quantity::whole(wanted), "{need:?}");
        }
    }

    #[test]
    fn safety_is_days_of_sales_and_goods_come_in_the_largest_pack() {
        let pack = |holds| Pack { unit: "x".into(), holds: Quantity::whole(holds), barcode: Text::default() };
        let sold = Quantity::whole(60);
        let figures = Figures { on_hand: Quantity::ZERO, awaited: Quantity::ZERO, ordered: Quantity::ZERO, sold };
        let need = Need::within(Window::default(), figures, &[pack(24), pack(6)]);
        assert_eq!((need.safety, need.pack), (Quantity::whole(14), Quantity::whole(24)));
        assert_eq!(need.suggested(), Quantity::whole(48));
    }

    #[test]
    fn a_day_rounds_up_and_a_week_is_not_seven_rounded_days() {
        let need = need([0, 0, 0, 10, 0], 30, 3, 0);
        assert_eq!(need.daily(), Quantity::thousandths(334));
        assert_eq!(need.suggested(), Quantity::whole(1));
    }
}
