//! A requisition to fill in (要货单): begun from the suggestion, each line with the figures that its quantity follows from.
//!
//! The window of sales, the days until goods come and the days of safety stock can be changed; the figures follow, and
//! whatever quantity was typed stays.

use crate::domain::command::Command;
use crate::domain::goods::Article;
use crate::domain::need::{Need, Window};
use crate::domain::quantity::Quantity;
use crate::domain::requisition::{NewAsked, SubmitRequisition};
use crate::domain::text::Text;
use crate::store::books::{Books, Counts, Fault, Purchases};
use crate::ui::locale::Words;
use crate::ui::pane::filling::{Filling, Paper};
use crate::ui::pane::{Objection, Opening, Sight};
use crate::ui::part::field::Field;
use crate::ui::part::form::Form;
use crate::ui::part::grid::{Column, Grid, Line as GridLine, Shown};
use crate::ui::part::input;
use crate::ui::text::Align;

/// A requisition as it is filled in.
#[derive(Default)]
pub struct RequisitionPaper {
    /// Whether the suggestion has been filled in.
    begun: bool,
    /// The window that the figures were worked out with, and what they are.
    window: Option<Window>,
    needs: Vec<(Article, Need)>,
}

/// The form.
pub fn requisition_form() -> Filling<RequisitionPaper> {
    let window = Window::default();
    let days = |name, label, days: u16| Field::line(name, label, input::Kind::Quantity).holding(&days.to_string());
    let fields = vec![
        Field::line("factory", "field.factory", input::Kind::Text).needed(),
        days("window", "field.window", window.days),
        days("lead", "field.lead", window.lead),
        days("safety", "field.safety", window.safety),
        Field::line("remark", "field.remark", input::Kind::Text),
    ];
    let column = |name, label, kind, cells, lookup| Column { name, label, kind, cells, begins: "", lookup };
    let shown = |label, cells| Shown { label, cells, align: Align::Right };
    let grid = Grid::new(
        vec![
            column("article", "field.article", input::Kind::Code, 10, true),
            column("quantity", "field.quantity", input::Kind::Quantity, 8, false),
        ],
        vec![
            Shown { label: "column.name", cells: 14, align: Align::Left },
            shown("column.to_ask", 7),
            shown("column.on_hand", 7),
            shown("column.awaited", 7),
            shown("column.ordered", 7),
            shown("column.daily", 7),
        ],
    );
    Filling::of(RequisitionPaper::default(), Form::new(fields, Some(grid)))
}

impl RequisitionPaper {
    fn work_out(&mut self, form: &Form, sight: &Sight<'_>) -> Result<(), Fault> {
        let days = |name: &str, otherwise: u16| form.text(name).parse().unwrap_or(otherwise);
        let usual = Window::default();
        let window = Window {
            days: days("window", usual.days).clamp(1, 366),
            lead: days("lead", usual.lead).min(366),
            safety: days("safety", usual.safety).min(366),
        };
        if self.window == Some(window) {
            return Ok(());
        }
        let today = sight.now.day(sight.settings.zone);
        let needs = sight.books.needs(sight.books.articles()?, today, window)?;
        // Whoever counts sees no figure of what they count, nor what follows from one.
        let blindness = sight.books.blindness(Some(sight.who.id))?;
        self.needs = needs.into_iter().filter(|(article, _)| !blindness.hides(article.id)).collect();
        self.window = Some(window);
        Ok(())
    }

    /// The lines of which something is suggested.
    fn begin(&mut self, form: &mut Form) {
        self.begun = true;
        let mut rows = Vec::new();
        for (article, need) in self.needs.iter().filter(|(_, need)| need.suggested().is_positive()) {
            rows.push(vec![article.card.code.to_string(), need.suggested().to_string().replace(',', "")]);
        }
        if let Some(grid) = &mut form.grid
            && !rows.is_empty()
            && grid.texts().is_empty()
        {
            grid.fill(&rows);
        }
    }

    fn derive(&self, line: &mut GridLine, sight: &Sight<'_>) -> Result<(), Fault> {
        line.shown = vec![String::new(); 6];
        let code = line.inputs[0].text().trim();
        if code.is_empty() {
            return Ok(());
        }
        let Some(article) = sight.books.article_by_code(code)? else {
            line.shown[0] = sight.words.say("order.no_article").to_owned();
            return Ok(());
        };
        line.shown[0] = format!("{} ({})", article.card.name, article.card.unit);
        if let Some((_, need)) = self.needs.iter().find(|(known, _)| known.id == article.id) {
            let figures = [need.suggested(), need.on_hand, need.awaited, need.ordered, need.daily()];
            line.shown.splice(1.., figures.map(|figure| figure.to_string()));
        }
        Ok(())
    }
}

impl Paper for RequisitionPaper {
    fn title(&self, words: &Words) -> String {
        words.say("act.submit_requisition").to_owned()
    }

    fn read(&mut self, form: &mut Form, sight: &Sight<'_>) -> Result<(), Fault> {
        self.work_out(form, sight)?;
        if !self.begun {
            self.begin(form);
        }
        for line in form.grid.iter_mut().flat_map(|grid| &mut grid.lines) {
            self.derive(line, sight)?;
        }
        Ok(())
    }

    fn command(&self, form: &Form) -> Result<Command, Objection> {
        let text = |name: &str| Text::new(form.text(name));
        let mut lines = Vec::new();
        for texts in form.grid.iter().flat_map(Grid::texts) {
            let [article, quantity] = &texts[..] else { continue };
            let quantity = quantity.parse::<Quantity>().map_err(|_| ("remark", "input.not_a_quantity".to_owned()))?;
            let need = self.needs.iter().find(|(known, _)| known.card.code.as_str() == article).map(|(_, need)| *need);
            lines.push(NewAsked { article: Text::new(article), quantity, unit: None, need });
        }
        Ok(Command::SubmitRequisition(SubmitRequisition { factory: text("factory"), lines, remark: text("remark") }))
    }

    fn again(&self) -> (Opening, u32) {
        (Opening::RequisitionForm, 0)
    }
}
