//! Payments, conflicts and imports, as rows.

use super::print::Printer;
use super::rows::{ConflictRow, ImportRow, PaymentRow};
use super::{PAGE, Stop, View};
use crate::domain::id::FlowId;
use crate::domain::money::Money;
use crate::domain::payment::Posted;
use crate::store::books::Books;

pub(super) fn payments(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    if let Some(id) = view.filter.only.as_ref() {
        let posted = id.parse().ok().map_or(Ok(None), |id: FlowId| view.books.flow(id))?;
        return posted.map_or(Ok(()), |posted| out.row(&payment_row(view, posted)?).map(drop));
    }
    let dealer = match view.filter.dealer.as_ref() {
        Some(named) => match view.books.dealer_named(named)? {
            Some(dealer) => Some(dealer.id),
            None => return Ok(()),
        },
        None => None,
    };
    // What is open has an index of its own; everything else is looked at flow by flow.
    let open = view.filter.state.as_ref().is_some_and(|state| matches!(state.as_str(), "open" | "part"));
    let mut before = None;
    loop {
        let page = match dealer {
            None => view.books.flows(before, open, PAGE)?,
            Some(dealer) => {
                let ids = view.books.dealer_payments(dealer, before, PAGE)?;
                ids.into_iter().filter_map(|id| view.books.flow(id).transpose()).collect::<Result<_, _>>()?
            }
        };
        let Some(last) = page.last() else { return Ok(()) };
        before = Some(last.id);
        for posted in page {
            if !view.has_moment(posted.flow.time) {
                continue;
            }
            let row = payment_row(view, posted)?;
            if view.has_state(row.state) && !out.row(&row)? {
                return Ok(());
            }
        }
    }
}

fn payment_row(view: &View<'_>, posted: Posted) -> Result<PaymentRow, Stop> {
    let treatment = view.books.treatment(posted.id)?;
    let open = posted.open(treatment.as_ref());
    let state = match open {
        _ if !posted.flow.is_payment() => "kept",
        Money::ZERO => "done",
        some if some == posted.flow.amount => "open",
        _ => "part",
    };
    let dealer = treatment.as_ref().and_then(|treatment| treatment.dealer);
    let registered = treatment.as_ref().filter(|treatment| treatment.dealer.is_some()).map(|held| held.registered);
    let shares = treatment.iter().flat_map(|treatment| &treatment.allocations);
    let orders =
        shares.map(|(order, amount)| crate::domain::payment::Share { order: *order, amount: *amount }).collect();
    let (to_credit, returned, reason) = treatment
        .as_ref()
        .map_or_else(Default::default, |treatment| (treatment.to_credit, treatment.returned, treatment.why.clone()));
    let flow = posted.flow;
    Ok(PaymentRow {
        payment: posted.id,
        state,
        time: flow.time,
        account: view.names.account(posted.account),
        class: flow.class,
        direction: flow.direction,
        amount: flow.amount,
        fee: flow.fee,
        open,
        payer: flow.payer,
        payer_account: view.sight.account(&flow.payer_account),
        remark: flow.remark,
        number: flow.number,
        order_ref: flow.order_ref,
        kind: flow.kind,
        dealer,
        registered,
        orders,
        to_credit,
        returned,
        reason,
        import: posted.import,
    })
}

pub(super) fn conflicts(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    for (number, kept) in view.books.conflicts(usize::MAX)? {
        let state = if kept.settled.is_some() { "done" } else { "open" };
        if !view.has_state(state) || !view.is_wanted(&[&number.to_string()]) {
            continue;
        }
        let posted = view.books.flow(kept.conflict.posted)?;
        let (by, at, note) = match kept.settled {
            Some((by, at, note)) => (Some(view.names.person(by)?), Some(at), Some(note)),
            None => (None, None, None),
        };
        let flow = kept.conflict.flow;
        let row = ConflictRow {
            conflict: number,
            account: view.names.account(kept.account),
            import: kept.import,
            number: flow.number,
            payment: kept.conflict.posted,
            posted: posted.map(|posted| posted.flow.amount),
            stated: flow.amount,
            time: flow.time,
            payer: flow.payer,
            settled_by: by,
            settled_at: at,
            note,
        };
        if !out.row(&row)? {
            break;
        }
    }
    Ok(())
}

pub(super) fn imports(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    for import in view.books.imports(usize::MAX)? {
        if !view.has_moment(import.at) || !view.is_wanted(&[&import.id.0.to_string()]) {
            continue;
        }
        let (file, tally) = (import.file, import.tally);
        let row = ImportRow {
            import: import.id,
            at: import.at,
            by: view.names.person(import.by)?,
            file: file.name,
            format: file.format,
            account: view.names.account(import.account),
            rows: file.rows,
            new: tally.new,
            payments: tally.payments,
            amount: tally.amount,
            matched: tally.matched,
            known: tally.known,
            conflicts: tally.conflicts,
            totals: file.totals,
            accepted: import.accepted,
            sha256: file.sha256,
        };
        if !out.row(&row)? {
            break;
        }
    }
    Ok(())
}
