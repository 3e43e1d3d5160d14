use redb::{Database, ReadableDatabase, Value, backends::InMemoryBackend};

use super::*;
use crate::store::codec::Packed;
use crate::store::flows::{flow, page, page_after};
use crate::store::tables::{FLOWS, OPEN_FLOWS, create_all};

/// Flows that have nothing in common, with short and long texts and numbers of every length.
fn block(count: usize) -> FlowBlock {
    let flows = (0..count as i64).map(|nth| Flow {
        row: u32::MAX >> (nth % 32),
        number: format!("2026{nth:016}").into(),
        order_ref: if nth % 3 == 0 { "".into() } else { format!("T{nth}").into() },
        time: Moment::from_micros(i64::MAX >> (nth % 64)),
        direction: [Direction::In, Direction::Out, Direction::Neutral][nth as usize % 3],
        class: [FlowClass::Receipt, FlowClass::Refund, FlowClass::Other][nth as usize % 3],
        amount: Money::fen(1 << (nth % 48)),
        fee: Money::fen(-nth),
        payer: "长沙定王台".repeat(nth as usize % 70).into(),
        payer_account: format!("{nth}@example.com").into(),
        remark: "e\u{301}\u{202e}\n".repeat(nth as usize % 5).into(),
        kind: "转账".into(),
        state: format!("{nth}").repeat(nth as usize % 130).into(),
    });
    let matched = (0..count as u32).map(|nth| (nth % 2 == 0).then_some(DealerId(nth))).collect();
    FlowBlock { account: AccountId(7), import: ImportId(1 << 30), flows: flows.collect(), matched }
}

/// All flows of a block, unpacked as a whole.
fn whole(image: &Image<'_, FlowBlock>, first: u64) -> Result<Vec<Posted>, Fault> {
    let FlowBlock { account, import, flows, matched } = image.unpack()?;
    let posted = flows.into_iter().zip(matched).enumerate().map(|(at, (flow, matched))| Posted {
        id: FlowId(first + at as u64),
        account,
        import,
        flow,
        matched,
    });
    Ok(posted.collect())
}

fn picked(image: &Image<'_, FlowBlock>, first: u64) -> Result<Vec<Posted>, Fault> {
    let block = Picked::of(image)?;
    Ok((0..block.len()).map(|at| block.posted(first, at)).collect())
}

#[test]
fn a_flow_that_is_picked_is_the_one_that_the_whole_block_holds() {
    for count in [0, 1, 2, 127, BLOCK] {
        let image = Image::pack(&block(count));
        let all = whole(&image, 901).unwrap();
        assert_eq!(all.len(), count);
        assert_eq!(picked(&image, 901).unwrap(), all, "{count} flows");
    }
}

#[test]
fn what_is_refused_as_a_whole_is_refused_whichever_flow_is_wanted() {
    let sound = Image::pack(&block(3));
    let sound = Packed::<FlowBlock>::as_bytes(&sound).to_vec();
    let mut damaged: Vec<Vec<u8>> = (0..sound.len()).map(|end| sound[..end].to_vec()).collect();
    damaged.push([&sound[..], &[0]].concat());
    for at in 0..sound.len() {
        for byte in [0, 1, 0x7f, 0xc3, 0xff, sound[at] ^ 1] {
            let mut bytes = sound.clone();
            bytes[at] = byte;
            damaged.push(bytes);
        }
    }
    let mut refused = 0;
    for bytes in &damaged {
        let image = Packed::<FlowBlock>::from_bytes(bytes);
        let fits = |block: &FlowBlock| block.flows.len() == block.matched.len() && block.flows.len() <= BLOCK;
        match image.unpack().ok().filter(fits) {
            Some(_) => assert_eq!(picked(&image, 1).unwrap(), whole(&image, 1).unwrap(), "{bytes:?}"),
            None => {
                assert!(matches!(picked(&image, 1), Err(Fault::Unreadable { record: "flow_block/1" })), "{bytes:?}");
                refused += 1;
            }
        }
    }
    assert!(refused > sound.len() && refused < damaged.len(), "{refused} of {} are refused", damaged.len());
}

#[test]
fn more_flows_than_a_block_holds_and_flows_without_their_dealer_are_refused() {
    let mut short = block(5);
    short.matched.pop();
    for torn in [short, block(BLOCK + 1)] {
        assert!(matches!(Picked::of(&Image::pack(&torn)), Err(Fault::Unreadable { .. })));
    }
}

/// Three full blocks' room: a full one, one of a single flow, a full one, and in each a few that are open.
fn books() -> (Database, Vec<(Posted, bool)>) {
    let database = Database::builder().create_with_backend(InMemoryBackend::new()).unwrap();
    let tx = database.begin_write().unwrap();
    create_all(&tx).unwrap();
    let mut all = Vec::new();
    let mut first = 1;
    for (count, bits) in [(BLOCK, 1 | 1 << 5 | 1 << 127), (1, 1), (BLOCK, 1 << 1 | 1 << 126), (3, 0u128)] {
        let image = Image::pack(&block(count));
        let posted = whole(&image, first).unwrap();
        all.extend(posted.into_iter().enumerate().map(|(at, posted)| (posted, bits & (1 << at) != 0)));
        tx.open_table(FLOWS).unwrap().insert(first, image).unwrap();
        if bits != 0 {
            tx.open_table(OPEN_FLOWS).unwrap().insert(first, bits).unwrap();
        }
        first += count as u64;
    }
    tx.commit().unwrap();
    (database, all)
}

#[test]
fn pages_and_single_flows_are_those_of_the_whole_blocks() {
    let (database, all) = books();
    let books = database.begin_read().unwrap();
    let last = all.len() as u64;
    for id in 0..=last + 2 {
        let wanted = all.iter().map(|(posted, _)| posted).find(|posted| posted.id.0 == id);
        assert_eq!(flow(&books, FlowId(id)).unwrap().as_ref(), wanted);
    }
    let edges = [1, 2, 6, 7, 127, 128, 129, 130, 131, 132, 256, 257, 258, last, last + 1];
    for (open, limit) in [false, true].into_iter().flat_map(|open| [1, 2, 130, 1_000].map(|limit| (open, limit))) {
        let shown = || all.iter().filter(|(_, is_open)| *is_open || !open).map(|(posted, _)| posted);
        for edge in edges.map(Some).into_iter().chain([None]) {
            let id = edge.map(FlowId);
            let before: Vec<_> =
                shown().rev().filter(|posted| id.is_none_or(|id| posted.id < id)).take(limit).collect();
            assert!(page(&books, id, open, limit).unwrap().iter().eq(before), "{limit} before {edge:?}, open: {open}");
            let after: Vec<_> = shown().filter(|posted| id.is_none_or(|id| posted.id > id)).take(limit).collect();
            assert!(
                page_after(&books, id, open, limit).unwrap().iter().eq(after),
                "{limit} after {edge:?}, open: {open}"
            );
        }
    }
}
